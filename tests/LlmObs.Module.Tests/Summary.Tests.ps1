BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1

    # Buckets as the service gives them, without a service.
    function New-Bucket([System.Collections.IDictionary] $by, [System.Collections.IDictionary] $metric, [long] $hits = 1500) {
        $groups = [System.Collections.Generic.Dictionary[string, object]]::new()
        $values = [System.Collections.Generic.Dictionary[string, object]]::new()
        foreach ($entry in $by.GetEnumerator()) { $groups[$entry.Key] = $entry.Value }
        foreach ($entry in $metric.GetEnumerator()) { $values[$entry.Key] = $entry.Value }
        [LlmObs.AggregateBucket]@{ By = $groups; Metrics = $values; QueryHitCount = $hits }
    }
    $byLabel = @(
        New-Bucket ([ordered]@{ label = 'faithfulness' }) ([ordered]@{ avg = 0.84216 })
        New-Bucket ([ordered]@{ label = 'answer_relevancy' }) ([ordered]@{ avg = 0.7 })
    )
    $wide = foreach ($label in 'faithfulness', 'tone') {
        foreach ($name in 'plain', 'context') {
            New-Bucket ([ordered]@{ label = $label; name = $name }) ([ordered]@{ avg = $name -eq 'plain' ? 0.5 : 0.9; duration = 1200000000L })
        }
    }
    function Get-Reason([scriptblock] $gate) {
        try { & $gate | Out-Null; 'passed' } catch { "$($_.FullyQualifiedErrorId): $($_.ErrorDetails.Message)" }
    }
    $agentVariables = 'TF_BUILD', 'AGENT_TEMPDIRECTORY', 'GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY'
}

AfterAll { Clear-Session }

Describe 'The report of Write-LlmObsSummary' {
    It 'is a Markdown table of the groups and metrics' {
        $byLabel | Write-LlmObsSummary | Should -BeExactly @'
## Evaluation scores

| label | avg |
| --- | ---: |
| faithfulness | 0.8422 |
| answer_relevancy | 0.7 |

The query matched 1,500 events.

'@.Replace("`r`n", "`n")
    }

    It 'has a column for each of several groups and metrics, and what is not there is blank' {
        $rows = @($wide) + (New-Bucket ([ordered]@{ label = $null; name = 'plain' }) ([ordered]@{ avg = $null; duration = 12345678901L }))
        $report = ($rows | Write-LlmObsSummary -Title 'Nightly') -split "`n"
        $report[0] | Should -BeExactly '## Nightly'
        $report[2..3] | Should -BeExactly @('| label | name | avg | duration |', '| --- | --- | ---: | ---: |')
        $report[4] | Should -BeExactly '| faithfulness | plain | 0.5 | 1200000000 |'
        $report[8] | Should -BeExactly '|  | plain |  | 12345678901 |'
    }

    It 'says of each threshold whether it holds' {
        $report = $byLabel | Write-LlmObsSummary -Threshold ([ordered]@{ faithfulness = '>= 0.8'; answer_relevancy = '0.5..0.7' })
        ($report -split "`n")[9..10] | Should -BeExactly @('- ✅ pass: faithfulness, avg 0.84216, wanted `>= 0.8`', '- ✅ pass: answer_relevancy, avg 0.7, wanted `0.5..0.7`')
    }

    It 'makes text plain: <kind>' -ForEach @(
        @{ kind = 'a cell''s end'; label = 'a|b'; shown = 'a\|b' }
        @{ kind = 'line ends'; label = "a`r`nb`n| c |"; shown = 'a  b \| c \|' }
        @{ kind = 'HTML'; label = '<img src=x onerror="alert(1)">&amp;'; shown = '&lt;img src=x onerror="alert(1)">&amp;amp;' }
        @{ kind = 'what looks like the beginning of HTML'; label = '<= 2 <3 < x <b </b <!-- <?'; shown = '<= 2 <3 < x &lt;b &lt;/b &lt;!-- &lt;?' }
        @{ kind = 'code'; label = '`rm`'; shown = '\`rm\`' }
        @{ kind = 'links and images'; label = '![x](http://e)'; shown = '!\[x\](http://e)' }
        @{ kind = 'emphasis'; label = '**b** _i_ ~s~ a_b'; shown = '\*\*b\*\* \_i\_ \~s\~ a_b' }
        @{ kind = 'a command of Azure Pipelines'; label = '##vso[task.complete result=Succeeded;]'; shown = '\#\#vso\[task.complete result=Succeeded;\]' }
        @{ kind = 'a command of GitHub Actions'; label = '::set-output name=x::y'; shown = ':&#58;set-output name=x:&#58;y' }
        @{ kind = 'an escape sequence'; label = "$([char]27)[31mred"; shown = '\[31mred' }
        @{ kind = 'other scripts'; label = '日本 📴'; shown = '日本 📴' }
    ) {
        $bucket = New-Bucket ([ordered]@{ label = $label }) ([ordered]@{ avg = 1.0 })
        $lines = ($bucket | Write-LlmObsSummary -Threshold @{ avg = '= 1' }) -split "`n"
        $lines[4] | Should -BeExactly "| $shown | 1 |"
        $lines[8] | Should -BeExactly "- ✅ pass: $shown, avg 1, wanted ``= 1``"
        $lines.Count | Should -Be 10
    }

    It 'goes to a file where one is named, and then to the pipeline only with -PassThru' {
        $file = Join-Path $TestDrive 'report.md'
        Set-Content $file 'what was there'
        $byLabel | Write-LlmObsSummary $file | Should -BeNullOrEmpty
        $bytes = [IO.File]::ReadAllBytes($file)
        $bytes[0] | Should -Be 35 -Because 'it has no byte order mark'
        $byLabel | Write-LlmObsSummary -Path TestDrive:/report.md -PassThru | Should -BeExactly ([Text.Encoding]::UTF8.GetString($bytes))
    }

    It 'that can not be written is an error, and the gate is held all the same' {
        foreach ($path in (Join-Path $TestDrive 'no folder/report.md'), 'Env:/report.md') {
            $byLabel | Write-LlmObsSummary $path -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -Match '^(UnwritableFile|NotAFile),'
            Get-Reason { $byLabel | Write-LlmObsSummary $path @{ avg = '> 1' } -ErrorAction Continue 2>$null } | Should -BeLike 'ThresholdBroken,*'
        }
    }

    It 'is not written under -WhatIf' {
        $file = Join-Path $TestDrive 'whatif.md'
        $byLabel | Write-LlmObsSummary $file -WhatIf
        Test-Path $file | Should -BeFalse
    }
}

