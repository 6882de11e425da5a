BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/RunSession.ps1

    # The rows of a result file, also of one that is being written or was cut off.
    function Get-ResultRow([string] $file) {
        foreach ($line in Get-Content $file) {
            $read = try { $line | ConvertFrom-Json } catch { $null } # a torn line
            if ($read.type -eq 'row') { $read }
        }
    }

    function Get-Length([string] $file) { (Test-Path $file) ? (Get-Item $file).Length : 0 }
}

Describe 'A run whose process is killed' {
    AfterEach { Clear-Session }

    It 'goes on each time, runs nothing again that was finished, and misses nothing' {
        Start-LlmObsEmulator
        $dataset = New-Question 120
        $file = Join-Path $TestDrive killed.jsonl
        $log = Join-Path $TestDrive ran
        [void](New-Item -ItemType Directory $log)
        # Each run of a task leaves a file of its own: no two processes write to one.
        $task = "{ Set-Content (Join-Path '$log' `"`$PID `$(`$_.Id) `$([guid]::NewGuid())`") ''; Start-Sleep -Milliseconds 10; `$_.Input }"
        $random = [random]::new(20261129)
        $kills = 0
        $experiment = $null
        while ($kills -lt 10) {
            $begin = Get-Length $file
            $script = $begin -eq 0 ? "Get-LlmObsDataset questions -Project bot | Invoke-LlmObsExperiment killed -ThrottleLimit 2 -ResultPath '$file' -CiMetadata:`$false -Task $task -Evaluator @{ good = { 1 } }"
                : "Resume-LlmObsExperiment '$file' -ThrottleLimit 2 -Task $task -Evaluator @{ good = { 1 } }"
            $finished = @($begin -gt 0 ? (Get-ResultRow $file).record_id : @())
            # Anywhere from the first line to a tenth of what there will be: by progress, so that a slow machine kills no earlier.
            $until = $begin + $random.Next(1, 6000)
            $process = Start-RunProcess $script
            Wait-Until { (Get-Length $file) -ge $until } { $process.HasExited } | Should -BeTrue -Because "it was to be killed before its end: $($process.HasExited ? $process.Errors.Result : '')"
            $process.Kill()
            $process.WaitForExit()
            $kills++
            $again = @(Get-ChildItem $log "$($process.Id) *" | ForEach-Object { ($_.Name -split ' ')[1] }) | Where-Object { $_ -in $finished }
            $again | Should -BeNullOrEmpty -Because 'these were finished before'
            if ($kills % 3 -eq 0) { [IO.File]::AppendAllText($file, '{"type":"row","record_id":"q-') } # as if it had died in the middle of a line
        }
        $finished = @((Get-ResultRow $file).record_id)
        $run = Resume-LlmObsExperiment $file -Task ([scriptblock]::Create($task.Trim('{', '}'))) -Evaluator @{ good = { 1 } } -ThrottleLimit 2
        $again = @(Get-ChildItem $log "$PID *" | ForEach-Object { ($_.Name -split ' ')[1] }) | Where-Object { $_ -in $finished }
        $again | Should -BeNullOrEmpty
        $run.Status | Should -Be completed
        $run.RowCount | Should -Be 120
        @($run.Metrics)[0].Count | Should -Be 120
        $stored = @(Get-Stored $run)
        @(Get-RecordId $stored | Sort-Object -Unique).Count | Should -Be 120
        # Events that were sent twice, because the answer was not written down, are the same span.
        @($stored.SpanId | Sort-Object -Unique).Count | Should -Be 120
        $run.Rows.SpanId | Sort-Object | Should -Be ($stored.SpanId | Sort-Object -Unique)
        (Get-LlmObsExperiment -Id $run.Experiment.Id).Status | Should -Be completed
    }
}

