BeforeDiscovery {
    $samples = @(
        @{
            name = 'azure-pipelines-sharded.yml'; block = 'script'
            agent = @{ TF_BUILD = 'True'; BUILD_BUILDNUMBER = '7'; BUILD_SOURCEVERSION = 'c0ffee'; BUILD_SOURCEBRANCH = 'refs/heads/main' }
            part = { param($number) @{ SYSTEM_JOBPOSITIONINPHASE = $number; SYSTEM_TOTALJOBSINPHASE = 8 } }
        }
        @{
            name = 'github-actions-sharded.yml'; block = 'run'
            agent = @{ GITHUB_ACTIONS = 'true'; GITHUB_RUN_NUMBER = '7'; GITHUB_SHA = 'c0ffee'; GITHUB_REF_NAME = 'main' }
            part = { param($number) @{ SHARD = $number; SHARD_COUNT = 8 } }
        }
    )
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/RunSession.ps1
    . $PSScriptRoot/Support/SampleSteps.ps1
    $repository = Split-Path (Split-Path $PSScriptRoot)

    # Steps of a pipeline as processes that run at once, in the repository; gives what each wrote.
    function Invoke-Job([string] $step, [hashtable[]] $jobs) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file "`$ErrorActionPreference = 'stop'`n`$ProgressPreference = 'SilentlyContinue'`n$step"
        $running = foreach ($variables in $jobs) {
            $start = New-ShellStart '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', ". '$file'"
            $start.WorkingDirectory = $repository
            $start.RedirectStandardError = $true
            $variables.GetEnumerator() | ForEach-Object { $start.Environment[$_.Key] = "$($_.Value)" }
            $process = [Diagnostics.Process]::Start($start)
            [pscustomobject]@{ Process = $process; Output = $process.StandardOutput.ReadToEndAsync(); Errors = $process.StandardError.ReadToEndAsync() }
        }
        foreach ($one in $running) {
            $one.Process.WaitForExit()
            [pscustomobject]@{ ExitCode = $one.Process.ExitCode; Said = $one.Output.Result + $one.Errors.Result }
        }
    }
}

