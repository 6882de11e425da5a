BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $answer = '{"data":{"id":"a1","type":"experimentation","attributes":{"hit_count":1500,"result":{"values":[' +
    '{"by":{"label":"faithfulness","assessment":"pass"},"metrics":{"avg":0.85,"n":3}},{"by":{"label":"relevancy","assessment":null},"metrics":{"avg":null,"n":12345678901}}]}}}}'
}

Describe 'The request of Invoke-LlmObsAggregate' {
    BeforeEach { $server = New-Server; $server.Answer(200, $answer) | Out-Null }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'refuses -<parameter> without a value instead of asking about everything' -ForEach @(
        @{ parameter = 'Experiment'; given = $null }, @{ parameter = 'Experiment'; given = @() }, @{ parameter = 'Experiment'; given = '' }
        @{ parameter = 'Label'; given = $null }, @{ parameter = 'GroupBy'; given = $null }
    ) {
        $arguments = @{ $parameter = $given }
        { Invoke-LlmObsAggregate @arguments } | Should -Throw -ErrorId 'ParameterArgumentValidationError*' -ExpectedMessage "*'$parameter'*"
    }

    It 'asks for the average score and the rate of true of everything, where nothing else is given' {
        Invoke-LlmObsAggregate | Out-Null
        $server.Requests[0].Method | Should -Be 'POST'
        $server.Requests[0].Path | Should -Be '/api/v2/llm-obs/v1/experimentation/analytics'
        $server.Requests[0].Body | Should -BeExactly ('{"data":{"type":"experimentation","attributes":{"aggregate":{"compute":[{"metric":"score_value"},{"metric":"boolean_value"}],' +
            '"indexes":["experiment-evals"],"search":{"query":""}}}}}')
    }

    It 'carries every field that is given' {
        Invoke-LlmObsAggregate -Compute ([ordered]@{ avg = 'score_value'; n = 'span_id' }) -Index a, b -GroupBy label, assessment -Query 'text' -Limit 7 -DatasetVersion 9007199254740993 -IncludeCount:$false `
            -From ([DateTimeOffset]::FromUnixTimeMilliseconds(1705312200000)) -To ([DateTimeOffset]::FromUnixTimeMilliseconds(1705315800000)) | Out-Null
        $server.Requests[0].Body | Should -BeExactly ('{"data":{"type":"experimentation","attributes":{"aggregate":{"compute":[{"metric":"score_value","name":"avg"},{"metric":"span_id","name":"n"}],' +
            '"dataset_version":9007199254740993,"group_by":[{"field":"label"},{"field":"assessment"}],"indexes":["a","b"],"limit":7,"search":{"query":"text"},' +
            '"time":{"from":1705312200000,"to":1705315800000}}}}}')
    }

    It 'asks for several metrics by their names' {
        Invoke-LlmObsAggregate score_value, duration label -IncludeCount:$false | Out-Null
        $aggregate = (Get-Attribute $server).aggregate
        $aggregate.compute.metric | Should -Be @('score_value', 'duration')
        $aggregate.group_by.field | Should -Be 'label'
    }

    It 'puts experiments and labels into the query, quoted where needed: <expected>' -ForEach @(
        @{ arguments = @{ ExperimentId = '3fd6b5e0-8910-4b1c-a7d0-5b84de329012' }; expected = '@experiment_id:3fd6b5e0-8910-4b1c-a7d0-5b84de329012' }
        @{ arguments = @{ ExperimentId = 'e1000000-0000-4000-8000-000000000000'; Label = 'faithfulness' }; expected = '@experiment_id:e1000000-0000-4000-8000-000000000000 @label:faithfulness' }
        @{ arguments = @{ ExperimentId = 'e1000000-0000-4000-8000-000000000000', 'e2000000-0000-4000-8000-000000000000'; Label = 'a b' }; expected = '@experiment_id:(e1000000-0000-4000-8000-000000000000 OR e2000000-0000-4000-8000-000000000000) @label:"a b"' }
        @{ arguments = @{ Label = 'say "x"' }; expected = '@label:"say \"x\""' }
        @{ arguments = @{ Query = 'a OR b'; Label = 'l' }; expected = '(a OR b) @label:l' }
        @{ arguments = @{ Query = '@assessment:fail'; Label = '-x' }; expected = '@assessment:fail @label:"-x"' }
    ) {
        Invoke-LlmObsAggregate @arguments | Out-Null
        (Get-Attribute $server).aggregate.search.query | Should -BeExactly $expected
    }

    It 'takes the last hours, up to now' {
        Invoke-LlmObsAggregate -Last 02:00 | Out-Null
        $time = (Get-Attribute $server).aggregate.time
        ($time.to - $time.from) | Should -Be 7200000
        [Math]::Abs([DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() - $time.to) | Should -BeLessThan 5000
    }

    It 'takes -From alone up to now' {
        Invoke-LlmObsAggregate -From ([datetime]::UtcNow.AddHours(-1)) | Out-Null
        [Math]::Abs((Get-Attribute $server).aggregate.time.from - [DateTimeOffset]::UtcNow.AddHours(-1).ToUnixTimeMilliseconds()) | Should -BeLessThan 5000
    }

    It 'refuses two beginnings' {
        { Invoke-LlmObsAggregate -From 2026-01-01 -Last 1:00 } | Should -Throw -ErrorId 'InvalidValue,*'
    }

    It 'waits until as many events are there as were sent' {
        $server.Answer(200, $answer.Replace('1500', '1600')) | Out-Null
        (Invoke-LlmObsAggregate -MinimumHitCount 1600).QueryHitCount | Should -Be @(1600, 1600)
        $server.Requests.Count | Should -Be 2
    }

    It 'gives an error and no averages, where too few events are there in the end' {
        Invoke-LlmObsAggregate -MinimumHitCount 1501 -WaitSec 0 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -BeLike 'TooFewEvents,*'
        $problem[0].ErrorDetails.Message | Should -BeLike '*1500 events; 1501*'
        $server.Requests.Count | Should -Be 1
    }

    It 'asks for each piped experiment' {
        $server.Answer(200, $answer) | Out-Null
        [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000' }, [LlmObs.Experiment]@{ Id = 'e2000000-0000-4000-8000-000000000000' } | Invoke-LlmObsAggregate | Out-Null
        0, 1 | ForEach-Object { (Get-Attribute $server $_).aggregate.search.query } | Should -Be @('@experiment_id:e1000000-0000-4000-8000-000000000000', '@experiment_id:e2000000-0000-4000-8000-000000000000')
    }

    It 'binds objects by the names of the API' {
        '{"metric":["score_value","duration"],"group_by":["label"],"indexes":["i"],"query":"text","limit":3,"experiment_id":"e1000000-0000-4000-8000-000000000000"}' | ConvertFrom-Json | Invoke-LlmObsAggregate -IncludeCount:$false | Out-Null
        $server.Requests[0].Body | Should -BeExactly ('{"data":{"type":"experimentation","attributes":{"aggregate":{"compute":[{"metric":"score_value"},{"metric":"duration"}],' +
            '"group_by":[{"field":"label"}],"indexes":["i"],"limit":3,"search":{"query":"text @experiment_id:e1000000-0000-4000-8000-000000000000"}}}}}')
    }

    It 'completes indexes and fields' {
        (TabExpansion2 'Invoke-LlmObsAggregate -Index e' 31).CompletionMatches.CompletionText | Should -Be 'experiment-evals'
        (TabExpansion2 'Invoke-LlmObsAggregate -GroupBy la' 34).CompletionMatches.CompletionText | Should -Be 'label'
    }
}

Describe 'The buckets of Invoke-LlmObsAggregate' {
    BeforeEach { $server = New-Server; $server.Answer(200, $answer) | Out-Null }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'have each group field and each metric as a property' {
        $buckets = Invoke-LlmObsAggregate
        $buckets.Count | Should -Be 2
        $buckets[0] | Should -BeOfType ([LlmObs.AggregateBucket])
        $buckets[0].label, $buckets[0].assessment, $buckets[0].avg, $buckets[0].n | Should -Be @('faithfulness', 'pass', 0.85, 3)
        $buckets[0].QueryHitCount | Should -Be 1500
        ($buckets | ConvertTo-Csv)[0, 1] | Should -Be '"label","assessment","avg","n","QueryHitCount"', '"faithfulness","pass","0.85","3","1500"'
        ($buckets[0] | Select-Object *).PSObject.Properties.Name | Should -Be 'label', 'assessment', 'avg', 'n', 'QueryHitCount'
        $buckets[0].By['label'] | Should -Be 'faithfulness'
        $buckets[0].Metrics['avg'] | Should -Be 0.85
        $null -eq $buckets[1].avg | Should -BeTrue
        $buckets[1].n | Should -Be 12345678901
    }

    It 'are a table of these properties' {
        $shown = Invoke-LlmObsAggregate | Format-Table | Out-String
        $shown | Should -Match 'label\s+assessment\s+avg\s+n'
        $shown | Should -Not -Match 'QueryHitCount'
    }

    It 'just work in Format-Table, Export-Csv and Sort-Object' {
        $file = Join-Path $TestDrive scores.csv
        Invoke-LlmObsAggregate | Sort-Object label -Descending | Select-Object label, avg | Export-Csv $file
        Get-Content $file | Should -Be @('"label","avg"', '"relevancy",', '"faithfulness","0.85"')
        $server.Answer(200, $answer) | Out-Null
        Invoke-LlmObsAggregate | Format-Table label, avg | Out-String | Should -Match 'faithfulness 0.85'
    }

    It 'may be none' {
        $other = [LlmObs.Testing.ScriptedService]::new()
        Set-LlmObsConfig -BaseUri $other.BaseUri
        $other.Answer(200, '{"data":{"id":"a","attributes":{"hit_count":0,"result":{"values":[]}}}}').Answer(200, '{"data":{}}') | Out-Null
        Invoke-LlmObsAggregate -ErrorVariable problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
        Invoke-LlmObsAggregate -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnreadableAnswer,*'
        $other.Dispose()
    }
}

Describe 'The counts of Invoke-LlmObsAggregate' {
    BeforeAll {
        Start-LlmObsEmulator -AllowUnknownId
        $counted = New-LlmObsExperiment counted -ProjectId p -DatasetId d
        $rows = foreach ($i in 1..10) {
            [pscustomobject]@{
                q = "question $i"; faith = $i -le 2 ? 'n/a' : $i / 10; right = $i -le 7
                topic = $i -le 6 ? 'bill "ing"' : $i -le 9 ? 'tech*' : ''; never = ''
            }
        }
        $sent = $rows | Send-LlmObsEvent $counted -InputColumn q -MetricColumn faith, right, topic, never -WarningAction SilentlyContinue
        $spans = 1..4 | ForEach-Object { New-LlmObsSpan "s$_" -Input a }
        $judged = New-LlmObsExperiment judged -ProjectId p -DatasetId d
        $spans | ForEach-Object { $_; $_ | New-LlmObsMetric -Label tone -Score 1 -Assessment ($_.Name -eq 's1' ? 'fail' : 'pass')
            $_ | New-LlmObsMetric -Label sure -Score 1 -Assessment pass; $_ | New-LlmObsMetric -Label free -Score 1 } | Send-LlmObsEvent $judged | Out-Null
        function Get-Group($buckets, $label) { $buckets | Where-Object label -EQ $label }
    }
    AfterAll { Clear-Session }

    It 'are the events, values and missing values of each label, averages of scores and rates of true beside each other' {
        $buckets = $sent | Invoke-LlmObsAggregate -GroupBy label
        $buckets | Select-Object label, score_value, boolean_value, n, missing | Sort-Object label | ConvertTo-Csv | Should -Be @(
            '"label","score_value","boolean_value","n","missing"', '"faith","0.65",,"8","2"', '"never",,,"0","10"', '"right",,"0.7","10","0"', '"topic",,,"9","1"')
    }

    It 'stand in the result of the sender' {
        $sent.Labels | ForEach-Object { "$_" } | Should -Be 'faith: 8 of 10', 'right: 10 of 10', 'topic: 9 of 10', 'never: 0 of 10'
        $sent.MissingCount | Should -Be 13
        ($spans[0] | Send-LlmObsEvent $judged).Labels | Should -BeNullOrEmpty
    }

    It 'of a list of metrics count rows without one of its labels' {
        $lists = New-LlmObsExperiment lists -ProjectId p -DatasetId d
        $result = '{"q":"a","m":[{"name":"x","score":1},{"name":"y","score":0}]}', '{"q":"b","m":[{"name":"x","score":0.5}]}', '{"q":"c"}' |
            Send-LlmObsEvent $lists -InputColumn q -MetricColumn m
        $result.Labels | ForEach-Object { "$_" } | Should -Be 'x: 2 of 3', 'y: 1 of 3'
    }

    It 'of a query without groups are those of the query, and cost no request' {
        $counts = Invoke-LlmObsAggregate -ExperimentId $counted.Id -Label faith -Verbose 4>&1
        $counts[-1].n, $counts[-1].score_value | Should -Be @(8, 0.65)
        @($counts).Count | Should -Be 3 -Because 'the values are counted by a request of their own'
        ($sent | Invoke-LlmObsAggregate -Label faith).missing | Should -Be 2
    }

    It 'say the rate of pass among assessments' {
        $buckets = $judged | Invoke-LlmObsAggregate -GroupBy label
        (Get-Group $buckets tone).pass_rate, (Get-Group $buckets sure).pass_rate, (Get-Group $buckets free).pass_rate | Should -Be @(0.75, 1.0, $null)
        $buckets.n | Should -Be 4, 4, 4
    }

    It 'say the share of each category, whatever characters it has' {
        $shares = $counted | Invoke-LlmObsAggregate -Label topic -GroupBy label, categorical_value
        $shares.categorical_value | Should -Be 'bill "ing"', 'tech*'
        $shares.n | Should -Be 6, 3
        [Math]::Round($shares[0].share, 4), [Math]::Round($shares[1].share, 4) | Should -Be @(0.6667, 0.3333)
        ($judged | Invoke-LlmObsAggregate -Label tone -GroupBy assessment | Where-Object assessment -EQ pass).share | Should -Be 0.75
        $counted | Invoke-LlmObsAggregate -Label topic -GroupBy categorical_value -Limit 1 | Select-Object -ExpandProperty share -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'are those of tags and of groups without a value, too' {
        $tagged = New-LlmObsExperiment tagged -ProjectId p -DatasetId d
        $spans[0], ($spans[0] | New-LlmObsMetric -Label l -Score 1 -Tag 'team:blue'), ($spans[1] | New-LlmObsMetric -Label l -Score 0), ($spans[2] | New-LlmObsMetric -Label l -Score 0) | Send-LlmObsEvent $tagged | Out-Null
        $groups = $tagged | Invoke-LlmObsAggregate -GroupBy team | Sort-Object team
        $groups.team | Should -Be @($null, 'blue')
        $groups.n | Should -Be 2, 1
    }

    It 'are left out for many groups, asked for with -IncludeCount, and never with -IncludeCount:$false' {
        $many = New-LlmObsExperiment many -ProjectId p -DatasetId d
        1..21 | ForEach-Object { @{ q = "q$_"; id = "r$_"; f = 1 } } | Send-LlmObsEvent $many -InputColumn q -MetricColumn f -IdColumn id | Out-Null
        $some = $many | Invoke-LlmObsAggregate -GroupBy span_id
        $some.Count | Should -Be 21
        $some[0].PSObject.Properties.Name | Should -Not -Contain 'n'
        ($many | Invoke-LlmObsAggregate -GroupBy span_id -IncludeCount | Measure-Object n -Sum).Sum | Should -Be 21
        ($many | Invoke-LlmObsAggregate -GroupBy label).n | Should -Be 21
        ($many | Invoke-LlmObsAggregate -GroupBy label -IncludeCount:$false).PSObject.Properties.Name | Should -Not -Contain 'n'
    }

    It 'that a service does not understand are left out instead of wrong' {
        $server = New-Server
        try {
            $server.Answer(200, '{"data":{"attributes":{"hit_count":5,"result":{"values":[{"by":{"label":"a"},"metrics":{"score_value":1}}]}}}}').
            Answer(200, '{"data":{"attributes":{"hit_count":5,"result":{"values":[]}}}}').Answer(200, '{"data":{"attributes":{"hit_count":0,"result":{"values":[]}}}}') | Out-Null
            $bucket = Invoke-LlmObsAggregate -GroupBy label
            $bucket.score_value | Should -Be 1
            $null -eq $bucket.n | Should -BeTrue
            { $bucket | Write-LlmObsSummary -Threshold @{ a = @{ n = '<= 5' } } } | Should -Throw -ErrorId 'UnknownThreshold,*'
        } finally { $server.Dispose(); Remove-LlmObsConfig -Confirm:$false -ErrorAction Ignore; Start-LlmObsEmulator -AllowUnknownId -WarningAction SilentlyContinue }
    }

    It 'do without booleans where the service refuses to average them, and say so' {
        $server = New-Server
        try {
            $server.Answer(400, '{"errors":[{"title":"no such metric"}]}').Answer(200, $answer) | Out-Null
            $buckets = Invoke-LlmObsAggregate -WarningVariable warned -WarningAction SilentlyContinue
            $buckets.Count | Should -Be 2
            (Get-Attribute $server 1).aggregate.compute.metric | Should -Be 'score_value'
            $warned | Should -BeLike 'Only scores are averaged*boolean_value*no such metric*'
        } finally { $server.Dispose() }
    }
}

Describe 'Evaluations without a value' {
    BeforeAll {
        Start-LlmObsEmulator
        $lame = New-LlmObsProject lame-project | New-LlmObsDataset lame
        1..10 | ForEach-Object { @{ id = "l$_"; input = $_; expected_output = $_ } } | Add-LlmObsDatasetRecord -Dataset $lame | Out-Null
        $lameRun = $lame | Invoke-LlmObsExperiment lame -WarningAction SilentlyContinue -Task { if ($_.Input -gt 4) { throw 'no' }; $_.Input } -Evaluator (New-LlmObsEvaluator -ExactMatch), @{
            shaky = { if ($_.Input -eq 1) { throw 'oh' }; if ($_.Input -eq 2) { return }; 0.5 }; never = { throw 'never' }; kind = { 'k' }; whole = { [pscustomobject]@{ a = 1 } }
        }
        $lameGroups = $lameRun | Invoke-LlmObsAggregate -GroupBy label
        function Get-Lame($label, $from = $lameGroups) { $from | Where-Object label -EQ $label }
    }
    AfterAll { Clear-Session }

    It 'are events of the service, and no values in n' {
        $asked = Invoke-LlmObsAggregate -GroupBy label -ExperimentId $lameRun.Experiment.Id
        $asked[0].QueryHitCount | Should -Be 50 -Because 'each row has an event of each evaluator'
        (Get-Lame exact_match $asked).n, (Get-Lame shaky $asked).n, (Get-Lame kind $asked).n, (Get-Lame whole $asked).n | Should -Be 4, 2, 4, 4
        (Get-Lame exact_match $asked).pass_rate | Should -Be 1
        $null -eq (Get-Lame never $asked).n | Should -BeTrue -Because 'a query that the service may not have understood is no count'
        $asked[0].PSObject.Properties.Name | Should -Not -Contain 'missing'
        (Invoke-LlmObsAggregate -ExperimentId $lameRun.Experiment.Id -Label exact_match).n | Should -Be 4
    }

    It 'are counted of a run that is piped, as missing and as errors' {
        (Get-Lame exact_match).n, (Get-Lame exact_match).missing, (Get-Lame exact_match).errors | Should -Be 4, 6, 0
        (Get-Lame shaky).n, (Get-Lame shaky).missing, (Get-Lame shaky).errors | Should -Be 2, 7, 1
        (Get-Lame never).n, (Get-Lame never).missing, (Get-Lame never).errors | Should -Be 0, 6, 4
        $one = $lameRun | Invoke-LlmObsAggregate -Label shaky
        $one.n, $one.missing, $one.errors | Should -Be 2, 7, 1
    }

    It 'close a gate that limits them' {
        { $lameGroups | Write-LlmObsSummary -Threshold @{ exact_match = @{ boolean_value = '>= 0.9'; pass_rate = '>= 0.9' } } } | Should -Not -Throw
        foreach ($limit in @{ n = '>= 10' }, @{ missing = '<= 5' }) {
            { $lameGroups | Write-LlmObsSummary -Threshold @{ exact_match = $limit } } | Should -Throw -ErrorId 'ThresholdBroken,*'
        }
        { $lameGroups | Write-LlmObsSummary -Threshold @{ never = @{ errors = '= 0' } } } | Should -Throw -ErrorId 'ThresholdBroken,*' -ExpectedMessage '*errors of never is 4*'
    }
}

Describe 'What Send-LlmObsEvent returned, piped to Invoke-LlmObsAggregate' {
    BeforeAll {
        function New-Sent($experiment, $metrics, $failed = 0) { [LlmObs.SendResult]@{ ExperimentId = $experiment; MetricCount = $metrics; FailedCount = $failed } }
        function New-Answer($hits) { '{"data":{"attributes":{"hit_count":' + $hits + ',"result":{"values":[{"by":{},"metrics":{"score_value":0.5}}]}}}}' }
    }
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'is waited for, whatever the query asks for' {
        $server.Answer(200, (New-Answer 9)).Answer(200, (New-Answer 10)).Answer(200, (New-Answer 4)).Answer(200, (New-Answer 3)) | Out-Null
        $bucket = New-Sent e1000000-0000-4000-8000-000000000000 10 | Invoke-LlmObsAggregate -Query '@metric_type:score'
        $bucket.n | Should -Be 3
        0..2 | ForEach-Object { (Get-Attribute $server $_).aggregate.search.query } | Should -Be '@experiment_id:e1000000-0000-4000-8000-000000000000', '@experiment_id:e1000000-0000-4000-8000-000000000000', '@metric_type:score @experiment_id:e1000000-0000-4000-8000-000000000000'
    }

    It 'is waited for by the query itself where it asks for all' {
        $server.Answer(200, (New-Answer 9)).Answer(200, (New-Answer 10)).Answer(200, (New-Answer 10)) | Out-Null
        (New-Sent e1000000-0000-4000-8000-000000000000 10 | Invoke-LlmObsAggregate).n | Should -Be 10
        $server.Requests.Count | Should -Be 3 -Because 'the values are counted by the last one'
    }

    It 'can be a parameter, and several are one request' {
        $server.Answer(200, (New-Answer 30)).Answer(200, (New-Answer 30)) | Out-Null
        (Invoke-LlmObsAggregate -SendResult (New-Sent e1000000-0000-4000-8000-000000000000 10), (New-Sent e2000000-0000-4000-8000-000000000000 20)).n | Should -Be 30
        (Get-Attribute $server 0).aggregate.search.query | Should -Be '@experiment_id:(e1000000-0000-4000-8000-000000000000 OR e2000000-0000-4000-8000-000000000000)'
    }

    It 'of one experiment in two parts is one group with the sum of both' {
        $server.Answer(200, (New-Answer 29)).Answer(200, (New-Answer 30)).Answer(200, (New-Answer 30)) | Out-Null
        @((New-Sent e1000000-0000-4000-8000-000000000000 10), (New-Sent e1000000-0000-4000-8000-000000000000 20) | Invoke-LlmObsAggregate).Count | Should -Be 1
        $server.Requests.Count | Should -Be 3 -Because 'the values are counted by the last one'
    }

    It 'ends in an error and no averages where they do not come' {
        $server.Answer(200, (New-Answer 9)) | Out-Null
        New-Sent e1000000-0000-4000-8000-000000000000 10 | Invoke-LlmObsAggregate -WaitSec 0 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -BeLike 'TooFewEvents,*'
        $server.Answer(200, (New-Answer 9)).Answer(200, (New-Answer 9)) | Out-Null
        (New-Sent e1000000-0000-4000-8000-000000000000 10 | Invoke-LlmObsAggregate -MinimumHitCount 9 -WaitSec 0).n | Should -Be 9
    }

    It 'is known again after <way>' -ForEach @(
        @{ way = 'Clixml'; through = { $args[0] | Export-Clixml (Join-Path $TestDrive sent.xml); Import-Clixml (Join-Path $TestDrive sent.xml) } }
        @{ way = 'JSON'; through = { $args[0] | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
    ) {
        $labels = [LlmObs.LabelCount[]]@([LlmObs.LabelCount]@{ Label = 'l'; ValueCount = 9; MissingCount = 1 })
        $before = [LlmObs.SendResult]@{ ExperimentId = 'e1'; MetricCount = 9; Labels = $labels }
        $after = & $through $before
        $server.Answer(200, (New-Answer 8)).Answer(200, (New-Answer 9)).Answer(200, (New-Answer 9)).Answer(200, (New-Answer 9)) | Out-Null
        $bucket = $after | Invoke-LlmObsAggregate -Label l
        $bucket.n, $bucket.missing | Should -Be 9, 1
        $server.Requests.Count | Should -Be 4 -Because 'it asks until all are there, then for the label, and counts its values'
    }

    It 'warns of events that were not sent' {
        $server.Answer(200, (New-Answer 10)).Answer(200, (New-Answer 10)) | Out-Null
        New-Sent e1000000-0000-4000-8000-000000000000 10 3 | Invoke-LlmObsAggregate -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        $warned | Should -BeLike '3 events of experiment e1000000-0000-4000-8000-000000000000 were not sent*'
    }
}
