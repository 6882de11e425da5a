BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/RunSession.ps1
}

Describe 'What a run says at its end' {
    BeforeEach {
        Start-LlmObsEmulator
        $dataset = New-Question 6
        $file = Join-Path $TestDrive "verdict-$([guid]::NewGuid()).jsonl"
    }
    AfterEach { Clear-Session }

    It 'says nothing if all went well' {
        $run = $dataset | Invoke-LlmObsExperiment fine -Task { $_.Input } -Evaluator @{ good = { $true } } -WarningVariable warned -ErrorVariable failed
        $run.Status | Should -Be completed
        $warned | Should -BeNullOrEmpty
        $failed | Should -BeNullOrEmpty
    }

    It 'warns how many rows failed, why the first one did, and where the others are' {
        $run = $dataset | Invoke-LlmObsExperiment some -ThrottleLimit 1 -ResultPath $file -Task { if ($_.Id -in 'q-2', 'q-5') { throw "no $($_.Id)" } 'a' } -Evaluator @{ good = { $true } } -WarningVariable warned -WarningAction SilentlyContinue
        $run.Status | Should -Be failed
        $first = ($run.Rows | Where-Object Error)[0]
        $warned.Count | Should -Be 1
        "$warned" | Should -BeLike "2 of 6 rows failed, the first (record $($first.RecordId)): no $($first.RecordId). All of them: `$run.Rows | Where-Object Error, if `$run is the result. Resume-LlmObsExperiment -ResultPath '$file' with the same -Task, -Evaluator runs the missing and failed rows."
        $again = Resume-LlmObsExperiment $file -Task { if ($_.Id -eq 'q-5') { throw 'still' } 'a' } -Evaluator @{ good = { $true } } -WarningVariable warned -WarningAction SilentlyContinue
        $again.FailedCount | Should -Be 1
        "$warned" | Should -BeLike '1 of 6 rows failed, the first (record q-5): still.*'
        [void](Invoke-LlmObsExperiment -From $again -Evaluator @{ good = { $true } } -WarningVariable warned -WarningAction SilentlyContinue)
        "$warned" | Should -BeLike '1 of 6 rows failed, the first (record q-5): still.*'
    }

    It 'names no rows that were not kept' {
        [void]($dataset | Invoke-LlmObsExperiment some -ThrottleLimit 1 -DiscardRow -Task { if ($_.Id -eq 'q-2') { throw 'no' } 'a' } -WarningVariable warned -WarningAction SilentlyContinue)
        "$warned" | Should -Be '1 of 6 rows failed, the first (record q-2): no.'
    }

    It 'warns of evaluators that failed: <what>' -ForEach @(
        @{ what = 'those of rows'; with = @{ Evaluator = @{ fine = { 1 }; broken = { if ($_.RecordId -eq 'q-3') { throw 'no judge' } 1 } } }; says = "1 of 12 evaluations failed, the first ('broken' of record q-3): no judge. All of them: `$run.Rows | Where-Object { `$_.Evaluations.Values | Where-Object Error }, if*" }
        @{ what = 'summaries'; with = @{ SummaryEvaluator = @{ whole = { throw 'no sum' } } }; says = "1 of 1 evaluations failed, the first ('whole' of iteration 1): no sum. All of them: `$run.SummaryEvaluations | Where-Object Error, if*" }
    ) {
        $run = $dataset | Invoke-LlmObsExperiment judged -Task { 'a' } @with -WarningVariable warned -WarningAction SilentlyContinue
        $run.Status | Should -Be failed
        $warned.Count | Should -Be 1
        "$warned" | Should -BeLike $says
        # What the warning names finds what failed.
        $found = [scriptblock]::Create(("$warned" -replace '.*All of them: ' -replace ', if \$run.*')).InvokeWithContext($null, [psvariable]::new('run', $run))
        $found.Count | Should -Be 1
    }

    It 'ends with an error after the result if <what>' -ForEach @(
        @{ what = 'every row failed'; with = @{}; id = 'AllRowsFailed'; says = 'All 6 rows of experiment * failed, the first (record q-*): backend down.' }
        @{ what = 'the first failure ended it'; with = @{ StopOnError = $true }; id = 'RunGivenUp'; says = 'The run of experiment * was given up: 1 of 1 rows failed, the first (record q-*): backend down.' }
        @{ what = 'too many failed'; with = @{ MaxFailureCount = 2 }; id = 'RunGivenUp'; says = 'The run of experiment * was given up: 3 of 3 rows failed, the first (record q-*): backend down.' }
    ) {
        $run = $dataset | Invoke-LlmObsExperiment lost -ThrottleLimit 1 -ResultPath $file -Task { throw 'backend down' } @with -ErrorVariable failed -ErrorAction SilentlyContinue -WarningVariable warned
        $run.Status | Should -Be failed
        $failed.Count | Should -Be 1
        "$failed" | Should -BeLike $says
        $failed[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        $failed[0].TargetObject.Experiment.Id | Should -Be $run.Experiment.Id
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike "*Resume-LlmObsExperiment -ResultPath '$file'*"
        $warned | Should -BeNullOrEmpty -Because 'one cause is said once'
        # Under Stop the script ends there, and what was run is in the error.
        { Resume-LlmObsExperiment $file -ThrottleLimit 1 -Task { throw 'backend down' } @with } | Should -Throw -ErrorId "$id,*"
        $Error[0].TargetObject.FailedCount | Should -Be $run.FailedCount
    }

    It 'speaks of one row as of one' {
        [void]($dataset | Invoke-LlmObsExperiment lost -First 1 -Task { throw 'backend down' } -ErrorVariable failed -ErrorAction SilentlyContinue)
        "$failed" | Should -BeLike 'The only row of experiment * failed (record q-*): backend down.'
    }

    It 'warns of a run without a row: <what>' -ForEach @(
        @{ what = 'no record has the tag'; run = { $dataset | Invoke-LlmObsExperiment none -Tag nix:da -Task { 1 } }; says = 'Nothing was run: -Tag nix:da leaves none of 6 records. Experiment * is recorded without a row.' }
        @{ what = 'nor of a sample'; run = { $dataset | Invoke-LlmObsExperiment none -Tag nix:da -Sample 2 -Task { 1 } }; says = 'Nothing was run: -Tag nix:da with -Sample 2 leaves none of 6 records.*' }
        @{ what = 'no piped record has it'; run = { $dataset | Get-LlmObsDatasetRecord -First 4 | Invoke-LlmObsExperiment none -Tag nix:da -Task { 1 } }; says = 'Nothing was run: -Tag nix:da leaves none of 4 records.*' }
        @{ what = 'the dataset is empty'; run = { New-LlmObsDataset empty -Project bot | Invoke-LlmObsExperiment none -First 3 -Task { 1 } }; says = 'Nothing was run: the dataset has no records.*' }
        @{ what = 'of a file that goes on'; run = { [void]($dataset | Invoke-LlmObsExperiment none -Tag nix:da -ResultPath $file -Task { 1 } -WarningAction Ignore); Resume-LlmObsExperiment $file -Task { 1 } }; says = 'Nothing was run: -Tag nix:da leaves none of 6 records.*' }
    ) {
        $all = & $run 3>&1
        $warned, $result = $all.Where({ $_ -is [System.Management.Automation.WarningRecord] }, 'Split')
        $result.RowCount | Should -Be 0
        @($warned).Count | Should -Be 1
        "$warned" | Should -BeLike $says
        Get-LlmObsExperiment -Id $result.Experiment.Id | Should -Not -BeNullOrEmpty
    }

    It 'warns in each part that no record falls into' {
        $experiment = $dataset | New-LlmObsExperiment parts
        $runs = 1..7 | ForEach-Object { $dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard $_ -ShardCount 7 -Task { 1 } -WarningVariable +warned -WarningAction SilentlyContinue }
        ($runs | Measure-Object RowCount -Sum).Sum | Should -Be 6
        $warned.Count | Should -Be (@($runs | Where-Object RowCount -EQ 0).Count) -Because 'six records can not fill seven parts'
        $warned | ForEach-Object { "$_" | Should -BeLike 'Nothing was run: -Shard ? of 7 leaves none of 6 records.*' }
    }

    It 'warns once if no task gave an output: <what>' -ForEach @(
        @{ what = 'nothing'; task = { $Record.Input } }
        @{ what = 'shown only'; task = { Write-Host answer } }
        @{ what = 'nothing but figures'; task = { New-LlmObsTaskResult $null -CostUsd 1 } }
    ) {
        [void]($dataset | Invoke-LlmObsExperiment mute -Task $task -ResultPath $file -WarningVariable warned -WarningAction SilentlyContinue 6>$null)
        $warned.Count | Should -Be 1
        "$warned" | Should -BeLike 'No task gave an output: that of all 6 rows is null.*param($Record, $Config)*'
        [void](Resume-LlmObsExperiment $file -Task $task -WarningVariable warned -WarningAction SilentlyContinue 6>$null)
        "$warned" | Should -BeLike 'No task gave an output: that of all 6 rows is null.*'
        [void](Invoke-LlmObsExperiment -From $file -Evaluator @{ e = { 1 } } -WarningVariable warned)
        $warned | Should -BeNullOrEmpty -Because 'no task was run'
    }

    It 'takes one output for enough, were it false or empty text' {
        foreach ($one in { if ($_.Id -eq 'q-1') { $false } }, { if ($_.Id -eq 'q-1') { '' } }) {
            [void]($dataset | Invoke-LlmObsExperiment quiet -Task $one -WarningVariable warned)
            $warned | Should -BeNullOrEmpty
        }
    }
}

Describe 'The warning of several evaluators that failed' {
    AfterEach { Clear-Session }

    It 'names the cause of each, and one that they share once' {
        Start-LlmObsEmulator
        $dataset = New-Question 3
        $evaluators = (New-LlmObsEvaluator a { throw 'no route' }), (New-LlmObsEvaluator b { throw 'no route' }), (New-LlmObsEvaluator c { if ($_.RecordId -eq 'q-2') { throw 'no data' } 1 })
        [void]($dataset | Invoke-LlmObsExperiment several -Task { 'out' } -Evaluator $evaluators -CiMetadata:$false -WarningVariable warned -WarningAction SilentlyContinue)
        "$warned" | Should -Match "^7 of 9 evaluations failed, the first \('a' of record q-\d\): no route\. 'b' failed likewise for 3 rows\. 'c' failed for 1 row, the first \(record q-2\): no data\. All of them: "
    }
}

Describe 'A result file that is there' {
    BeforeEach {
        Start-LlmObsEmulator
        $dataset = New-Question 4
        $file = Join-Path $TestDrive "there-$([guid]::NewGuid()).jsonl"
        $run = $dataset | Invoke-LlmObsExperiment there -Task { 'paid' } -ResultPath $file
        $lines = Get-Content $file
        $before = (Get-LlmObsEmulator).ExperimentCount
    }
    AfterEach { Clear-Session }

    It 'is not overwritten if its run <what>' -ForEach @(
        @{ what = 'was interrupted'; cut = { $lines -replace '"status":"completed"', '"status":"interrupted"' } }
        @{ what = 'was killed'; cut = { $lines | Where-Object { $_ -notmatch '"type":"end"' } } }
        @{ what = 'was given up'; cut = { $lines -replace '"status":"completed"', '"status":"failed","given_up":true' } }
        @{ what = 'was interrupted again after it was resumed'; cut = { $lines; $lines[-1] -replace 'completed', 'interrupted' } }
    ) {
        & $cut | Set-Content $file
        $kept = Get-Content $file -Raw
        foreach ($call in { $dataset | Invoke-LlmObsExperiment next -Task { 'new' } -ResultPath $file }, { Invoke-LlmObsExperiment -From $run -Evaluator @{ e = { 1 } } -ResultPath $file },
            { $dataset | Invoke-LlmObsExperiment -Experiment $run.Experiment -Task { 'new' } -ResultPath $file },
            { @{ input = 'x' } | Invoke-LlmObsExperiment next -Dataset made-for-nothing -Project bot -Task { 'new' } -ResultPath $file }) {
            $call | Should -Throw "*holds 4 rows of an unfinished run*" -ErrorId 'InvalidValue,*'
            $Error[0].ErrorDetails.RecommendedAction | Should -BeLike "Resume-LlmObsExperiment -ResultPath '$file'*-Force*"
        }
        Get-Content $file -Raw | Should -Be $kept
        (Get-LlmObsEmulator).ExperimentCount | Should -Be $before -Because 'nothing was made'
        (Get-LlmObsDataset -Project bot).Name | Should -Not -Contain made-for-nothing
        ($dataset | Invoke-LlmObsExperiment next -Task { 'new' } -ResultPath $file -Force).RowCount | Should -Be 4
        (Get-Content $file | ConvertFrom-Json | Where-Object type -EQ row).output | Should -Be new, new, new, new
    }

    It 'keeps the answers of a run that -<parameter> ended, and replaces one without an answer' -ForEach @(
        @{ parameter = 'StopOnError'; more = @{ StopOnError = $true } }
        @{ parameter = 'MaxFailureCount'; more = @{ MaxFailureCount = 0 } }
    ) {
        $failing = @{ Task = { if (++$global:count -eq 3) { throw 'busy' } 'paid' }; ResultPath = $file; ThrottleLimit = 1; ErrorAction = 'SilentlyContinue' }
        [void]($dataset | Invoke-LlmObsExperiment ended @failing @more)
        $kept = Get-Content $file -Raw
        { $dataset | Invoke-LlmObsExperiment next -Task { 'new' } -ResultPath $file } | Should -Throw '*rows of an unfinished run*'
        Get-Content $file -Raw | Should -Be $kept
        $whole = Resume-LlmObsExperiment $file -Task { 'later' }
        $whole.Rows.Output | Sort-Object | Should -Be later, later, paid, paid
        ($dataset | Invoke-LlmObsExperiment next -Task { 'new' } -ResultPath $file).RowCount | Should -Be 4 -Because 'that run is whole now'
        $failing.Task = { throw 'busy' }
        [void]($dataset | Invoke-LlmObsExperiment ended @failing @more)
        ($dataset | Invoke-LlmObsExperiment next -Task { 'new' } -ResultPath $file).RowCount | Should -Be 4 -Because 'nothing was answered'
    }

    It 'is overwritten if <what>' -ForEach @(
        @{ what = 'its run came to its end'; content = { $lines } }
        @{ what = 'it has no rows'; content = { $lines[0] } }
        @{ what = 'it is no result file'; content = { 'notes' } }
    ) {
        & $content | Set-Content $file
        ($dataset | Invoke-LlmObsExperiment next -Task { 'new' } -ResultPath $file).RowCount | Should -Be 4
        @(Get-Content $file | ConvertFrom-Json | Where-Object type -EQ run).Count | Should -Be 1
    }
}