Describe 'A run at Write-LlmObsSummary' {
    BeforeAll {
        Start-LlmObsEmulator
        $gated = New-LlmObsProject gate-project | New-LlmObsDataset gated
        1..10 | ForEach-Object { @{ id = "g$_"; input = $_; expected_output = $_ } } | Add-LlmObsDatasetRecord -Dataset $gated | Out-Null
        $judges = (New-LlmObsEvaluator -ExactMatch), ([ordered]@{ half = { 0.5 }; kind = { 'k' } })
        $good = $gated | Invoke-LlmObsExperiment good -Task { $_.Input } -Evaluator $judges -SummaryEvaluator ([ordered]@{ f1 = { 0.75 }; sane = { $true } })
        $failing = $gated | Invoke-LlmObsExperiment failing -WarningAction SilentlyContinue -Task { if ($_.Input -gt 1) { throw 'no' }; $_.Input } -Evaluator $judges
        $shaky = $gated | Invoke-LlmObsExperiment shaky -WarningAction SilentlyContinue -Task { $_.Input } -Evaluator @{ shaky = { if ($_.Input -eq 1) { throw 'oh' }; 0.5 } }
        Stop-LlmObsEmulator # what follows asks no service
    }
    AfterAll { Clear-Session }

    It 'is a table of its own metrics' {
        $good | Write-LlmObsSummary -Threshold ([ordered]@{ exact_match = '>= 0.9'; half = @{ mean = '>= 0.5' }; f1 = '>= 0.7' }) | Should -BeExactly @'
## Evaluation scores

| label | mean | rate | n | pass_rate | missing | errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| exact_match |  | 1 | 10 | 1 | 0 | 0 |
| half | 0.5 |  | 10 |  | 0 | 0 |
| kind |  |  | 10 |  | 0 | 0 |
| f1 | 0.75 |  | 1 |  | 0 | 0 |
| sane |  | 1 | 1 |  | 0 | 0 |

10 rows, 0 failed; completed.

- ✅ pass: exact_match, rate 1, wanted `>= 0.9`
- ✅ pass: half, mean 0.5, wanted `>= 0.5`
- ✅ pass: f1, mean 0.75, wanted `>= 0.7`

'@.Replace("`r`n", "`n")
    }

    It 'is held to <threshold>' -ForEach @(
        @{ threshold = '@{ exact_match = @{ rate = ''>= 0.9''; n = ''>= 10''; pass_rate = ''>= 0.9''; missing = ''= 0''; errors = ''= 0'' } }'; id = $null }
        @{ threshold = '@{ half = ''>= 0.6'' }'; id = 'ThresholdBroken' }, @{ threshold = '@{ f1 = ''>= 0.8'' }'; id = 'ThresholdBroken' }
        @{ threshold = '@{ exact_match = @{ n = ''>= 11'' } }'; id = 'ThresholdBroken' }, @{ threshold = '@{ kind = ''>= 0'' }'; id = 'ThresholdBroken' }
        @{ threshold = '@{ exact_mtch = ''>= 0'' }'; id = 'UnknownThreshold' }
    ) {
        $reason = Get-Reason { $good | Write-LlmObsSummary -Threshold (& ([scriptblock]::Create($threshold))) }
        if ($id) { $reason | Should -BeLike "$id,*" } else { $reason | Should -Be 'passed' }
    }

    It 'does not pass with the rows that are left after failed tasks, unless a threshold says how many are well' {
        Get-Reason { $failing | Write-LlmObsSummary -Threshold @{ exact_match = '>= 0.9' } } | Should -BeLike 'ThresholdBroken,*The task failed for 9 of 10 rows*missing = ''<= 9''*'
        Get-Reason { $failing | Write-LlmObsSummary -Threshold @{ exact_match = @{ rate = '>= 0.9'; missing = '<= 5' } } } | Should -BeLike 'ThresholdBroken,*missing of exact_match is 9*'
        Get-Reason { $failing | Write-LlmObsSummary -Threshold @{ exact_match = @{ n = '>= 5' } } } | Should -BeLike 'ThresholdBroken,*n of exact_match is 1*'
        Get-Reason { $failing | Write-LlmObsSummary -Threshold @{ exact_match = @{ rate = '>= 0.9'; missing = '<= 9' } } } | Should -Be 'passed'
        Get-Reason { $shaky | Write-LlmObsSummary -Threshold @{ shaky = '>= 0.5' } } | Should -BeLike 'ThresholdBroken,*1 evaluations failed*errors = ''<= 1''*'
        Get-Reason { $shaky | Write-LlmObsSummary -Threshold @{ shaky = @{ mean = '>= 0.5'; errors = '<= 1' } } } | Should -Be 'passed'
        $failing | Write-LlmObsSummary | Should -Match '10 rows, 9 failed; '
    }

    It 'has its name beside its labels where several came in' {
        $lines = ($good, $shaky | Write-LlmObsSummary -Threshold @{ shaky = @{ errors = '<= 1' }; f1 = '>= 0' }) -split "`n"
        $lines[2] | Should -BeExactly '| experiment | label | mean | rate | n | pass_rate | missing | errors |'
        $lines -match '^\| shaky' | Should -Match 'shaky.* \| shaky \| 0.5 \|  \| 9 \|  \| 0 \| 1 \|'
    }

    It 'is one error where it can not be held against anything: <kind>' -ForEach @(
        @{ kind = 'another type'; given = { 'text', 'more' }; says = '*none of them (String)*' }, @{ kind = 'a dataset'; given = { $gated }; says = '*none of them (Dataset)*' }
        @{ kind = 'nothing'; given = { }; says = '*There were no scores*' }, @{ kind = 'null'; given = { $null }; says = '*There were no scores*' }
        @{ kind = 'a run without evaluators'; given = { $good | ForEach-Object { [LlmObs.ExperimentRun]@{ Experiment = $_.Experiment; Status = 'completed' } } }; says = '*no evaluator''s scores*' }
    ) {
        $Error.Clear()
        Get-Reason { & $given | Write-LlmObsSummary -Threshold @{ exact_match = '>= 0.9' } } | Should -BeLike "NothingToSummarize,$says"
        $Error.Count | Should -Be 1
    }

    It 'is no comparison, and is not mixed with others' {
        Get-Reason { $good | Write-LlmObsSummary -FailOn Degraded } | Should -BeLike 'InvalidValue,*-FailOn*'
        Get-Reason { $good, $byLabel[0] | Write-LlmObsSummary } | Should -BeLike 'InvalidValue,*one kind*'
    }
}

