BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $answer = '{"data":{"id":"a1","type":"experimentation","attributes":{"hit_count":1500,"result":{"values":[' +
    '{"by":{"label":"faithfulness","assessment":"pass"},"metrics":{"avg":0.85,"n":3}},{"by":{"label":"relevancy","assessment":null},"metrics":{"avg":null,"n":12345678901}}]}}}}'
}

Describe 'The request of Invoke-LlmObsAggregate' {
    BeforeEach { $server = New-Server; $server.Answer(200, $answer) | Out-Null }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'refuses -<parameter> without a value instead of asking about everything' -ForEach @(
        @{ parameter = 'ExperimentId'; given = $null }, @{ parameter = 'ExperimentId'; given = @() }, @{ parameter = 'ExperimentId'; given = '' }
        @{ parameter = 'Label'; given = $null }, @{ parameter = 'GroupBy'; given = $null }
    ) {
        $arguments = @{ $parameter = $given }
        { Invoke-LlmObsAggregate @arguments } | Should -Throw -ErrorId 'ParameterArgumentValidationError*' -ExpectedMessage "*'$parameter'*"
    }

    It 'asks for the average score of everything, where nothing else is given' {
        Invoke-LlmObsAggregate | Out-Null
        $server.Requests[0].Method | Should -Be 'POST'
        $server.Requests[0].Path | Should -Be '/api/v2/llm-obs/v1/experimentation/analytics'
        $server.Requests[0].Body | Should -BeExactly ('{"data":{"type":"experimentation","attributes":{"aggregate":{"compute":[{"metric":"score_value"}],' +
            '"indexes":["experiment-evals"],"search":{"query":""}}}}}')
    }

    It 'carries every field that is given' {
        Invoke-LlmObsAggregate -Compute ([ordered]@{ avg = 'score_value'; n = 'span_id' }) -Index a, b -GroupBy label, assessment -Query 'text' -Limit 7 -DatasetVersion 9007199254740993 `
            -From ([DateTimeOffset]::FromUnixTimeMilliseconds(1705312200000)) -To ([DateTimeOffset]::FromUnixTimeMilliseconds(1705315800000)) | Out-Null
        $server.Requests[0].Body | Should -BeExactly ('{"data":{"type":"experimentation","attributes":{"aggregate":{"compute":[{"metric":"score_value","name":"avg"},{"metric":"span_id","name":"n"}],' +
            '"dataset_version":9007199254740993,"group_by":[{"field":"label"},{"field":"assessment"}],"indexes":["a","b"],"limit":7,"search":{"query":"text"},' +
            '"time":{"from":1705312200000,"to":1705315800000}}}}}')
    }

    It 'asks for several metrics by their names' {
        Invoke-LlmObsAggregate score_value, duration label | Out-Null
        $aggregate = (Get-Attribute $server).aggregate
        $aggregate.compute.metric | Should -Be @('score_value', 'duration')
        $aggregate.group_by.field | Should -Be 'label'
    }

    It 'puts experiments and labels into the query, quoted where needed: <expected>' -ForEach @(
        @{ arguments = @{ ExperimentId = '3fd6b5e0-8910-4b1c-a7d0-5b84de329012' }; expected = '@experiment_id:3fd6b5e0-8910-4b1c-a7d0-5b84de329012' }
        @{ arguments = @{ ExperimentId = 'e1'; Label = 'faithfulness' }; expected = '@experiment_id:e1 @label:faithfulness' }
        @{ arguments = @{ ExperimentId = 'e1', 'e2'; Label = 'a b' }; expected = '@experiment_id:(e1 OR e2) @label:"a b"' }
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
        (Invoke-LlmObsAggregate -MinimumHitCount 1600).HitCount | Should -Be @(1600, 1600)
        $server.Requests.Count | Should -Be 2
    }

    It 'gives an error and no averages, where too few events are there in the end' {
        Invoke-LlmObsAggregate -MinimumHitCount 1501 -WaitSec 0 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -BeLike 'TooFewEvents,*'
        $problem[0].ErrorDetails.Message | Should -BeLike '*1500 events, and 1501*'
        $server.Requests.Count | Should -Be 1
    }

    It 'asks for each piped experiment' {
        $server.Answer(200, $answer) | Out-Null
        [LlmObs.Experiment]@{ Id = 'e1' }, [LlmObs.Experiment]@{ Id = 'e2' } | Invoke-LlmObsAggregate | Out-Null
        0, 1 | ForEach-Object { (Get-Attribute $server $_).aggregate.search.query } | Should -Be @('@experiment_id:e1', '@experiment_id:e2')
    }

    It 'binds objects by the names of the API' {
        '{"metric":["score_value","duration"],"group_by":["label"],"indexes":["i"],"query":"text","limit":3,"experiment_id":"e1"}' | ConvertFrom-Json | Invoke-LlmObsAggregate | Out-Null
        $server.Requests[0].Body | Should -BeExactly ('{"data":{"type":"experimentation","attributes":{"aggregate":{"compute":[{"metric":"score_value"},{"metric":"duration"}],' +
            '"group_by":[{"field":"label"}],"indexes":["i"],"limit":3,"search":{"query":"text @experiment_id:e1"}}}}}')
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
        $buckets[0].HitCount | Should -Be 1500
        $buckets[0].By['label'] | Should -Be 'faithfulness'
        $buckets[0].Metrics['avg'] | Should -Be 0.85
        $null -eq $buckets[1].avg | Should -BeTrue
        $buckets[1].n | Should -Be 12345678901
    }

    It 'are a table of these properties' {
        $shown = Invoke-LlmObsAggregate | Format-Table | Out-String
        $shown | Should -Match 'label\s+assessment\s+avg\s+n'
        $shown | Should -Not -Match 'HitCount'
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