Describe 'A run that goes on' {
    BeforeEach {
        Start-LlmObsEmulator
        $dataset = New-Question 6
        $file = Join-Path $TestDrive "on-$([guid]::NewGuid()).jsonl"
        # Two rows are finished, the third one ends the run.
        $evaluators = (New-LlmObsEvaluator -ExactMatch), @{ pair = { [ordered]@{ left = 1; right = $true } } }
        $begun = $dataset | Invoke-LlmObsExperiment on -ResultPath $file -StopOnError -ThrottleLimit 1 -Evaluator $evaluators -Task { if (++$global:count -eq 3) { throw 'busy' } $_.ExpectedOutput } -ErrorAction Ignore
    }
    AfterEach { Clear-Session }

    It 'says which evaluators it lacks, and counts the rows without their scores as missing' {
        $begun.Metrics.Label | Should -Be exact_match, left, right
        $begun.Metrics.MissingCount | Should -Be 1, 1, 1
        $run = Resume-LlmObsExperiment $file -Task { $_.ExpectedOutput } -Evaluator @{ other = { 1 } } -WarningVariable warned -WarningAction SilentlyContinue
        $warned.Count | Should -Be 1
        "$warned" | Should -BeLike "No evaluator 'exact_match', 'pair' was given, and the rows of '$file' have been judged by them: *"
        $metrics = @{}
        $run.Metrics | ForEach-Object { $metrics[$_.Label] = "$($_.Count) of 6, $($_.MissingCount) missing" }
        $metrics['exact_match', 'left', 'right', 'other'] | Should -Be '2 of 6, 4 missing', '2 of 6, 4 missing', '2 of 6, 4 missing', '6 of 6, 0 missing'
        $metrics.Count | Should -Be 4
    }

    It 'judges stored outputs with evaluators that rows lack, runs no task for it, and sends nothing twice' {
        $first = Resume-LlmObsExperiment $file -Task { $_.ExpectedOutput } -WarningAction Ignore
        Resume-LlmObsExperiment $file -Task { 1 } -Evaluator $evaluators -WhatIf 6>$null
        $metrics = (Get-LlmObsEmulator).MetricCount
        $run = Resume-LlmObsExperiment $file -Task { throw 'ran' } -Evaluator $evaluators -WarningVariable warned -ErrorVariable failed
        $warned | Should -BeNullOrEmpty
        $failed | Should -BeNullOrEmpty
        $run.Status | Should -Be completed
        $run.Metrics | ForEach-Object { "$($_.Label) $($_.Count) $($_.MissingCount)" } | Should -Be 'exact_match 6 0', 'left 6 0', 'right 6 0'
        ($run.Rows.SpanId | Sort-Object) | Should -Be ($first.Rows.SpanId | Sort-Object)
        ($run.Rows.Output | Sort-Object) | Should -Be ($first.Rows.Output | Sort-Object)
        (Get-LlmObsEmulator).MetricCount - $metrics | Should -Be 12 -Because 'four rows lacked three scores each'
        $stored = @(Get-Stored $run | Where-Object Status -NE error)
        $stored.Count | Should -Be 6
        foreach ($span in $stored) { $span.EvalMetrics.Label | Sort-Object | Should -Be exact_match, left, right }
        # The file knows it now, and that the service does.
        $metrics = (Get-LlmObsEmulator).MetricCount
        (Resume-LlmObsExperiment $file -Task { throw 'ran' } -Evaluator $evaluators).Metrics.Count | Should -Be 3
        (Get-LlmObsEmulator).MetricCount | Should -Be $metrics
    }

    It 'does so for rows that were judged again, too' {
        $copies = Join-Path $TestDrive "copies-$([guid]::NewGuid()).jsonl"
        $all = $dataset | Invoke-LlmObsExperiment whole -Task { $_.ExpectedOutput }
        $first = Invoke-LlmObsExperiment -From $all -Evaluator @{ one = { 1 } } -ResultPath $copies
        $run = Resume-LlmObsExperiment $copies -Evaluator @{ two = { 2 } } -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike "No evaluator 'one' was given*"
        $run.Metrics | ForEach-Object { "$($_.Label) $($_.Mean) $($_.Count)" } | Should -Be 'one 1 6', 'two 2 6'
        ($run.Rows.SpanId | Sort-Object) | Should -Be ($first.Rows.SpanId | Sort-Object)
        foreach ($span in Get-Stored $run) { $span.EvalMetrics.Label | Sort-Object | Should -Be one, two }
    }

    It 'sends a row whole that was neither sent nor judged' {
        # As if it had been killed before the answer.
        Set-Content $file (Get-Content $file | Where-Object { $_ -notmatch '"type":"(sent|end)"' })
        $before = Get-LlmObsEmulator
        $run = Resume-LlmObsExperiment $file -Task { $_.ExpectedOutput } -Evaluator ($evaluators + @{ late = { 1 } })
        $run.Metrics | ForEach-Object { "$($_.Label) $($_.Count)" } | Should -Be 'exact_match 6', 'left 6', 'right 6', 'late 6'
        (Get-LlmObsEmulator).MetricCount - $before.MetricCount | Should -Be 24 -Because 'four scores of each row were sent, those of two rows for the second time'
    }
}

