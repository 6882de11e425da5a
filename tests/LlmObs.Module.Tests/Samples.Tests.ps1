BeforeDiscovery {
    $samples = @(
        @{
            name = 'azure-pipelines.yml'; block = 'script'; summary = '##vso[task.uploadsummary]'; issue = '##vso[task.logissue type=error]'
            secret = @{ DD_API_KEY = '$(DatadogApiKey)'; DD_APP_KEY = '$(DatadogAppKey)' }
            agent = @{ TF_BUILD = 'True'; BUILD_BUILDNUMBER = '20261121.7'; BUILD_SOURCEVERSION = 'c0ffee'; BUILD_SOURCEBRANCHNAME = 'main' }
        }
        @{
            name = 'github-actions.yml'; block = 'run'; issue = '::error title=LlmObs::'
            secret = @{ DD_API_KEY = '${{ secrets.DATADOG_API_KEY }}'; DD_APP_KEY = '${{ secrets.DATADOG_APP_KEY }}' }
            agent = @{ GITHUB_ACTIONS = 'true'; GITHUB_RUN_NUMBER = '20261121.7'; GITHUB_SHA = 'c0ffee'; GITHUB_REF_NAME = 'main' }
        }
    )
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/SampleSteps.ps1
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $fake = @{ DD_API_KEY = 'fake-api-key-0000000000001234'; DD_APP_KEY = 'fake-app-key-0000000000005678' }

    # What the agents make of a step, and how they call it.
    function Invoke-Step([string] $system, [string] $script) {
        $file = Join-Path $TestDrive 'step.ps1'
        $arguments = if ($system -eq 'azure-pipelines.yml') {
            Set-Content $file "`$ErrorActionPreference = 'stop'`n`$ProgressPreference = 'SilentlyContinue'`n$script`nif (!(Test-Path -LiteralPath variable:\LASTEXITCODE)) { Write-Verbose 'not set' } else { exit `$LASTEXITCODE }"
            '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', ". '$file'"
        } else {
            Set-Content $file "`$ErrorActionPreference = 'stop'`n$script`nif ((Test-Path -LiteralPath variable:\LASTEXITCODE)) { exit `$LASTEXITCODE }"
            '-command', ". '$file'"
        }
        Push-Location $repository
        try { $said = '' | pwsh @arguments 2>&1 | ForEach-Object { "$_" } } finally { Pop-Location }
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Said = $said -join "`n" }
    }
}