Describe 'samples/<name>' -ForEach $samples {
    BeforeAll {
        $yaml = (Get-Content (Join-Path $repository samples $name) -Raw).Replace("`r`n", "`n")
        $install, $create, $installAgain, $fill, $installLast, $complete = @(Get-Step $yaml $block)
    }
    BeforeEach {
        $emulator = Start-LlmObsEmulator -AllowUnknownId:$false -PassThru
        $dataset = New-LlmObsProject support-bot | New-LlmObsDataset faq
        [void](Add-LlmObsDatasetRecord $dataset (Join-Path $repository samples/data/evaluation.csv) -InputColumn question -ExpectedColumn truth -IdColumn id)
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        $parts = (New-Item -ItemType Directory (Join-Path $folder parts)).FullName
        $common = $agent + @{
            LLMOBS_BASE_URI = $emulator.BaseUri
            PSModulePath = (Split-Path (Split-Path (Split-Path $env:LLMOBS_TEST_MANIFEST))), $env:PSModulePath -join [IO.Path]::PathSeparator
            PROJECT = 'support-bot'; DATASET = 'faq'; TASK = 'samples/task.ps1'
            RUNNER_TEMP = $folder; GITHUB_OUTPUT = (Join-Path $folder output); GITHUB_STEP_SUMMARY = (Join-Path $folder summary.md)
            AGENT_TEMPDIRECTORY = $folder; PIPELINE_WORKSPACE = $parts; BUILD_ARTIFACTSTAGINGDIRECTORY = $parts
        }
    }
    AfterEach { Clear-Session }

    It 'takes its secrets through env only, and asks for PowerShell 7 in every step' {
        "$create$fill$complete" | Should -Not -Match '\$\([A-Z]\w+\)|\$\{\{' -Because 'the agent would paste it into the script'
        [regex]::Matches($yaml, '(?m)^\s+(pwsh: true|shell: pwsh)\b').Count | Should -Be 6
        $yaml | Should -Match '(?m)^\s+(parallel: 8\b|shard: \[1, 2, 3, 4, 5, 6, 7, 8\])'
        $install, $installAgain, $installLast | Should -Be $install, $install, $install
    }

    It 'runs each record exactly once on eight machines, and completes' {
        $made = Invoke-Job $create $common
        $made.ExitCode | Should -Be 0 -Because $made.Said
        $experiment = [regex]::Match($made.Said + (Get-Content $common.GITHUB_OUTPUT -Raw -ErrorAction Ignore), '(?m)(?:isOutput=true\]|^experiment=)(\S+)').Groups[1].Value
        (Get-LlmObsExperiment -Id $experiment).Status | Should -Be running
        (Get-LlmObsExperiment -Id $experiment).Metadata.commit | Should -Be c0ffee

        # The variables that tell the parts apart are those of the agents.
        $jobs = 1..8 | ForEach-Object { $common + @{ EXPERIMENT = $experiment } + (& $part $_) }
        $ran = @(Invoke-Job $fill $jobs)
        $ran.ExitCode | Should -Be (@(0) * 8) -Because ($ran.Said -join "`n")
        $stored = @(Get-LlmObsEvent -ExperimentId $experiment)
        $stored.Count | Should -Be 40
        @(Get-RecordId $stored | Sort-Object -Unique).Count | Should -Be 40
        @($stored.Tags -match '^run_id:' | Sort-Object -Unique).Count | Should -Be 1 -Because 'all parts are of one iteration'
        @($stored.EvalMetrics).Count | Should -Be 40
        (Get-LlmObsExperiment -Id $experiment).Status | Should -Be running -Because 'no part says how the whole goes'

        if ($name -like 'github*') { Move-Item (Join-Path $folder part-*.jsonl) $parts }
        $files = @(Get-ChildItem $parts -Filter part-*.jsonl)
        $files.Count | Should -Be 8
        $done = Invoke-Job $complete $common
        $done.ExitCode | Should -Be 0 -Because $done.Said
        @(Get-LlmObsEvent -ExperimentId $experiment).Count | Should -Be 40 -Because 'nothing was missing'
        (Get-LlmObsExperiment -Id $experiment).Status | Should -Be completed
        (Invoke-LlmObsAggregate -ExperimentId $experiment -Label answered -Compute @{ value = 'score_value' })[0].value | Should -Be 1
        if ($name -like 'github*') { Get-Content $common.GITHUB_STEP_SUMMARY -Raw | Should -Match 'pass: similarity' } else { $done.Said | Should -Match '##vso\[task\.uploadsummary\]' }
    }

    if ($name -like 'azure*') { # what completes is the same line in both
        It 'makes up for parts that failed, were they all but one' {
            $made = Invoke-Job $create $common
            $experiment = [regex]::Match($made.Said + (Get-Content $common.GITHUB_OUTPUT -Raw -ErrorAction Ignore), '(?m)(?:isOutput=true\]|^experiment=)(\S+)').Groups[1].Value
            $ran = @(Invoke-Job $fill ($common + @{ EXPERIMENT = $experiment } + (& $part 3))) # the file of one part is all there is
            $ran.ExitCode | Should -Be 0 -Because ($ran.Said -join "`n")
            $before = @(Get-LlmObsEvent -ExperimentId $experiment)
            $before.Count | Should -BeLessThan 40
            $done = Invoke-Job $complete $common
            $done.ExitCode | Should -Be 0 -Because $done.Said
            $stored = @(Get-LlmObsEvent -ExperimentId $experiment)
            $stored.Count | Should -Be 40
            @(Get-RecordId $stored | Sort-Object -Unique).Count | Should -Be 40
            @($before.SpanId | Where-Object { $_ -notin $stored.SpanId }) | Should -BeNullOrEmpty
        }
    }
}