Describe 'A run whose evaluators failed' {
    BeforeEach {
        Start-LlmObsEmulator
        $dataset = New-Question 4
        $file = Join-Path $TestDrive "judged-$([guid]::NewGuid()).jsonl"
        $broken = @{ fine = { 1 }; judge = { if ($_.RecordId -ne 'q-2') { throw 'not there' } $true }; pair = { throw 'not there' } }
        $whole = @{ fine = { throw 'judged twice' }; judge = { $true }; pair = { [ordered]@{ left = 1; right = 2 } } }
        $begun = $dataset | Invoke-LlmObsExperiment judged -ResultPath $file -Task { $_.ExpectedOutput } -Evaluator $broken -CiMetadata:$false -WarningVariable warned -WarningAction SilentlyContinue
    }
    AfterEach { Clear-Session }

    It 'is judged again where they failed, without a task and without judging the rest twice' {
        "$warned" | Should -BeLike "7 of 12 evaluations failed, *: not there. * Resume-LlmObsExperiment -ResultPath '$file' with the same -Task, -Evaluator judges them again, from the stored outputs."
        $metrics = (Get-LlmObsEmulator).MetricCount
        $run = Resume-LlmObsExperiment $file -Task { throw 'ran' } -Evaluator $whole -WarningVariable still -ErrorVariable failed
        "$still$failed" | Should -BeNullOrEmpty
        $run.Status | Should -Be completed
        $run.ErrorCount, $run.FailedCount | Should -Be 0, 0
        $run.Metrics | ForEach-Object { "$($_.Label) $($_.Count) $($_.ErrorCount) $($_.MissingCount)" } | Sort-Object | Should -Be 'fine 4 0 0', 'judge 4 0 0', 'left 4 0 0', 'right 4 0 0'
        ($run.Rows.SpanId | Sort-Object) | Should -Be ($begun.Rows.SpanId | Sort-Object)
        (Get-LlmObsExperiment $run.Experiment.Id).Status | Should -Be completed
        (Get-LlmObsEmulator).MetricCount - $metrics | Should -BeLessOrEqual 11 -Because 'three verdicts of the judge and eight figures of the pair are new'
        foreach ($span in Get-Stored $run) { ($span.EvalMetrics | Where-Object Label -EQ judge).BooleanValue | Should -BeTrue }
        # Nothing is left to do.
        $metrics = (Get-LlmObsEmulator).MetricCount
        (Resume-LlmObsExperiment $file -Task { throw 'ran' } -Evaluator $whole).ErrorCount | Should -Be 0
        (Get-LlmObsEmulator).MetricCount | Should -Be $metrics
    }

    It 'has their errors once if they fail again' {
        $run = Resume-LlmObsExperiment $file -Task { throw 'ran' } -Evaluator $broken -WarningAction Ignore
        $run.ErrorCount | Should -Be 7
        $run.Status | Should -Be failed
        $run.Rows | ForEach-Object { $_.Evaluations.Count | Should -Be 3 }
    }

    It 'that judged stored outputs is judged again there, too' {
        $copies = Join-Path $TestDrive "copies-$([guid]::NewGuid()).jsonl"
        [void](Invoke-LlmObsExperiment -From $begun -Evaluator $broken -ResultPath $copies -CiMetadata:$false -WarningVariable warned -WarningAction SilentlyContinue)
        "$warned" | Should -BeLike "*Resume-LlmObsExperiment -ResultPath '$copies' with the same -Evaluator judges them again*"
        $run = Resume-LlmObsExperiment $copies -Evaluator $whole
        $run.ErrorCount | Should -Be 0
        $run.Metrics.Count | Sort-Object -Unique | Should -Be 4
    }
}

