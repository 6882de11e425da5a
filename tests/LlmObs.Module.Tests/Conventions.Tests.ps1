BeforeDiscovery {
    Import-Module $env:LLMOBS_TEST_MANIFEST
    . $PSScriptRoot/Support/Conventions.ps1
    $allRuns = @($cmdlets | ForEach-Object { @{ name = $_.Name; run = $runs[$_.Name] } })
    $writerRuns = @($writers | ForEach-Object { @{ name = $_.Name; run = $runs[$_.Name] } })
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/Conventions.ps1
    if (-not ('LlmObs.Testing.AnsweringHost' -as [type])) {
        Add-Type -Path (Join-Path $PSScriptRoot 'Support/AnsweringHost.cs')
    }

    function Get-OwnParameter($command) { $command.Parameters.Values | Where-Object { $_.Name -notin $common } }

    # Everything that a run could have changed: all data, every profile, every emulator. Invoke-LlmObsExperiment reads the records that it
    # would run: for it, requests alone are no change.
    function Get-State([string] $name) {
        @(
            Get-LlmObsConfig | ForEach-Object { "$($_.ProfileName) $($_.Site) $($_.BaseUri)" }
            Get-LlmObsEmulator | ForEach-Object { "$($_.Port) $($_.ExperimentCount) $($_.SpanCount) $($_.MetricCount) $(if ($name -ne 'Invoke-LlmObsExperiment') { $_.RequestCount })" }
        ) -join "`n"
    }

    # A spool with the one request that a service could not take.
    function New-Spool($experiment) {
        $folder = Join-Path $TestDrive spool
        Remove-Item $folder -Recurse -Force -ErrorAction Ignore
        Start-LlmObsEmulator -ProfileName down -Fault @{ Status = 503; On = 'events' }
        Set-LlmObsConfig down -MaxRetryCount 0
        New-LlmObsSpan kept | Send-LlmObsEvent -Experiment $experiment -ProfileName down -SpoolPath $folder -ErrorAction Ignore | Out-Null
    }

    # A run whose only row failed, and its result file.
    function New-TestRun($dataset, $file) { $dataset | Invoke-LlmObsExperiment first -Task { throw 'busy' } -ResultPath $file -ErrorAction Ignore }

    # Runs a line of the table in a session of its own, whose user answers as given.
    function Invoke-Run([scriptblock] $run, [hashtable] $more = @{}, [string[]] $answer = @(), $confirmPreference = 'High') {
        $terminal = [LlmObs.Testing.AnsweringHost]::new($answer)
        $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
        $runspace = [runspacefactory]::CreateRunspace($terminal, $state)
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        try {
            [void]$shell.AddScript('param($module, $run, $experiment, $dataset, $record, $folder, $more, $confirm) Import-Module $module; $ConfirmPreference = $confirm; . ([scriptblock]::Create($run))')
            $output = $shell.AddArgument($env:LLMOBS_TEST_MANIFEST).AddArgument("$run").AddArgument($experiment).AddArgument($dataset).AddArgument($record).AddArgument("$TestDrive").AddArgument($more).AddArgument($confirmPreference).Invoke()
            [pscustomobject]@{ Output = $output; Errors = $shell.Streams.Error; Asked = $terminal.Asked; Shown = $terminal.Shown }
        } finally {
            $shell.Dispose()
            $runspace.Dispose()
        }
    }

    # A dataset of the running emulator, with a record.
    function New-TestDataset {
        $made = New-LlmObsProject p | New-LlmObsDataset d
        [void](@{ input = 'a' } | Add-LlmObsDatasetRecord -Dataset $made)
        $made
    }

    # By default, PowerShell asks before actions that can't be undone, and before no others.
    function Get-Preference($name) {
        $facts = (Get-Command $name).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)
        $facts.ConfirmImpact -eq 'High' ? 'None' : 'High'
    }

    function Assert-Listed($name, $run) {
        $run | Should -Not -BeNullOrEmpty -Because "Support/Conventions.ps1 must have a run of $name"
    }
}