Describe 'samples/<name>' -ForEach $samples {
    BeforeAll {
        $yaml = (Get-Content (Join-Path $repository samples $name) -Raw).Replace("`r`n", "`n")
        $steps = @(Get-Step $yaml $block)
        $given = Get-Mapping $yaml env
        $variables = Get-Mapping $yaml variables
    }

    BeforeEach {
        Clear-Session
        $emulator = Start-LlmObsEmulator -AllowUnknownId:$false -PassThru
        New-LlmObsProject support-bot | New-LlmObsDataset faq | Out-Null
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        $before = Get-ChildItem env:

        # The agent: its own variables, and those of the step's env.
        $agent.GetEnumerator() | ForEach-Object { Set-Item "env:$($_.Key)" $_.Value }
        if ($env:TF_BUILD) { $env:AGENT_TEMPDIRECTORY = $folder } else { $env:GITHUB_STEP_SUMMARY = Join-Path $folder summary.md }
        foreach ($variable in $given.GetEnumerator()) {
            $value = $fake[$variable.Key] ?? ($variable.Value -replace '^\$\((\w+)\)$', { $variables[$_.Groups[1].Value] })
            Set-Item "env:$($variable.Key)" $value
        }

        # The one thing that differs from an agent: requests go to the emulator, and the feed is this build.
        $env:LLMOBS_BASE_URI = $emulator.BaseUri
        $env:LLMOBS_TEST_FEED = $env:MODULE_FEED
        $modules = Join-Path $folder modules
        $standIn = Join-Path $folder gallery Microsoft.PowerShell.PSResourceGet
        [void](New-Item -ItemType Directory $modules, $standIn)
        Copy-Item (Join-Path $PSScriptRoot Support/PSResourceGetStandIn.psm1) (Join-Path $standIn Microsoft.PowerShell.PSResourceGet.psm1)
        $env:PSModulePath = $modules, (Split-Path $standIn), $env:PSModulePath -join [IO.Path]::PathSeparator
    }

    AfterEach {
        Get-ChildItem env: | Where-Object Name -NotIn $before.Name | ForEach-Object { Remove-Item "env:$($_.Name)" }
        $before | ForEach-Object { Set-Item "env:$($_.Name)" $_.Value }
        Clear-Session
    }

    It 'takes its secrets through env only' {
        foreach ($one in $secret.GetEnumerator()) {
            $given[$one.Key] | Should -BeExactly $one.Value
            [regex]::Matches($yaml, [regex]::Escape($one.Value)).Count | Should -Be 1
        }
        $steps | Should -Not -Match '\$\([A-Z]\w+\)|\$\{\{' -Because 'the agent would paste it into the script'
        $steps.Count | Should -Be 2
    }

    It 'asks for PowerShell 7 in every step' {
        [regex]::Matches($yaml, '(?m)^\s+(pwsh: true|shell: pwsh)\b').Count | Should -Be $steps.Count
    }

    It 'installs, records, shows and passes' {
        foreach ($step in $steps) {
            $run = Invoke-Step $name $step
            $run.ExitCode | Should -Be 0 -Because $run.Said
        }
        Test-Path (Join-Path $modules LlmObs) | Should -BeTrue
        $stored = Get-LlmObsEmulator
        $stored.ExperimentCount, $stored.SpanCount, $stored.MetricCount | Should -Be @(1, 40, 120)
        $file = if ($summary) {
            [regex]::Match($run.Said, '(?m)^' + [regex]::Escape($summary) + '(.*)$').Groups[1].Value.Trim()
        } else { $env:GITHUB_STEP_SUMMARY }
        $report = Get-Content $file -Raw
        $report | Should -BeLike '## faq-bot 20261121.7*'
        $report | Should -Match '\| faithfulness \| 0\.\d+ \|'
        $report | Should -Match '✅ pass: faithfulness'
        $run.Said | Should -Not -Match ([regex]::Escape($issue))
        (Invoke-LlmObsAggregate -GroupBy experiment.name, experiment.status)[0].'experiment.status' | Should -Be 'completed'
        foreach ($key in $fake.Values) { $run.Said | Should -Not -Match $key }
    }

    It 'fails the run where the scores are too low, and says so in the experiment' {
        (Invoke-Step $name $steps[0]).ExitCode | Should -Be 0
        $env:EVALUATION = Join-Path $folder evaluation.csv
        Import-Csv (Join-Path $repository samples/data/evaluation.csv) | ForEach-Object { $_.faithfulness = '0.25'; $_ } | Export-Csv $env:EVALUATION
        $run = Invoke-Step $name $steps[1]
        $run.ExitCode | Should -Be 1
        $run.Said | Should -Match ('(?m)^' + [regex]::Escape($issue) + 'average of faithfulness is 0\.25, and must be >= 0\.6')
        (Invoke-LlmObsAggregate -GroupBy experiment.status)[0].'experiment.status' | Should -Be 'failed'
    }

    It 'fails the run that is worse than the newest one of the main branch' {
        (Invoke-Step $name $steps[0]).ExitCode | Should -Be 0
        (Invoke-Step $name $steps[1]).ExitCode | Should -Be 0
        $env:EVALUATION = Join-Path $folder evaluation.csv
        Import-Csv (Join-Path $repository samples/data/evaluation.csv) | ForEach-Object { $_.faithfulness = [double]$_.faithfulness * 0.9; $_ } | Export-Csv $env:EVALUATION
        $run = Invoke-Step $name $steps[1]
        $run.ExitCode | Should -Be 1 -Because $run.Said
        $run.Said | Should -Match ('(?m)^' + [regex]::Escape($issue) + 'faithfulness is worse: 0\.79 to 0\.71')
        (Invoke-LlmObsAggregate -GroupBy experiment.status).'experiment.status' | Sort-Object | Should -Be 'completed', 'failed'
    }

    It 'fails the run where a row can not be sent' {
        (Invoke-Step $name $steps[0]).ExitCode | Should -Be 0
        $env:EVALUATION = Join-Path $folder evaluation.csv
        Import-Csv (Join-Path $repository samples/data/evaluation.csv) | Select-Object -ExcludeProperty truth | Export-Csv $env:EVALUATION
        $run = Invoke-Step $name $steps[1]
        $run.ExitCode | Should -Be 1
        $run.Said | Should -Match "no column 'truth'"
        (Get-LlmObsEmulator).SpanCount | Should -Be 0
    }
}