Describe 'The gate of Write-LlmObsSummary' {
    It '<condition> of 0.84216 is <holds>' -ForEach @(
        @{ condition = '>= 0.84216'; holds = $true }, @{ condition = '>= 0.8422'; holds = $false }
        @{ condition = '> 0.84216'; holds = $false }, @{ condition = '>0.8'; holds = $true }
        @{ condition = '<= 0.84216'; holds = $true }, @{ condition = '<= .5'; holds = $false }
        @{ condition = '< 0.84216'; holds = $false }, @{ condition = '< 9e-1'; holds = $true }
        @{ condition = '= 0.84216'; holds = $true }, @{ condition = '== 0.84'; holds = $false }
        @{ condition = '-ge 0.8'; holds = $true }, @{ condition = '-lt 0.8'; holds = $false }
        @{ condition = '≥ 0.8'; holds = $true }, @{ condition = '≤ 0.8'; holds = $false }
        @{ condition = '0.8..0.9'; holds = $true }, @{ condition = '0.84216 .. 1'; holds = $true }, @{ condition = '-1..0.8'; holds = $false }
    ) {
        $reason = Get-Reason { $byLabel[0] | Write-LlmObsSummary -Threshold @{ faithfulness = $condition } }
        if ($holds) { $reason | Should -Be 'passed' } else { $reason | Should -BeLike 'ThresholdBroken,*: Write-LlmObsSummary: avg of faithfulness is 0.84216, and must be *' }
    }

    It 'takes no condition that it does not understand: <condition>' -ForEach @(
        @{ condition = 0.8 }, @{ condition = '0.8' }, @{ condition = '>= 0,8' }, @{ condition = '>= 80%' }, @{ condition = '=> 0.8' }
        @{ condition = '!= 0' }, @{ condition = '>=' }, @{ condition = '' }, @{ condition = $null }, @{ condition = @{} }, @{ condition = '0.9..0.1' }, @{ condition = '>= NaN' }
    ) {
        Get-Reason { $byLabel | Write-LlmObsSummary -Threshold @{ faithfulness = $condition } } | Should -BeLike 'InvalidValue,*'
    }

    It 'needs something to check' {
        Get-Reason { $byLabel | Write-LlmObsSummary -Threshold @{} } | Should -BeLike 'InvalidValue,*nothing to check*'
    }

    It 'ends with every threshold that is broken' {
        $reason = Get-Reason { $byLabel | Write-LlmObsSummary -Threshold @{ avg = '> 0.9' } }
        $reason | Should -Match 'avg of faithfulness is 0.84216, and must be > 0.9'
        $reason | Should -Match 'avg of answer_relevancy is 0.7, and must be > 0.9'
    }

    It 'shows the value to its last digit, since a rounded one could look as if it held' {
        $close = New-Bucket ([ordered]@{ label = 'x' }) ([ordered]@{ avg = 0.79999999 })
        Get-Reason { $close | Write-LlmObsSummary -Threshold @{ x = '>= 0.8' } } | Should -BeLike '*is 0.79999999, and must be >= 0.8*'
    }

    It 'takes names that narrow each other: <kind>' -ForEach @(
        @{ kind = 'a metric'; threshold = @{ avg = '>= 0.5' }; broken = 0 }
        @{ kind = 'a metric, broken'; threshold = @{ AVG = '>= 0.6' }; broken = 2 }
        @{ kind = 'a group, then a metric'; threshold = @{ tone = @{ avg = '>= 0.6' } }; broken = 1 }
        @{ kind = 'a metric, then a group'; threshold = @{ avg = @{ context = '>= 0.9'; plain = '>= 0.5' } }; broken = 0 }
        @{ kind = 'two groups and a metric'; threshold = @{ tone = @{ context = @{ avg = '< 0.9'; duration = '< 2e9' } } }; broken = 1 }
        @{ kind = 'an ordered dictionary'; threshold = [ordered]@{ plain = [ordered]@{ duration = '< 1' } }; broken = 2 }
    ) {
        $reason = Get-Reason { $wide | Write-LlmObsSummary -Threshold $threshold }
        if ($broken -eq 0) { $reason | Should -Be 'passed' } else { [regex]::Matches($reason, 'must be').Count | Should -Be $broken }
    }

    It 'takes counts where they are named, and means none of them where they are not' {
        function New-Counted($label, $metrics, $counts) {
            $bucket = New-Bucket ([ordered]@{ label = $label }) $metrics
            $values = [System.Collections.Generic.Dictionary[string, object]]::new()
            foreach ($entry in $counts.GetEnumerator()) { $values[$entry.Key] = $entry.Value }
            [LlmObs.AggregateBucket]@{ By = $bucket.By; Metrics = $bucket.Metrics; Counts = $values; QueryHitCount = 5 }
        }
        $table = @(
            New-Counted faith ([ordered]@{ score_value = 0.9; boolean_value = $null }) ([ordered]@{ n = 38L; missing = 2L })
            New-Counted right ([ordered]@{ score_value = $null; boolean_value = 0.7 }) ([ordered]@{ n = 40L; missing = 0L })
        )
        $report = ($table | Write-LlmObsSummary -Threshold ([ordered]@{ faith = [ordered]@{ score_value = '>= 0.8'; n = '>= 30'; missing = '<= 5' }; right = '>= 0.7'; n = '> 0' })) -split "`n"
        $report[2..5] | Should -BeExactly '| label | score_value | boolean_value | n | missing |', '| --- | ---: | ---: | ---: | ---: |', '| faith | 0.9 |  | 38 | 2 |', '| right |  | 0.7 | 40 | 0 |'
        ($report -match '^- ✅ pass').Count | Should -Be 6
        Get-Reason { $table | Write-LlmObsSummary -Threshold @{ faith = @{ n = '>= 100' } } } | Should -BeLike '*n of faith is 38, and must be >= 100*'
        Get-Reason { $table | Write-LlmObsSummary -Threshold @{ missing = '<= 1' } } | Should -BeLike '*missing of faith is 2, and must be <= 1*'
        Get-Reason { $byLabel | Write-LlmObsSummary -Threshold @{ faithfulness = @{ missing = '<= 1' } } } | Should -BeLike 'UnknownThreshold,*Send-LlmObsEvent*'
        Get-Reason { $byLabel | Write-LlmObsSummary -Threshold @{ n = '> 1' } } | Should -BeLike 'UnknownThreshold,*-IncludeCount*'
    }

    It 'does not pass over a name that it does not know' {
        $reason = Get-Reason { $byLabel | Write-LlmObsSummary -Threshold ([ordered]@{ faithfullness = '>= 0.8'; avg = '> 0' }) }
        $reason | Should -BeLike "UnknownThreshold,*'faithfullness' of -Threshold is neither a metric nor a group*Did you mean 'faithfulness'?*answer_relevancy*"
    }

    It 'does not guess the metric among several' {
        Get-Reason { $wide | Write-LlmObsSummary -Threshold @{ tone = '>= 0.6' } } | Should -BeLike "UnknownThreshold,*names no metric*avg, duration*@{ 'tone' = @{ 'avg' = '>= 0.6' } }*"
    }

    It 'does not guess between a metric and a group of one name' {
        $both = New-Bucket ([ordered]@{ label = 'avg' }) ([ordered]@{ avg = 1 })
        Get-Reason { $both | Write-LlmObsSummary -Threshold @{ avg = '>= 0' } } | Should -BeLike 'UnknownThreshold,*has two meanings*'
    }

    It 'takes no value, and what is no number, for broken: <kind>' -ForEach @(
        @{ kind = 'nothing'; value = $null }, @{ kind = 'text'; value = '1' }, @{ kind = 'true'; value = $true }, @{ kind = 'not a number'; value = [double]::NaN }
    ) {
        $bucket = New-Bucket ([ordered]@{ label = 'x' }) ([ordered]@{ avg = $value })
        foreach ($condition in '>= 0', '<= 2', '-5..5') {
            Get-Reason { $bucket | Write-LlmObsSummary -Threshold @{ x = $condition } } | Should -BeLike 'ThresholdBroken,*'
        }
    }

    It 'does not let an empty result through' {
        Get-Reason { @() | Write-LlmObsSummary -Threshold @{ faithfulness = '>= 0.8' } } | Should -BeLike 'NothingToSummarize,*There were no scores*'
        Get-Reason { @() | Write-LlmObsSummary } | Should -BeLike 'NothingToSummarize,*'
        Get-Reason { $null | Write-LlmObsSummary -Threshold @{ faithfulness = '>= 0.8' } 2>$null } | Should -Not -Be 'passed'
    }

    It 'does not let a failed aggregate through' {
        $server = New-Server
        $server.Answer(500, '{"errors":[]}') | Out-Null
        Get-Reason { Invoke-LlmObsAggregate -ErrorAction SilentlyContinue | Write-LlmObsSummary -Threshold @{ faithfulness = '>= 0.8' } } | Should -BeLike 'NothingToSummarize,*'
        $server.Dispose()
    }

    It 'has an error that says what to do, and whose target are the broken thresholds' {
        try { $byLabel | Write-LlmObsSummary -Threshold @{ avg = '> 0.9' } } catch { $problem = $_ }
        $problem.CategoryInfo.Category | Should -Be 'LimitsExceeded'
        $problem.TargetObject.Count | Should -Be 2
        $problem.ErrorDetails.RecommendedAction | Should -Match 'Invoke-LlmObsAggregate'
        $problem.InvocationInfo.Line | Should -BeLike '*Write-LlmObsSummary -Threshold @{ avg = ''> 0.9'' }*'
    }
}