Describe 'The names' {
    It 'of cmdlets are an approved verb and a singular noun' {
        $cmdlets.Count | Should -BeGreaterThan 10
        foreach ($command in $cmdlets) {
            $command.Verb | Should -BeIn (Get-Verb).Verb -Because $command.Name
            $command.Noun | Should -MatchExactly '^LlmObs([A-Z][a-z]+)+$' -Because $command.Name
            $command.Noun | Should -Not -Match '([^su]|ie)s$' -Because "$($command.Name) has one of them, or many"
        }
    }

    It 'of parameters are in Pascal case and singular' {
        foreach ($command in $cmdlets) {
            foreach ($parameter in Get-OwnParameter $command) {
                $parameter.Name | Should -MatchExactly '^[A-Z][A-Za-z0-9]+$' -Because "$($command.Name) -$($parameter.Name)"
                $parameter.Name | Should -Not -Match '([^su])s$(?<!Bytes|As|Alias|Contains)' -Because "$($command.Name) -$($parameter.Name) has one of them, or many"
            }
        }
    }

    It 'of parameters are those that other cmdlets have' {
        $usual = @{
            File = 'Path'; FileName = 'Path'; FilePath = 'Path'; Folder = 'Path'; Directory = 'Path'; InputFile = 'Path'
            Timeout = 'TimeoutSec'; TimeoutSeconds = 'TimeoutSec'; Concurrency = 'ThrottleLimit'; Parallelism = 'ThrottleLimit'
            Retries = 'MaxRetryCount'; Url = 'Uri'; BaseUrl = 'BaseUri'; Profile = 'ProfileName'; Separator = 'Delimiter'; Return = 'PassThru'
            Overwrite = 'Force'; Input_Object = 'InputObject'; DryRun = 'WhatIf'; Start = 'From'; End = 'To'; Max = 'Limit'; Count = 'Limit'
        }
        foreach ($command in $cmdlets) {
            foreach ($parameter in Get-OwnParameter $command) {
                $usual[$parameter.Name] | Should -BeNullOrEmpty -Because "$($command.Name) -$($parameter.Name) is usually called -$($usual[$parameter.Name])"
            }
        }
    }

    It 'of lists mean something by $null, or refuse it by PowerShell''s own words, so that no variable that was never set gets further' {
        $nulls = [System.Reflection.NullabilityInfoContext]::new()
        foreach ($command in $cmdlets) {
            foreach ($parameter in Get-OwnParameter $command | Where-Object { $_.ParameterType.IsArray }) {
                $isRequired = @($parameter.ParameterSets.Values | Where-Object { -not $_.IsMandatory }).Count -eq 0
                $isChecked = @($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ValidateArgumentsAttribute] }).Count -gt 0
                $takesNull = $nulls.Create($command.ImplementingType.GetProperty($parameter.Name)).WriteState -eq 'Nullable'
                $isRequired -or $isChecked -or $takesNull | Should -BeTrue -Because "$($command.Name) -$($parameter.Name)"
            }
        }
        { 1 | Invoke-LlmObsExperiment n -Task { 1 } -Evaluator $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'of switches are not given a value by position or pipeline, and none is on by default' {
        foreach ($command in $cmdlets) {
            foreach ($parameter in Get-OwnParameter $command | Where-Object SwitchParameter) {
                foreach ($set in $parameter.ParameterSets.Values) {
                    $set.Position | Should -Be ([int]::MinValue) -Because "$($command.Name) -$($parameter.Name)"
                    $set.IsMandatory -and $parameter.ParameterSets.Count -gt 1 | Should -BeFalse -Because "$($command.Name) -$($parameter.Name)"
                }
                # -NoClobber is PowerShell's own, of everything that writes files.
                $parameter.Name | Should -Not -Match '^(No(?!Clobber$)|Not|Dont)[A-Z]' -Because 'a switch says what it does'
            }
        }
    }
}

