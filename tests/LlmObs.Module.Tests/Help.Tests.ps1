BeforeDiscovery {
    $names = (Import-PowerShellDataFile $env:LLMOBS_TEST_MANIFEST).CmdletsToExport
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/DocPages.ps1
    $docs = Join-Path (Split-Path (Split-Path $PSScriptRoot)) docs
    $common = [System.Management.Automation.Cmdlet]::CommonParameters
    $topics = @(Get-ChildItem (Join-Path (Split-Path $env:LLMOBS_TEST_MANIFEST) en-US) -Filter about_*.help.txt | ForEach-Object { $_.Name -replace "\.help\.txt$" })
}

Describe 'Get-Help <_>' -ForEach $names {
    BeforeAll {
        $command = Get-Command $_ -Module LlmObs
        $help = Get-Help $_ -Full
        $real = $command.Parameters.Values | Where-Object Name -NotIn $common
        $said = @($help.parameters.parameter)
    }

    It 'has a page in docs' {
        Join-Path $docs "$($command.Name).md" | Should -Exist -Because 'docs/README.md says how to write it'
        $help.PSTypeNames | Should -Contain 'MamlCommandHelpInfo#FullView' -Because 'the help comes from the page'
    }

    It 'says what it does' {
        $help.Synopsis | Should -Match '^[A-Z].+\.$'
        ($help.description.Text -join ' ').Length | Should -BeGreaterThan 80
    }

    It 'explains every parameter, and invents none' {
        ($said.name | Sort-Object) | Should -Be ($real.Name | Sort-Object)
        $empty = $said | Where-Object { -not ($_.description.Text -join '').Trim() -or ($_.description.Text[0] -like 'Accepted values*') }
        $empty.name | Should -BeNullOrEmpty -Because 'each has its words on the page'
    }

    It 'says of each parameter what the cmdlet says' {
        foreach ($parameter in $real) {
            $one = $said | Where-Object name -EQ $parameter.Name
            $sets = $parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ParameterAttribute] }
            $one.required | Should -Be "$($sets.Mandatory -notcontains $false)" -Because "-$($parameter.Name)"
            $positions = $sets | ForEach-Object { if ($_.Position -ge 0) { "$($_.Position)" } else { 'named' } } | Select-Object -Unique
            $one.position | Should -Be ($positions -join ' or ') -Because "-$($parameter.Name)"
            ($one.pipelineInput -match 'ByValue') | Should -Be ($sets.ValueFromPipeline -contains $true) -Because "-$($parameter.Name)"
            ($one.pipelineInput -match 'ByPropertyName') | Should -Be ($sets.ValueFromPipelineByPropertyName -contains $true) -Because "-$($parameter.Name)"
            ($one.aliases -replace '^none$' -split ', ' | Where-Object { $_ }) | Should -Be ($parameter.Aliases | Where-Object { $_ }) -Because "-$($parameter.Name)"
            $type = [Nullable]::GetUnderlyingType($parameter.ParameterType) ?? $parameter.ParameterType
            $one.type.name | Should -Be $type.Name -Because "-$($parameter.Name)"
            $words = $parameter.Attributes.ValidValues ?? $(if ($type.IsEnum) { [enum]::GetNames($type) })
            if ($words) { $one.description.Text | Should -Contain "Accepted values: $($words -join ', ')." }
        }
    }

    It 'has titles of examples that fit into a terminal of 80 columns' {
        @($help.examples.example.title).Where({ $_.Length -gt 75 }) | Should -BeNullOrEmpty
    }

    It 'shows each way to call it' {
        @($help.syntax.syntaxItem).Count | Should -Be $command.ParameterSets.Count
        $shown = foreach ($item in $help.syntax.syntaxItem) { ($item.parameter.name | Sort-Object) -join ' ' }
        $sets = foreach ($set in $command.ParameterSets) { ($set.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object) -join ' ' }
        ($shown | Sort-Object) | Should -Be ($sets | Sort-Object)
    }

    It 'has three examples or more, as they stand on its page' {
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterOrEqual 3
        $examples.code | Should -Be (Get-DocSection (Join-Path $docs "$($command.Name).md")).Blocks.Code
        foreach ($example in $examples) { $example.title | Should -Match 'Example \d+: \w+' }
    }

    It 'leads on to what exists' {
        $links = $help.relatedLinks.navigationLink.linkText
        $links | Should -Not -BeNullOrEmpty
        foreach ($link in $links | Where-Object { $_ -notmatch '^https://' }) {
            "$link" | Should -BeIn (@('Online Version:') + $topics + @((Get-Module LlmObs).ExportedCommands.Keys))
        }
    }

    It 'names what it writes' {
        $types = $command.OutputType.Name | Where-Object { $_ -ne 'System.Void' }
        ($help.returnValues.returnValue.type.name | Sort-Object) | Should -Be (@($types ?? 'None') | Sort-Object)
    }
}