Describe 'On a build agent' {
    BeforeEach {
        Clear-Session
        $temporary = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
    }
    AfterEach { Clear-Session }

    It 'of Azure Pipelines the report is a file that is uploaded' {
        $env:TF_BUILD = 'True'; $env:AGENT_TEMPDIRECTORY = $temporary
        $said = $byLabel | Write-LlmObsSummary -Title 'FAQ: nightly' 6>&1
        $said | Should -HaveCount 1
        $said.Tags | Should -Be 'PSHOST' -Because 'the host prints it whatever $InformationPreference is'
        "$said" -match '^##vso\[task\.uploadsummary\](.*)$' | Should -BeTrue
        $Matches[1] | Should -BeLike (Join-Path $temporary '*' 'FAQ- nightly.md')
        Get-Content $Matches[1] -Raw | Should -BeLike '## FAQ: nightly*'
    }

    It 'of Azure Pipelines -Path is the file that is uploaded' {
        $env:TF_BUILD = 'True'; $env:AGENT_TEMPDIRECTORY = $temporary
        $file = Join-Path $temporary '100%.md'
        $said = $byLabel | Write-LlmObsSummary -Path $file 6>&1
        "$said" | Should -BeExactly "##vso[task.uploadsummary]$($file.Replace('%', '%AZP25'))"
        Test-Path $file | Should -BeTrue
        (Get-ChildItem $temporary).Count | Should -Be 1
    }

    It 'of GitHub Actions the report is put behind what the step''s summary holds' {
        $env:GITHUB_ACTIONS = 'true'; $env:GITHUB_STEP_SUMMARY = Join-Path $temporary summary
        Set-Content $env:GITHUB_STEP_SUMMARY 'before'
        $byLabel | Write-LlmObsSummary 6>&1 | Should -BeNullOrEmpty
        $byLabel | Write-LlmObsSummary -Title second -PassThru | Should -BeLike '## second*'
        $summary = Get-Content $env:GITHUB_STEP_SUMMARY -Raw
        $summary | Should -Match '(?s)^before\r?\n## Evaluation scores\n.*\n\n## second\n'
    }

    It 'a broken threshold is an issue of the run' {
        $env:TF_BUILD = 'True'; $env:AGENT_TEMPDIRECTORY = $temporary
        $env:GITHUB_ACTIONS = 'true'; $env:GITHUB_STEP_SUMMARY = Join-Path $temporary summary
        $said = & { try { $byLabel | Write-LlmObsSummary -Threshold @{ answer_relevancy = '>= 0.8' } } catch { $_.FullyQualifiedErrorId } } 6>&1
        "$($said[0])" | Should -BeLike '##vso`[task.uploadsummary`]*'
        "$($said[1])" | Should -BeExactly '##vso[task.logissue type=error]avg of answer_relevancy is 0.7, and must be >= 0.8'
        "$($said[2])" | Should -BeExactly '::error title=LlmObs::avg of answer_relevancy is 0.7, and must be >= 0.8'
        $said[3] | Should -BeLike 'ThresholdBroken,*'
        Get-Content $env:GITHUB_STEP_SUMMARY -Raw | Should -Match '❌ fail: answer_relevancy'
    }

    It 'an issue that comes of others'' text is one line and one command: <label>' -ForEach @(
        @{ label = "x`n##vso[task.complete result=Succeeded;]" }, @{ label = "x`r`n::stop-commands::t" }, @{ label = '50%0A##vso[task.setvariable variable=a]b' }
        @{ label = "$([char]0x2028)##[error]x" }
    ) {
        $env:TF_BUILD = 'True'; $env:AGENT_TEMPDIRECTORY = $temporary; $env:GITHUB_ACTIONS = 'true'
        $bucket = New-Bucket ([ordered]@{ label = $label }) ([ordered]@{ avg = 0 })
        $said = & { try { $bucket | Write-LlmObsSummary -Threshold @{ avg = '> 0' } } catch { $problem = $_; [string]$_; $problem.ErrorDetails.Message; $problem.Exception.Message } } 6>&1 | ForEach-Object { "$_" }
        $issues = @($said -match 'issue')
        $issues.Count | Should -Be 1
        foreach ($line in $said) {
            $line | Should -Not -Match '[\r\n]'
            [regex]::Matches($line, '##').Count | Should -Be ([int]$line.StartsWith('##vso[task.'))
            [regex]::Matches($line, '::').Count | Should -BeLessOrEqual 2
            if ($line.Contains('::')) { $line | Should -BeLike '::error title=LlmObs::*' }
        }
        $said -match 'logissue' | Should -Not -Match '%0A##'
    }

    It 'a report that can not be written does not keep the gate open' {
        $env:GITHUB_ACTIONS = 'true'; $env:GITHUB_STEP_SUMMARY = Join-Path $temporary 'no folder/summary'
        Get-Reason { $byLabel | Write-LlmObsSummary -Threshold @{ avg = '> 1' } -ErrorAction Continue 2>$null 6>$null } | Should -BeLike 'ThresholdBroken,*'
    }
}

