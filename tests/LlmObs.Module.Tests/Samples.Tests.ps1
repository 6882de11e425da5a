BeforeDiscovery {
    $samples = @(
        @{
            name = 'azure-pipelines.yml'; block = 'script'; summary = '##vso[task.uploadsummary]'; issue = '##vso[task.logissue type=error]'
            secret = @{ DD_API_KEY = '$(DatadogApiKey)'; DD_APP_KEY = '$(DatadogAppKey)' }
            agent = @{ TF_BUILD = 'True'; BUILD_BUILDNUMBER = '20261121.7'; BUILD_SOURCEVERSION = 'c0ffee'; BUILD_SOURCEBRANCHNAME = 'main' }
            pullRequest = @{ SYSTEM_PULLREQUEST_PULLREQUESTID = '7'; SYSTEM_TEAMPROJECT = 'my project'; BUILD_REPOSITORY_ID = 'repo-id'; BUILD_REPOSITORY_PROVIDER = 'TfsGit' }; place = 'SYSTEM_COLLECTIONURI'; token = 'SYSTEM_ACCESSTOKEN'
        }
        @{
            name = 'github-actions.yml'; block = 'run'; issue = '::error title=LlmObs::'
            secret = @{ DD_API_KEY = '${{ secrets.DATADOG_API_KEY }}'; DD_APP_KEY = '${{ secrets.DATADOG_APP_KEY }}' }
            agent = @{ GITHUB_ACTIONS = 'true'; GITHUB_RUN_NUMBER = '20261121.7'; GITHUB_SHA = 'c0ffee'; GITHUB_REF_NAME = 'main' }
            pullRequest = @{ GITHUB_REPOSITORY = 'acme/faq' }; place = 'GITHUB_API_URL'; token = 'GITHUB_TOKEN'
        }
    )
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/SampleSteps.ps1
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $fake = @{ DD_API_KEY = 'fake-api-key-0000000000001234'; DD_APP_KEY = 'fake-app-key-0000000000005678' }

    # The agents' form of a step, and its call.
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
        if ($env:TF_BUILD) { $env:AGENT_TEMPDIRECTORY = $env:BUILD_ARTIFACTSTAGINGDIRECTORY = $folder }
        else { $env:GITHUB_STEP_SUMMARY = Join-Path $folder summary.md; $env:RUNNER_TEMP = $folder }
        foreach ($variable in $given.GetEnumerator()) {
            $value = $fake[$variable.Key] ?? ($variable.Value -replace '^\$\((\w+)\)$', { $variables[$_.Groups[1].Value] })
            Set-Item "env:$($variable.Key)" $value
        }

        if ($env:EVALUATION) { $env:EVALUATION = "samples/data/$env:EVALUATION" } # the file of somebody else's repository

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
        $report | Should -BeLike '## faq-bot*'
        $report | Should -Match '\| faithfulness \| 0\.\d+ \|'
        $report | Should -Match '✅ pass: faithfulness'
        $run.Said | Should -Not -Match ([regex]::Escape($issue))
        (Invoke-LlmObsAggregate -GroupBy experiment.name, experiment.status)[0].'experiment.status' | Should -Be 'completed'
        $run.Said | Should -Match 'This is not a build of a pull request'
        foreach ($key in $fake.Values) { $run.Said | Should -Not -Match $key }
    }

    It 'leaves a page and a list of tests where the next steps publish them, also if a gate is broken' {
        (Invoke-Step $name $steps[0]).ExitCode | Should -Be 0
        $env:EVALUATION = Join-Path $folder evaluation.csv
        Import-Csv (Join-Path $repository samples/data/evaluation.csv) | ForEach-Object { $_.faithfulness = '0.25'; $_ } | Export-Csv $env:EVALUATION
        (Invoke-Step $name $steps[1]).ExitCode | Should -Be 1
        Get-Content (Join-Path $folder report.html) -TotalCount 1 | Should -Be '<!DOCTYPE html>'
        ([xml](Get-Content (Join-Path $folder scores.xml) -Raw)).testsuites.tests | Should -Be 160
        foreach ($file in 'report.html', 'scores.xml') {
            $yaml | Should -Match "(?m)(Build.ArtifactStagingDirectory\)|runner.temp \}\})/$file$"
        }
        [regex]::Matches($yaml, '(?m)^ +(condition: succeededOrFailed\(\)|if: \$\{\{ !cancelled\(\) \}\})').Count | Should -Be 2
    }

    It 'comments the pull request, and changes the comment at the next run' {
        if (-not ('LlmObs.Testing.PullRequestServices' -as [type])) {
            Add-Type -Path (Join-Path $PSScriptRoot Support/PullRequestServices.cs)
        }
        $comments = [LlmObs.Testing.PullRequestServices]::new()
        try {
            Set-Content (Join-Path $folder event.json) '{"pull_request":{"number":7}}'
            $env:GITHUB_EVENT_PATH = Join-Path $folder event.json
            $pullRequest.GetEnumerator() | ForEach-Object { Set-Item "env:$($_.Key)" $_.Value }
            Set-Item "env:$place" $comments.BaseUri
            Set-Item "env:$token" $comments.Token
            (Invoke-Step $name $steps[0]).ExitCode | Should -Be 0
            1..2 | ForEach-Object {
                $run = Invoke-Step $name $steps[1]
                $run.ExitCode | Should -Be 0 -Because $run.Said
            }
            $comments.Comments.Count | Should -Be 2
            $comments.Comments[0].Body | Should -Match '✅ pass: faithfulness'
            $comments.Comments[1].Body | Should -Match '## faq-bot, compared with main'
            $run.Said | Should -Not -Match $comments.Token
        } finally { $comments.Dispose() }
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