Describe 'Get-Help, as it is called at a prompt' {
    It 'shows the examples, with what they show' {
        $text = Get-Help New-LlmObsExperiment -Examples | Out-String -Width 200
        $text | Should -Match ([regex]::Escape('$experiment = New-LlmObsExperiment ''faq-bot v2'''))
        $text | Should -Match 'LogicalName\s+: faq-bot v2'
        $text | Should -Match '(?s)Example 1: .+Example 2: '
    }

    It 'explains one parameter, with its words and its default' {
        $text = Get-Help Send-LlmObsEvent -Parameter DurationUnit | Out-String -Width 200
        $text | Should -Match 'The unit of that column'
        $text | Should -Match 'Accepted values: ns, us, ms, s\.'
        (Get-Help Send-LlmObsEvent -Parameter BatchSize).defaultValue | Should -Be ([LlmObs.PowerShell.Commands.SendLlmObsEventCommand]::new().BatchSize)
        Get-Help Start-LlmObsEmulator -Parameter Port | Out-String -Width 200 | Should -Match 'Accepted values: 0 to 65535\.'
    }

    It 'shows of each switch whether it is on' {
        foreach ($cmdlet in Get-Command -Module LlmObs -CommandType Cmdlet) {
            $new = $cmdlet.ImplementingType::new()
            foreach ($name in $cmdlet.Parameters.Values.Where({ $_.SwitchParameter -and $cmdlet.ImplementingType.GetProperty($_.Name) }).Name) {
                (Get-Help $cmdlet.Name -Parameter $name).defaultValue -eq 'True' | Should -Be $new.$name.IsPresent -Because "$cmdlet -$name"
            }
        }
        (Get-Help Invoke-LlmObsExperiment -Parameter CiMetadata).defaultValue | Should -Be True
    }

    It 'finds every cmdlet by its noun' {
        (Get-Help *-LlmObs* | Where-Object Category -EQ Cmdlet).Name | Sort-Object | Should -Be ((Get-Module LlmObs).ExportedCommands.Keys | Sort-Object)
    }
}

Describe 'The topics' {
    It 'are found by Get-Help, with a line of what they are about: <_>' -ForEach 'about_LlmObs', 'about_LlmObs_Events', 'about_LlmObs_CI', 'about_LlmObs_Errors' {
        $topic = Get-Help $_
        $topic | Should -Match "(?m)^TOPIC\r?\n    $_\r?$"
        (Get-Help about_LlmObs* | Where-Object Name -EQ $_).Synopsis | Should -Match '\w+.*\.$'
    }

    It 'have lines that fit a terminal, but for code' {
        foreach ($file in Get-ChildItem (Join-Path (Split-Path $env:LLMOBS_TEST_MANIFEST) en-US) -Filter about_*.help.txt) {
            $prose = Get-Content $file | Where-Object { $_ -match '^ {4}[A-Za-z]' }
            $prose | Where-Object Length -GT 79 | Should -BeNullOrEmpty -Because $file.Name
        }
    }

    It 'lead on to what exists' {
        foreach ($name in $topics) {
            [regex]::Matches((Get-Help $name), 'about_LlmObs\w*').Value | Select-Object -Unique | ForEach-Object { $_ | Should -BeIn $topics }
            [regex]::Matches((Get-Help $name), '\b[A-Z][a-z]+-LlmObs\w+').Value | Select-Object -Unique | ForEach-Object { $_ | Should -BeIn (Get-Module LlmObs).ExportedCommands.Keys }
        }
    }
}