Describe 'A script with a gate' {
    BeforeAll {
        $server = New-Server
        function Invoke-Gate($condition, $preference, [string[]] $call, $score = '0.5') {
            $server.Answer(200, '{"data":{"id":"a1","type":"experimentation","attributes":{"hit_count":3,"result":{"values":[{"by":{"label":"faithfulness"},"metrics":{"score_value":' + $score + '}}]}}}}') | Out-Null
            $file = Join-Path $TestDrive 'gate.ps1'
            Set-Content $file "`$ErrorActionPreference = '$preference'
                Import-Module '$env:LLMOBS_TEST_MANIFEST'; Set-LlmObsConfig -BaseUri $($server.BaseUri)
                Invoke-LlmObsAggregate -GroupBy label -IncludeCount:`$false | Write-LlmObsSummary -Threshold @{ faithfulness = '$condition' }
                'after the gate'"
            $said = pwsh -NoProfile -NonInteractive @call $file 2>&1 | Out-String
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Said = $said }
        }
    }
    AfterAll { $server.Dispose(); Clear-Session }

    It 'ends with 1 where a threshold is broken, with $ErrorActionPreference <preference>, by <call>' -ForEach @(
        @{ preference = 'Continue'; call = '-File' }, @{ preference = 'Stop'; call = '-File' }
        @{ preference = 'Continue'; call = '-Command' }, @{ preference = 'Stop'; call = '-Command' }
    ) {
        $run = Invoke-Gate '>= 0.8' $preference $call
        $run.ExitCode | Should -Be 1 -Because $run.Said
        $run.Said | Should -Match 'is 0.5, and must be >=[\s|]+0.8'
        $run.Said | Should -Not -Match 'after the gate'
    }

    It 'ends with 1 where the average is no finite number' {
        $run = Invoke-Gate '>= 0.8' Continue -File 1e400
        $run.ExitCode | Should -Be 1 -Because $run.Said
        $run.Said | Should -Match 'must be >=[\s|]+0.8'
    }

    It 'ends with 1 where a condition or a name is misspelt' {
        foreach ($condition in '=> 0.8', '>= 0,8') {
            $run = Invoke-Gate $condition Continue -File
            $run.ExitCode | Should -Be 1
            $run.Said | Should -Not -Match 'after the gate'
        }
    }

    It 'goes on with 0 where all hold' {
        $run = Invoke-Gate '>= 0.5' Continue -File
        $run.ExitCode | Should -Be 0 -Because $run.Said
        $run.Said | Should -Match 'after the gate'
    }
}