Describe 'An experiment whose failed rows ran again' {
    AfterEach { Clear-Session }

    It 'is read back with each row once, as it stands now' {
        Start-LlmObsEmulator
        $dataset = New-Question 12
        $file = Join-Path $TestDrive again.jsonl
        $good = @{ good = { 1 } }
        $first = $dataset | Invoke-LlmObsExperiment again -ResultPath $file -Evaluator $good -Task { if ($_.Id -in 'q-2', 'q-5') { throw 'busy' }; $_.Input } -WarningAction Ignore
        $first.FailedCount | Should -Be 2
        $run = Resume-LlmObsExperiment $file -Task { if ($_.Id -eq 'q-5') { throw 'busy still' }; $_.Input } -Evaluator $good -WarningAction Ignore
        ($run.RowCount, $run.FailedCount) | Should -Be (12, 1)
        @(Get-Stored $run).Count | Should -Be 14 -Because 'the service keeps the failed spans'
        (Measure-LlmObsExperiment $run.Experiment.Id -Label good, errors | ForEach-Object { "$($_.Label) $($_.ValueCount)" }) | Should -Be 'good 11', 'errors 12'
        $scored = Invoke-LlmObsExperiment -From $run.Experiment.Id -Evaluator @{ other = { 2 } } -WarningAction Ignore
        ($scored.RowCount, $scored.FailedCount) | Should -Be (12, 1)
        @($scored.Rows.RecordId | Sort-Object -Unique).Count | Should -Be 12
        ($scored.Rows | Where-Object Error).Error.Message | Should -Match 'busy still'
    }
}

Describe 'A result file that can not be written' {
    AfterEach { Clear-Session }

    if (-not $IsWindows) {
        BeforeAll {
            # A limit on the size of files, as a full disk would be.
            function Invoke-Limited([int] $kibibytes, [string] $script) {
                $line = "Import-Module '$env:LLMOBS_TEST_MANIFEST'; `$ErrorActionPreference = 'Continue'; try { $script } catch { ""`$(`$_.FullyQualifiedErrorId)|`$_|`$(`$_.TargetObject)"" }"
                $env:LLMOBS_BASE_URI = (Get-LlmObsEmulator).BaseUri
                $env:DOTNET_EnableWriteXorExecute = '0' # the runtime would map its own code through a file
                try { bash -c "trap '' XFSZ; ulimit -f $kibibytes; exec `"`$@`"" bash (Get-ShellUnderTest) -NoProfile -NonInteractive -Command $line }
                finally { $env:LLMOBS_BASE_URI = $env:DOTNET_EnableWriteXorExecute = $null }
            }
        }

        It 'any more ends the run, whose finished rows are sent, and goes on with room again' {
            Start-LlmObsEmulator
            [void](New-Question 60)
            $file = Join-Path $TestDrive full.jsonl
            $said = Invoke-Limited 64 "Invoke-LlmObsExperiment full -Project bot -Dataset questions -Task { Start-Sleep -Milliseconds 100; 'x' * 8000 } -ThrottleLimit 3 -ResultPath '$file' -CiMetadata:`$false"
            "$said" | Should -Match 'UnwritableFile,.*its result file can''t be written: .* finished rows? w\w+ sent, but .*full\.jsonl$'
            $unkept = [int][regex]::Match("$said", '(\d+) finished').Groups[1].Value
            $experiment = Get-LlmObsExperiment -Project bot
            $experiment.Status | Should -Be failed
            $kept = @(Get-ResultRow $file).Count
            $stored = @(Get-Stored $experiment)
            $stored.Count | Should -Be ($kept + $unkept) -Because 'what is finished is sent'
            $stored.Count | Should -BeLessThan 60

            # The file can't even be begun: no task runs.
            $whole = Get-Content $file | Where-Object { Test-Json $_ -ErrorAction Ignore }
            [IO.File]::WriteAllText($file, $whole -join "`n")
            "$(Invoke-Limited 32 "Resume-LlmObsExperiment '$file' -Task { throw 'ran' }")" | Should -Match '^UnwritableFile,.*full\.jsonl.* was not written: '
            @(Get-Stored $experiment).Count | Should -Be $stored.Count

            $run = Resume-LlmObsExperiment $file -Task { 'y' }
            $run.RowCount | Should -Be 60
            (Get-LlmObsExperiment -Id $experiment.Id).Status | Should -Be completed
        }
    }
}