Describe 'Get-Help -Online' {
    It 'has the address of the manifest for every cmdlet' {
        $address = (Import-PowerShellDataFile $env:LLMOBS_TEST_MANIFEST).PrivateData.PSData.ProjectUri
        foreach ($command in Get-Command -Module LlmObs) { $command.HelpUri | Should -BeExactly $address -Because $command.Name }
    }
}

Describe 'about_LlmObs_Events' {
    BeforeAll {
        $page = Get-Content (Join-Path $docs about_LlmObs_Events.md) -Raw
        $client = Join-Path (Split-Path $docs) src/LlmObs.Client
    }

    It 'has every name that a field may have' {
        $known = [regex]::Match((Get-Content (Join-Path $client Rows/FieldNames.cs) -Raw), '(?s)EventField\? Known\(.+?\};').Value
        $names = [regex]::Matches($known, '"([a-z.]+)"').ForEach({ $_.Groups[1].Value })
        $names.Count | Should -BeGreaterThan 36
        $said = [regex]::Matches($page, '`([\w.]+)`').ForEach({ $_.Groups[1].Value -replace '_' })
        $names | Where-Object { $_ -notin $said } | Should -BeNullOrEmpty
    }

    It 'has every ending of a file, in words and in a sample' {
        $endings = [regex]::Matches((Get-Content (Join-Path $client Files/EventFile.cs) -Raw), '\("(\.\w+)", FileFormat\.').ForEach({ $_.Groups[1].Value })
        $endings.Count | Should -BeGreaterThan 4
        $code = (Get-DocSection (Join-Path $docs about_LlmObs_Events.md)).Blocks.Code -join "`n"
        foreach ($ending in @($endings) + '.gz') {
            $page | Should -Match ([regex]::Escape("``$ending``"))
            $code | Should -Match "Send-LlmObsEvent [^|]+ -Path [^|]+\w\$ending\b"
        }
    }

    It 'has a sample for each kind of object that is looked at' {
        $code = (Get-DocSection (Join-Path $docs about_LlmObs_Events.md)).Blocks.Code -join "`n"
        $samples = @{
            'Span span' = 'New-LlmObsSpan'; 'Metric metric' = 'New-LlmObsMetric'; 'string text' = "'\{`"span_id`""; 'JsonElement element' = 'JsonDocument'
            'ExperimentSpan span' = 'Get-LlmObsEvent [^|]+\| Send'; 'ExperimentMetric metric' = 'Get-LlmObsEvent [^|]+-Summary \| Send'
            'IDictionary or PSCustomObject' = '\[pscustomobject\]@\{(?s:.+)\n@\{'; 'IEnumerable list when HostObjectJson.IsList(list)' = '-InputObject \$run'
        }
        $source = Get-Content (Join-Path (Split-Path $docs) src/LlmObs.PowerShell/Input/PipelineEvents.cs) -Raw
        $refused = 'Span or Metric or ExperimentSpan or ExperimentMetric when _isTable', 'Experiment', 'var other when .+', 'IEnumerable other'
        $cases = [regex]::Matches($source, '(?m)^ +case (.+):\r?$').ForEach({ $_.Groups[1].Value }) | Where-Object { $_ -notmatch "^($($refused -join '|'))$" }
        $cases | Sort-Object | Should -Be ($samples.Keys | Sort-Object)
        foreach ($case in $cases) { $code | Should -Match $samples[$case] -Because $case }
    }
}

Describe 'about_LlmObs_Errors' {
    BeforeAll {
        $documented = [regex]::Matches((Get-Content (Join-Path $docs about_LlmObs_Errors.md) -Raw), '(?m)^### (\S+)').ForEach({ $_.Groups[1].Value })
        # The catalogue: an id is the text before its category, or the first argument of a gate's failure; a failed call's id is its kind.
        $sources = Join-Path (Split-Path $docs) src/LlmObs.PowerShell
        $code = Get-ChildItem $sources -Recurse -Filter *.cs | Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]'
        $catalogue, $others = $code.Where({ $_.FullName -match '[\\/]Errors[\\/]' }, 'Split')
        $made = [regex]::Matches(($catalogue | Get-Content -Raw) -join "`n", '"([A-Z]\w+)",\s*(?:[^",;]+\? )?ErrorCategory\.|GateFailure \w+\([^)]*\) =>\s*new\(\s*"([A-Z]\w+)",').ForEach({ $_.Groups[1].Value + $_.Groups[2].Value })
        $ids = @($made) + [enum]::GetNames([LlmObs.FailureKind]) | Sort-Object -Unique
    }

    It 'is about a catalogue: errors and warnings are worded in the folder Errors only' {
        $found = $others | Select-String 'ErrorCategory\.|new ErrorRecord\(|new GateFailure\(|(WriteWarning|WarnOnTheWayOut)\(\s*(\$?"|FormattableString|string\.)'
        ($found | ForEach-Object { "$($_.Filename):$($_.LineNumber) $($_.Line.Trim())" }) | Should -BeNullOrEmpty
    }

    It 'has every id that the code makes, and no other' {
        $ids.Count | Should -BeGreaterThan 28
        ($documented | Sort-Object) | Should -Be $ids
    }

    It 'says of each what to do' {
        $page = Get-Content (Join-Path $docs about_LlmObs_Errors.md) -Raw
        foreach ($part in $page -split '(?m)^### ' | Select-Object -Skip 1) {
            $part | Should -Match '(?m)^What to do: \S+' -Because $part.Split("`n")[0]
        }
    }

    It 'knows the ids that are really seen: <id>' -ForEach @(
        @{ id = 'NotFound'; run = { Start-LlmObsEmulator; Set-LlmObsExperiment none -Status failed } }
        @{ id = 'MissingKeys'; run = { New-LlmObsExperiment n -ProjectId p } }
        @{ id = 'UnknownSite'; run = { $env:DD_SITE = 'nowhere'; New-LlmObsExperiment n -ProjectId p } }
        @{ id = 'UnsafeBaseUri'; run = { $env:LLMOBS_BASE_URI = 'http://example.com'; New-LlmObsExperiment n -ProjectId p } }
        @{ id = 'InvalidKey'; run = { $env:DD_API_KEY = "two`nlines"; New-LlmObsExperiment n -ProjectId p } }
        @{ id = 'ProfileNotFound'; run = { New-LlmObsExperiment n -ProjectId p -ProfileName nobody } }
        @{ id = 'EmulatorNotFound'; run = { Stop-LlmObsEmulator -Port 1 } }
        @{ id = 'FileNotFound'; run = { Start-LlmObsEmulator; Send-LlmObsEvent ([guid]::NewGuid()) -Path none.csv } }
        @{ id = 'NotAFile'; run = { Start-LlmObsEmulator; Send-LlmObsEvent ([guid]::NewGuid()) -Path Env:PATH } }
        @{ id = 'MissingSetting'; run = { Start-LlmObsEmulator; @{ trace_id = 't'; span_id = 's'; name = 'n'; start = Get-Date; duration = 1 } | Send-LlmObsEvent ([LlmObs.Experiment]@{ Id = 'e' }) } }
    ) {
        try { $seen = & $run 2>&1 } catch { $seen = $_ } finally { Clear-Session }
        @($seen)[-1].FullyQualifiedErrorId.Split(',')[0] | Should -Be $id
        $documented | Should -Contain $id
    }
}

Describe 'The table of about_LlmObs_Python' {
    It 'names only what there is' {
        $rows = @(Get-Content (Join-Path $docs about_LlmObs_Python.md) | Where-Object { $_ -match '^\| .* \| .* \|$' } | Select-Object -Skip 1)
        $rows.Count | Should -BeGreaterThan 20
        foreach ($row in $rows) {
            $here = ($row -split ' \| ', 2)[1]
            $commands = @([regex]::Matches($here, '[A-Z][a-z]+-LlmObs\w+') | ForEach-Object { Get-Command $_.Value -Module LlmObs })
            $commands += Get-Command Invoke-LlmObsExperiment -Module LlmObs
            foreach ($parameter in [regex]::Matches($here, '(?<=[ `])-([A-Z]\w+)').ForEach({ $_.Groups[1].Value })) {
                @($commands.Parameters.Keys) | Should -Contain $parameter -Because $row
            }
        }
    }
}