Describe 'Parts of a run' {
    BeforeEach { Start-LlmObsEmulator; $dataset = New-Question 6; $experiment = $dataset | New-LlmObsExperiment parts }
    AfterEach {
        'SYSTEM_JOBPOSITIONINPHASE', 'SYSTEM_TOTALJOBSINPHASE' | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $null) }
        Clear-Session
    }

    It 'take their number from the job under -Sharded' {
        $env:SYSTEM_TOTALJOBSINPHASE = '3'
        $rows = foreach ($job in 1..3) {
            $env:SYSTEM_JOBPOSITIONINPHASE = "$job"
            ($dataset | Invoke-LlmObsExperiment -Experiment $experiment -Sharded -Task { 1 }).Rows
        }
        $rows.RecordId | Sort-Object | Should -Be (1..6 | ForEach-Object { "q-$_" })
    }

    It 'refuse <what>' -ForEach @(
        @{ what = '-Sharded in no such job'; says = '*SYSTEM_JOBPOSITIONINPHASE, which is not a number*'; call = { $dataset | Invoke-LlmObsExperiment -Experiment $experiment -Sharded -Task { 1 } } }
        @{ what = 'a part of fewer'; says = '*There is no part 4 of 3*'; call = { $dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard 4 -ShardCount 3 -Task { 1 } } }
        @{ what = 'a part of nobody knows how many'; says = '*-Shard and -ShardCount belong together*'; call = { $dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard 1 -Task { 1 } } }
        @{ what = 'summary evaluators'; says = '*a part of a run has only its own*'; call = { $dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard 1 -ShardCount 2 -Task { 1 } -SummaryEvaluator @{ a = { 1 } } } }
        @{ what = 'summary evaluators of one part that is resumed'; says = '*a part of a run has only its own*'; call = {
                $file = Join-Path $TestDrive one.jsonl
                [void]($dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard 1 -ShardCount 2 -Task { 1 } -ResultPath $file)
                Resume-LlmObsExperiment $file -Task { 1 } -SummaryEvaluator @{ a = { 1 } }
            }
        }
    ) {
        $call | Should -Throw $says -ErrorId 'InvalidValue,*'
        (Get-LlmObsExperiment -Id $experiment.Id).Status | Should -BeNullOrEmpty
    }

    It 'one behind the other are the whole, which is completed with what is missing' {
        $files = 1..4 | ForEach-Object { Join-Path $TestDrive "part-$_.jsonl" }
        foreach ($number in 2, 3, 4) { [void]($dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard $number -ShardCount 4 -Task { 'part' } -ResultPath $files[$number - 1]) }
        $all = Join-Path $TestDrive all.jsonl
        Get-Content ($files | Where-Object { Test-Path $_ }) | Set-Content $all
        $run = Resume-LlmObsExperiment $all -Task { 'completed' } -SummaryEvaluator @{ rows = { @($_).Count } }
        $run.RowCount | Should -Be 6
        $run.SummaryEvaluations[0].Value | Should -Be 6
        ($run.Rows | Where-Object Output -EQ completed).Count | Should -Be 1
        Get-RecordId (Get-Stored $run) | Sort-Object | Should -Be (1..6 | ForEach-Object { "q-$_" })
        (Get-LlmObsExperiment -Id $experiment.Id).Status | Should -Be completed
    }

    It 'run the records of the experiment''s version, whatever has become of the dataset since' {
        [void]($dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard 1 -ShardCount 2 -Task { 1 })
        [void](7..20 | ForEach-Object { @{ id = "q-$_"; input = "question $_" } } | Add-LlmObsDatasetRecord $dataset)
        $dataset | Get-LlmObsDatasetRecord | Where-Object Id -EQ q-1 | Remove-LlmObsDatasetRecord -Confirm:$false
        [void]($dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard 2 -ShardCount 2 -Task { 1 })
        Get-RecordId (Get-Stored $experiment) | Sort-Object | Should -Be (1..6 | ForEach-Object { "q-$_" })
        ($dataset | Invoke-LlmObsExperiment -Experiment $experiment -DatasetVersion ($dataset | Get-LlmObsDataset).CurrentVersion -Task { 1 }).RowCount | Should -BeGreaterThan 6
    }

    It 'of which one is left are the whole under -Whole' {
        $file = Join-Path $TestDrive left.jsonl
        $part = $dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard 2 -ShardCount 2 -Task { 'part' } -ResultPath $file
        $part.RowCount | Should -BeLessThan 6
        $run = Resume-LlmObsExperiment $file -Whole -Task { 'completed' } -SummaryEvaluator @{ rows = { @($_).Count } }
        $run.RowCount | Should -Be 6
        $run.SummaryEvaluations[0].Value | Should -Be 6
        ($run.Rows | Where-Object Output -EQ completed).Count | Should -Be (6 - $part.RowCount)
        Get-RecordId (Get-Stored $run) | Sort-Object | Should -Be (1..6 | ForEach-Object { "q-$_" })
        (Get-LlmObsExperiment -Id $experiment.Id).Status | Should -Be completed
    }
}
