BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1

    function New-ResultFile([string] $Path, [scriptblock] $Evaluate, [int] $Count = 20, [int] $RunCount = 1, [string] $Version = '1') {
        # A result file of so many records; the script block gives the evaluations of record $i in iteration $run.
        $lines = @("{`"type`":`"run`",`"version`":1,`"experiment_id`":`"$([guid]::NewGuid())`",`"name`":`"n`",`"dataset_id`":`"d`",`"dataset_version`":$Version}")
        $lines += foreach ($run in 1..$RunCount) {
            foreach ($i in 1..$Count) {
                $evaluations = & $Evaluate $i $run
                @{ type = 'row'; record_id = "r$i"; run_iteration = $run; input = "question $i"; output = "answer $i"; duration = 1000000 * $i; evaluations = $evaluations } |
                    ConvertTo-Json -Compress -Depth 9
            }
        }
        Set-Content -LiteralPath $Path -Value $lines
        $Path
    }

    function New-Score([double] $Value) { @{ metric_type = 'score'; value = $Value } }
    function New-Flag([bool] $Value) { @{ metric_type = 'boolean'; value = $Value } }
}

Describe 'Compare-LlmObsExperiment' {
    BeforeAll {
        $before = New-ResultFile "$TestDrive/before.jsonl" { param($i) @{ faithful = New-Score (0.5 + $i % 5 / 100); exact = New-Flag ($i -le 15) } }
        $after = New-ResultFile "$TestDrive/after.jsonl" { param($i) @{ faithful = New-Score (0.6 + $i % 7 / 100); exact = New-Flag ($i -gt 2) } }
    }
    AfterEach { Clear-Session }

    It 'compares result files, metrics first, then the figures of the run' {
        $all = Compare-LlmObsExperiment $before $after -WarningVariable warned
        $all | Should -BeOfType ([LlmObs.MetricComparison])
        $all.Label | Should -Be 'exact', 'faithful', 'duration'
        $all.Verdict | Should -Be 'Inconclusive', 'Improved', 'Unchanged'
        $all.Test | Should -Be 'McNemar', 'PairedT', 'PairedT'
        $all[0].ImprovedCount, $all[0].RegressedCount, $all[0].TieCount | Should -Be 5, 2, 13
        $all[0].PValue | Should -BeGreaterThan 0.4531
        $all[0].PValue | Should -BeLessThan 0.4532
        $warned | Should -BeNullOrEmpty
    }

    It 'has the worst change first, with its input and both outputs' {
        $change = (Compare-LlmObsExperiment $before $after -Label exact).Changes[0]
        $change.Key | Should -Be 'r1'
        $change.Input, $change.BaselineOutput, $change.CandidateOutput | Should -Be 'question 1', 'answer 1', 'answer 1'
        $change.Baseline, $change.Candidate, $change.Delta | Should -Be 1, 0, -1
    }

    It 'fits into 80 columns, with verdict' {
        $narrow = Compare-LlmObsExperiment $before $after | Out-String -Width 80
        $narrow | Should -Match 'Inconclusive exact\s+75%\s+90%\s+\+15%\s+\S+\.\.\S+\s+0\.91\s+20'
        $narrow | Should -Match '(?m)^Improved .+<0\.001\s+20\r?$'
    }

    It 'takes experiments of the service, by object and by id, and a run from the pipeline' {
        Start-LlmObsEmulator
        $null = New-LlmObsProject -Name support
        $null = New-LlmObsDataset -Project support -Name faq
        $one, $two = 1..2 | ForEach-Object { New-LlmObsExperiment -Name "n$_" -Project support -Dataset faq }
        $rows = 1..12 | ForEach-Object { [pscustomobject]@{ id = "s$_"; question = "q$_"; f = 0.5 + $_ / 100 } }
        $null = $rows | Send-LlmObsEvent -Experiment $one -InputColumn question -MetricColumn f -IdColumn id
        $rows | ForEach-Object { $_.f += 0.1 + $_.question.Length / 1000 }
        $null = $rows | Send-LlmObsEvent -Experiment $two -InputColumn question -MetricColumn f -IdColumn id
        $f = $two | Compare-LlmObsExperiment $one.Id -Label f -WarningVariable warned
        $f.PairCount, $f.ImprovedCount, $f.Verdict | Should -Be 12, 12, 'Improved'
        $f.Changes[0].Input | Should -Match '^q'
        $again = ($one | ConvertTo-Json -Depth 9 | ConvertFrom-Json)
        (Compare-LlmObsExperiment $again $two -Label f).PairCount | Should -Be 12
    }

    It 'says what was not compared: other versions, missing records, failed tasks' {
        $other = New-ResultFile "$TestDrive/other.jsonl" { param($i) @{ exact = New-Flag ($i -gt 2) } } -Count 18 -Version 2
        Add-Content $other '{"type":"row","record_id":"r99","status":"error","error":{"message":"boom"},"input":"x"}'
        $all = Compare-LlmObsExperiment $before $other -WarningVariable warned 3>$null
        ($warned -join "`n") | Should -Match 'different versions of the dataset: 1 and 2'
        ($warned -join "`n") | Should -Match '\b2 of 20 records\b'
        ($warned -join "`n") | Should -Match '\b1 of 19 records\b'
        ($warned -join "`n") | Should -Match 'The task failed for 1 of 19 rows'
        ($all | Where-Object Label -EQ faithful).Verdict | Should -Be 'TooFewPairs'
        ($all | Where-Object Label -EQ exact).UnpairedBaselineCount | Should -Be 2
    }

    It 'names the nearest label for one that neither run has' {
        Compare-LlmObsExperiment $before $after -Label faithfull -WarningVariable warned 3>$null | Should -BeNullOrEmpty
        $warned | Should -Match "Did you mean 'faithful'"
    }

    It 'refuses <what> with <id>' -ForEach @(
        @{ what = 'a file that is not there'; given = 'nowhere.jsonl'; id = 'FileNotFound' }
        @{ what = 'what is no run'; given = 42; id = 'InvalidValue' }
    ) {
        { Compare-LlmObsExperiment $given $after -ErrorAction Stop } | Should -Throw -ErrorId "$id,*"
    }

    It 'refuses a file that is no result file' {
        Set-Content "$TestDrive/wrong.jsonl" '{"a":1}'
        { Compare-LlmObsExperiment $before "$TestDrive/wrong.jsonl" -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidResultFile,*'
    }
}

Describe 'Measure-LlmObsExperiment' {
    It 'gives mean, error, spread, noise and the chances of k tries' {
        $file = New-ResultFile "$TestDrive/repeated.jsonl" { param($i, $run) @{ ok = New-Flag (($i + $run) % 2); s = New-Score ($i / 10 + $run / 100) } } -Count 10 -RunCount 2
        $ok, $s, $duration = Measure-LlmObsExperiment $file
        $ok.Mean, $ok.TryCount, $ok.PassAtK, $ok.PassHatK | Should -Be 0.5, 2, 1, 0
        $ok.RecordCount, $ok.ValueCount, $ok.MissingCount | Should -Be 10, 20, 0
        [math]::Round($s.Mean, 6) | Should -Be 0.565
        [math]::Round($s.WithinRecordDeviation, 6) | Should -Be 0.007071
        $s.PassAtK | Should -BeNullOrEmpty
        $duration.Label | Should -Be 'duration'
        (Measure-LlmObsExperiment $file -Label ok -TryCount 1).PassAtK | Should -Be 0.5
        $ok, $s | Out-String -Width 80 | Should -Match 'ok\s+50%'
    }
}

Describe 'Find-LlmObsBaseline' {
    BeforeEach {
        Start-LlmObsEmulator
        $null = New-LlmObsProject -Name support
        $null = 'faq', 'other' | ForEach-Object { New-LlmObsDataset -Project support -Name $_ }
        function New-Run([string] $Status, [hashtable] $Metadata, [string] $Dataset = 'faq') {
            New-LlmObsExperiment -Name faq-bot -Project support -Dataset $Dataset -Metadata $Metadata | Set-LlmObsExperiment -Status $Status
        }
    }
    AfterEach { Clear-Session }

    It 'finds the newest completed one of a branch or commit, in either convention' {
        $first = New-Run completed @{ branch = 'main'; commit = '0123456789abcdef' }
        $second = New-Run completed @{ tags = @('git.branch:main', 'git.commit.sha:fedcba9876543210') }
        $null = New-Run failed @{ branch = 'main' }
        $null = New-Run completed @{ branch = 'feature' }
        (Find-LlmObsBaseline support faq-bot -Branch main).Id | Should -Be $second.Id
        (Find-LlmObsBaseline support faq-bot -Commit 0123456).Id | Should -Be $first.Id
        (Find-LlmObsBaseline -Project support -LogicalName faq-bot -Commit fedcba9876543210 -Branch main).Id | Should -Be $second.Id
    }

    It 'says why there is none: <reason>' -ForEach @(
        @{ reason = 'of another branch than nobody'; with = @{ Branch = 'nobody' } }
        @{ reason = 'of another commit than abcdefabcdef'; with = @{ Commit = 'abcdefabcdef' } }
        @{ reason = 'on another dataset'; with = @{ Dataset = 'other' } }
        @{ reason = 'on another version of the dataset than 7'; with = @{ DatasetVersion = 7; Branch = 'main' } }
        @{ reason = 'failed, not completed'; with = @{ Branch = 'broken' } }
        @{ reason = 'older than 0\.00:00:00'; with = @{ Branch = 'main'; MaxAge = [timespan]::Zero } }
    ) {
        $null = New-Run completed @{ branch = 'main'; commit = '0123456789abcdef' }
        $null = New-Run failed @{ branch = 'broken'; commit = '0123456789abcdef' }
        { Find-LlmObsBaseline support faq-bot @with -ErrorAction Stop } | Should -Throw -ErrorId 'BaselineNotFound,*' -ExpectedMessage "*has no baseline*$($reason -replace '\\')*"
    }

    It 'says that there is no experiment of that name' {
        { Find-LlmObsBaseline support nobody -ErrorAction Stop } | Should -Throw -ErrorId 'BaselineNotFound,*' -ExpectedMessage '*there is no experiment of that name*'
    }
}

Describe 'Write-LlmObsSummary of a comparison' {
    BeforeAll {
        $before = New-ResultFile "$TestDrive/b.jsonl" { param($i) @{ f = New-Score (0.7 + $i % 5 / 100); exact = New-Flag $true } }
        $worse = New-ResultFile "$TestDrive/w.jsonl" { param($i) @{ f = New-Score (0.6 + $i % 7 / 100); exact = New-Flag ($i -gt 1) } }
        $lacking = New-ResultFile "$TestDrive/l.jsonl" { @{ exact = New-Flag $true } }
    }
    AfterEach { Clear-Session }

    It 'writes the table and the worst changes' {
        $text = Compare-LlmObsExperiment $before $worse | Write-LlmObsSummary -Title 'Against main'
        $text | Should -Match '## Against main'
        $text | Should -Match '\| f \| 0\.72 \| 0\.63 \| -0\.09 \| .* \| <0\.001 \| 20 \| 0 \| 20 \| ❌ Degraded \|'
        $text | Should -Match '### Worst changes'
        ([regex]::Matches($text, 'question \d+')).Count | Should -Be 10
    }

    It 'says of a metric that only one run has which run that is, and keeps the verdict' {
        $old = New-ResultFile "$TestDrive/only-old.jsonl" { param($i) @{ both = New-Flag $true; old = New-Score ($i / 20) } }
        $new = New-ResultFile "$TestDrive/only-new.jsonl" { @{ both = New-Flag $true; new1 = New-Flag $true; new2 = @{ metric_type = 'categorical'; value = 'k' } } }
        $all = Compare-LlmObsExperiment $old $new -WarningVariable warned -WarningAction SilentlyContinue
        $one = @{}
        $all | ForEach-Object { $one[$_.Label] = $_ }
        $one.old.OnlyIn, $one.new1.OnlyIn, $one.new2.OnlyIn, $one.both.OnlyIn | Should -Be 'baseline', 'candidate', 'candidate', $null
        $one.old.Verdict, $one.new1.Verdict | Should -Be TooFewPairs, TooFewPairs
        $warned.Message | Should -Contain 'Only in the baseline: old. A metric of one run has no pairs to compare.'
        $warned.Message | Should -Contain 'Only in the candidate: new1, new2. A metric of one run has no pairs to compare.'
        $all | Write-LlmObsSummary | Should -Match 'TooFewPairs \(only in the candidate\)'
        { $all | Where-Object Label -EQ new1 | Write-LlmObsSummary -FailOn TooFewPairs -Path "$TestDrive/only.md" } | Should -Throw -ErrorId 'ComparisonFailed,*' -ExpectedMessage '*new1 is only in the candidate*'
    }

    It 'closes the gate for what -FailOn names' {
        { Compare-LlmObsExperiment $before $worse | Write-LlmObsSummary -FailOn Degraded -Path "$TestDrive/s.md" } | Should -Throw -ErrorId 'ComparisonFailed,*' -ExpectedMessage '*f is worse: 0.72 to 0.63*'
        Get-Content "$TestDrive/s.md" -Raw | Should -Match '❌ fail: f is worse'
        { Compare-LlmObsExperiment $worse $before | Write-LlmObsSummary -FailOn Degraded -Path "$TestDrive/s.md" } | Should -Not -Throw
        { Compare-LlmObsExperiment $before $worse -MinimumPairCount 30 | Write-LlmObsSummary -FailOn Degraded, TooFewPairs -Path "$TestDrive/s.md" } |
            Should -Throw -ErrorId 'ComparisonFailed,*' -ExpectedMessage '*too few for a verdict*'
    }

    It 'closes the gate for a metric that the candidate lacks, and for failed tasks' {
        { Compare-LlmObsExperiment $before $lacking 3>$null | Write-LlmObsSummary -FailOn Degraded -Path "$TestDrive/s.md" } |
            Should -Throw -ErrorId 'ComparisonFailed,*' -ExpectedMessage '*The candidate has no value of f*'
        Copy-Item $before "$TestDrive/failing.jsonl"
        Add-Content "$TestDrive/failing.jsonl" '{"type":"row","record_id":"r1","run_iteration":2,"status":"error","error":{"message":"boom"}}'
        { Compare-LlmObsExperiment $before "$TestDrive/failing.jsonl" 3>$null | Write-LlmObsSummary -FailOn Degraded -Path "$TestDrive/s.md" } |
            Should -Throw -ErrorId 'ComparisonFailed,*' -ExpectedMessage '*The task failed*'
        { Compare-LlmObsExperiment $before "$TestDrive/failing.jsonl" 3>$null | Write-LlmObsSummary -FailOn Degraded -Threshold @{ errors = '< 0.1' } -Path "$TestDrive/s.md" } | Should -Not -Throw
    }

    It 'holds thresholds against values and their differences' {
        $comparison = Compare-LlmObsExperiment $before $worse
        { $comparison | Write-LlmObsSummary -Threshold @{ f = '>= 0.6'; 'f.delta' = '>= -0.2'; exact = @{ pairs = '>= 20' } } -Path "$TestDrive/s.md" } | Should -Not -Throw
        { $comparison | Write-LlmObsSummary -Threshold @{ 'f.delta' = '>= -0.01' } -Path "$TestDrive/s.md" } | Should -Throw -ErrorId 'ComparisonFailed,*' -ExpectedMessage '*delta of f is -0.0*must be >= -0.01*'
        { $comparison | Write-LlmObsSummary -Threshold @{ 'f.dleta' = '>= -0.01' } -Path "$TestDrive/s.md" } | Should -Throw -ErrorId 'UnknownThreshold,*' -ExpectedMessage "*Did you mean 'f.delta'*"
    }
}