Describe 'Positions' {
    It 'are given to what a command can not do without, and have no gaps' {
        foreach ($command in $cmdlets) {
            foreach ($set in $command.ParameterSets) {
                $own = @($set.Parameters | Where-Object Name -NotIn $common)
                if ($set.IsDefault) {
                    $positions = @($own | Where-Object Position -GE 0 | Sort-Object Position | ForEach-Object Position)
                    $positions | Should -Be @(0..($positions.Count - 1) | Select-Object -First $positions.Count) -Because "$($command.Name), $($set.Name)"
                    $nameless = @($own | Where-Object { $_.IsMandatory -and $_.Position -lt 0 -and -not $_.ValueFromPipeline })
                    $nameless.Name | Should -BeNullOrEmpty -Because "$($command.Name) is called with it each time"
                    if ($own.Where({ $_.ParameterType -ne [switch] -and $_.Name -ne 'ProfileName' -and $command.Verb -ne 'Start' })) {
                        $own.Where({ $_.Position -ge 0 -or $_.ValueFromPipeline }) | Should -Not -BeNullOrEmpty -Because $command.Name
                    }
                }
            }
        }
    }

    It 'are those that people expect: <line>' -ForEach @(
        @{ line = 'New-LlmObsExperiment n p d'; bound = 'Name', 'Project', 'Dataset' }
        @{ line = 'Set-LlmObsExperiment id'; bound = 'Experiment' }
        @{ line = 'Send-LlmObsEvent id file.csv'; bound = 'Experiment', 'Path' }
        @{ line = 'Send-LlmObsEvent $experiment file.csv'; bound = 'Experiment', 'Path' }
        @{ line = 'New-LlmObsSpan n i o'; bound = 'Name', 'Input', 'Output' }
        @{ line = 'New-LlmObsMetric s l 1'; bound = 'SpanId', 'Label', 'Score' }
        @{ line = 'Invoke-LlmObsAggregate score_value label'; bound = 'Metric', 'GroupBy' }
        @{ line = 'Set-LlmObsConfig staging'; bound = 'ProfileName' }
        @{ line = 'Get-LlmObsConfig staging'; bound = 'ProfileName' }
        @{ line = 'Remove-LlmObsConfig staging'; bound = 'ProfileName' }
        @{ line = 'Stop-LlmObsEmulator 8126'; bound = 'Port' }
    ) {
        $experiment = [LlmObs.Experiment]@{ Id = 'e' }
        $command = [scriptblock]::Create($line).Ast.Find({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)
        $found = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($command, $true)
        if ($line -notmatch '\$') {
            $found.BoundParameters.Keys | Sort-Object | Should -Be ($bound | Sort-Object)
        }
        $found.BindingExceptions.Count | Should -Be 0
    }
}

Describe 'Output' {
    BeforeEach {
        Start-LlmObsEmulator
        $experiment = New-TestExperiment
        $dataset = New-TestDataset
        $record = $dataset | Get-LlmObsDatasetRecord
        $span = New-LlmObsSpan first
        $span, ($span | New-LlmObsMetric -Label faithfulness -Score 1) | Send-LlmObsEvent -Experiment $experiment | Out-Null
        Set-LlmObsConfig spare -Site us3
        if ($name -eq 'Resume-LlmObsEvent') { New-Spool $experiment }
        if ($name -eq 'Resume-LlmObsExperiment') { [void](New-TestRun $dataset (Join-Path $TestDrive run.jsonl)) }
    }
    AfterEach { Clear-Session }

    It 'of <name> is of the types that it declares; nothing goes to the host by itself, and nothing is asked' -ForEach $allRuns {
        Assert-Listed $name $run
        $declared = (Get-Command $name).OutputType.Type
        $declared | Should -Not -BeNullOrEmpty
        $done = Invoke-Run $run -confirmPreference (Get-Preference $name)
        $done.Errors | Should -BeNullOrEmpty
        $done.Shown | Should -BeNullOrEmpty
        $done.Asked | Should -BeNullOrEmpty
        if ($declared -contains [void]) {
            $done.Output | Should -BeNullOrEmpty
        } else {
            $done.Output.Count | Should -Be ($outputCounts[$name] ?? 1)
            foreach ($one in $done.Output) {
                $declared.Where({ $one.PSObject.BaseObject -is $_ }) | Should -Not -BeNullOrEmpty -Because "it is a $($one.PSObject.BaseObject.GetType())"
            }
        }
    }

    It 'of <name> is declared with a type that scripts can name' -ForEach $allRuns {
        foreach ($type in (Get-Command $name).OutputType.Type) {
            $type.IsPublic | Should -BeTrue
            $type -eq [void] -or $type.Namespace -eq 'LlmObs' -or $type.Namespace -like 'System*' | Should -BeTrue -Because "$type"
        }
    }
}

Describe '-WhatIf and -Confirm' {
    BeforeEach {
        Start-LlmObsEmulator
        $experiment = New-TestExperiment
        $dataset = New-TestDataset
        $record = $dataset | Get-LlmObsDatasetRecord
        Set-LlmObsConfig spare -Site us3
        if ($name -eq 'Resume-LlmObsEvent') { New-Spool $experiment }
        if ($name -eq 'Resume-LlmObsExperiment') { $started = New-TestRun $dataset (Join-Path $TestDrive run.jsonl) }
        $emulator = (Get-LlmObsConfig default).BaseUri
        $parts = @{
            api = "${emulator}api/v2/llm-obs/v1"; emulator = $emulator; project = $dataset.ProjectId; dataset = $dataset.Id; record = $record.Id
            experiment = $experiment.Id; run = $started.Experiment.Id; folder = $TestDrive + [IO.Path]::DirectorySeparatorChar
        }
        $before = Get-State $name
    }
    AfterEach { Clear-Session }

    It 'are there where something is written, and nowhere else' {
        foreach ($command in $cmdlets | Where-Object Verb -NE 'Write') {
            $command.Parameters.ContainsKey('WhatIf') | Should -Be ($command.Name -in $writers.Name) -Because $command.Name
        }
    }

    It '<name> -WhatIf says what it would do, and does not' -ForEach $writerRuns {
        Assert-Listed $name $run
        $done = Invoke-Run $run @{ WhatIf = $true }
        $done.Errors | Should -BeNullOrEmpty
        # As the table has it, whatever else -like takes for a wildcard.
        $expected = "What if: $($whatIf[$name])" -replace '[\[\]?`]', '`$0'
        foreach ($part in $parts.Keys) { $expected = $expected.Replace("{$part}", $parts[$part]) }
        ($done.Shown -join "`n").Split("`n")[0] | Should -BeLikeExactly $expected
        Get-State $name | Should -Be $before
    }

    It '<name> -Confirm does not, where the answer is no' -ForEach $writerRuns {
        Assert-Listed $name $run
        $done = Invoke-Run $run @{ Confirm = $true } 'No'
        $done.Errors | Should -BeNullOrEmpty
        $done.Asked.Count | Should -Be 1
        Get-State $name | Should -Be $before
    }

    It '<name> -Confirm does, where the answer is yes' -ForEach $writerRuns {
        Assert-Listed $name $run
        $done = Invoke-Run $run @{ Confirm = $true } 'Yes'
        $done.Errors | Should -BeNullOrEmpty
        $done.Asked.Count | Should -Be 1
        Get-State $name | Should -Not -Be $before
    }

    It '<name> asks where $ConfirmPreference wants that, and not where -Confirm:$false is given' -ForEach $writerRuns {
        Assert-Listed $name $run
        (Invoke-Run $run -answer 'No' -confirmPreference Low).Asked.Count | Should -Be 1
        Get-State $name | Should -Be $before
        (Invoke-Run $run @{ Confirm = $false } -confirmPreference Low).Asked | Should -BeNullOrEmpty
        Get-State $name | Should -Not -Be $before
    }

    It 'asks once for many, where the answer is "yes to all", and sends nothing after "no to all"' {
        $many = { 1..3 | ForEach-Object { [pscustomobject]@{ Name = "n$_"; ProjectId = 'p' } } | New-LlmObsExperiment @more }
        (Invoke-Run $many @{ Confirm = $true } 'No to All').Asked.Count | Should -Be 1
        (Get-LlmObsEmulator).ExperimentCount | Should -Be 1
        (Invoke-Run $many @{ Confirm = $true } 'Yes', 'Yes to All').Asked.Count | Should -Be 2
        (Get-LlmObsEmulator).ExperimentCount | Should -Be 4
    }
}

Describe 'Without a user' {
    It 'no cmdlet waits for an answer' {
        $lines = $cmdlets.Name | ForEach-Object { "try { `$null = $_ } catch { '${_}: ' + `$_.FullyQualifiedErrorId }" }
        $said = '' | pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; Import-Module '$env:LLMOBS_TEST_MANIFEST'; $($lines -join "`n")`n'to the end'" 2>&1
        $said[-1] | Should -Be 'to the end' -Because ($said -join "`n")
        @($said -match '^New-LlmObsExperiment: MissingMandatoryParameter').Count | Should -Be 1
    }

    It '-Confirm is an error, and nothing is done' {
        $server = New-Server
        $said = pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$env:LLMOBS_TEST_MANIFEST'; Set-LlmObsConfig -BaseUri $($server.BaseUri)
            try { New-LlmObsExperiment n -ProjectId p -Confirm -ErrorAction Stop; 'created' } catch { 'refused: ' + `$_ }"
        @($said)[-1] | Should -Match '^refused: .*NonInteractive'
        $server.Requests.Count | Should -Be 0
        $server.Dispose(); Clear-Session
    }

    It 'nothing is written past the streams' {
        $source = Get-ChildItem (Join-Path $PSScriptRoot '../../src') -Recurse -Filter *.cs | Where-Object FullName -NotMatch '[\\/](obj|bin)[\\/]'
        $source.Count | Should -BeGreaterThan 100
        $source | Select-String -Pattern '\bConsole\.(?!IsOutputRedirected)', 'Host\.UI\.(Write|Prompt|Read)', 'PromptForChoice', 'ReadLineAsSecureString' | Should -BeNullOrEmpty
        Get-ChildItem (Split-Path $env:LLMOBS_TEST_MANIFEST) -Recurse -Include *.ps1, *.psm1, *.ps1xml | Select-String 'Write-Host', 'Read-Host' | Should -BeNullOrEmpty
    }
}
