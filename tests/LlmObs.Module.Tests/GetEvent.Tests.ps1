BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    function Get-SpanPage([string[]] $ids, [string] $after) {
        $spans = $ids | ForEach-Object { '{"id":"' + $_ + '","span_id":"' + $_ + '","name":"n"}' }
        '{"data":{"id":"e1000000-0000-4000-8000-000000000000","type":"experiment_events","attributes":{"spans":[' + ($spans -join ',') + '],"summary_metrics":[]}},"meta":{"after":"' + $after + '"}}'
    }
}

Describe 'Get-LlmObsEvent, request by request' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'reads every page' {
        $server.Answer(200, (Get-SpanPage s1, s2 'c1')).Answer(200, (Get-SpanPage s3 '')) | Out-Null
        $spans = Get-LlmObsEvent ([LlmObs.Experiment]@{ Id = 'e 1' })
        $spans.SpanId | Should -Be @('s1', 's2', 's3')
        $spans[0] | Should -BeOfType ([LlmObs.ExperimentSpan])
        $spans[0].ExperimentId | Should -Be 'e 1'
        $server.Requests[0].Path | Should -Be '/api/v2/llm-obs/v3/experiments/e%201/events?page%5Blimit%5D=500'
        $server.Requests[1].Path | Should -Be '/api/v2/llm-obs/v3/experiments/e%201/events?page%5Blimit%5D=500&page%5Bcursor%5D=c1'
    }

    It 'fetches one page for Select-Object -First 2, and for -First 2' {
        $server.Answer(200, (Get-SpanPage s1, s2 'c1')).Answer(200, (Get-SpanPage s1, s2 'c1')) | Out-Null
        @(Get-LlmObsEvent e1000000-0000-4000-8000-000000000000 | Select-Object -First 2).Count | Should -Be 2
        @(Get-LlmObsEvent e1000000-0000-4000-8000-000000000000 -First 2).Count | Should -Be 2
        $server.Requests.Count | Should -Be 2
        $server.Requests[1].Path | Should -BeLike '*limit%5D=2'
    }

    It 'reads every field, whatever is missing or new' {
        $server.Answer(200, @'
{"data":{"attributes":{"spans":[
 {"id":"i1","span_id":"s1","trace_id":"t1","parent_id":"p","name":"n","status":"error","start_ns":1705314600123456700,"duration":1500000000.0,"tags":["a:1",2],
  "meta":{"input":{"q":"x","list":[1,{"deep":true}]},"output":"y","expected_output":[1],"error":{"message":"m","type":"T","stack":"s","code":7},"metadata":{"k":1},"kind":"llm"},
  "metrics":{"tokens":12.5},"dataset_record_id":"r1","project_id":"pr","dataset_id":"d","new_thing":{"z":1},
  "eval_metrics":[{"id":"m1","span_id":"s1","label":"l","metric_type":"json","json_value":{"a":{"b":2}},"timestamp_ms":1705314600123,"tags":null,"error":{"message":"bad","code":1},"metadata":{"j":"k"},"metric_source":"custom","eval_source_type":"sdk","more":1}]},
 {"id":"i2"}]}}}
'@) | Out-Null
        $one, $two = Get-LlmObsEvent e1000000-0000-4000-8000-000000000000
        $one.Input.list[1].deep | Should -BeTrue
        $one.Input | Should -BeOfType ([pscustomobject])
        $one.Output, $one.Status, $one.ParentId, $one.DatasetRecordId, $one.ProjectId, $one.DatasetId | Should -Be @('y', 'error', 'p', 'r1', 'pr', 'd')
        $one.ExpectedOutput | Should -Be @(1)
        $one.StartNs | Should -Be 1705314600123456700
        $one.StartTime.UtcDateTime.ToString('o') | Should -Be '2024-01-15T10:30:00.1234567Z'
        $one.Duration.TotalSeconds | Should -Be 1.5
        $one.ErrorMessage, $one.ErrorType, $one.ErrorStack | Should -Be @('m', 'T', 's')
        $one.Metadata.k | Should -Be 1
        $one.Measures.tokens | Should -Be 12.5
        $one.Tags | Should -Be @('a:1', '2')
        $one.AdditionalProperties.new_thing.z | Should -Be 1
        $one.AdditionalProperties.meta.kind | Should -Be 'llm'
        $one.AdditionalProperties.'meta.error'.code | Should -Be 7
        $metric = $one.EvalMetrics[0]
        $metric.Value.a.b | Should -Be 2
        $metric.Id, $metric.ErrorMessage, $metric.MetricSource, $metric.EvalSourceType, $metric.Metadata.j | Should -Be @('m1', 'bad', 'custom', 'sdk', 'k')
        $metric.AdditionalProperties.more | Should -Be 1
        $metric.AdditionalProperties.error.code | Should -Be 1
        $two.SpanId | Should -Be 'i2'
        $two.EvalMetrics.Count, $two.Tags.Count | Should -Be @(0, 0)
        $two.StartTime, $two.Duration, $two.AdditionalProperties | Should -Be @($null, $null, $null)
    }

    It 'refuses an id that would change the path' {
        Get-LlmObsEvent ([LlmObs.Experiment]@{ Id = '..' }) -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        $server.Requests.Count | Should -Be 0
    }
}

Describe 'Get-LlmObsEvent, against the emulator' {
    BeforeEach {
        Start-LlmObsEmulator
        $experiment = New-TestExperiment
        $spans = 1..4 | ForEach-Object { New-LlmObsSpan "q$_" -Input @{ question = "question $_" } -Output "answer $_" -Tag 'env:ci' }
        $metrics = $spans | ForEach-Object -Begin { $n = 0 } { $n++; $_ | New-LlmObsMetric -Label faithfulness -Score ($n / 4); $_ | New-LlmObsMetric -Label polite -Boolean ($n -gt 1) }
        $spans + $metrics | Send-LlmObsEvent -Experiment $experiment | Out-Null
    }
    AfterEach { Clear-Session }

    It 'reads back what was sent' {
        $read = $experiment | Get-LlmObsEvent
        $read.SpanId | Should -Be $spans.SpanId
        $read[2].Name | Should -Be 'q3'
        $read[2].Input.question | Should -Be 'question 3'
        $read[2].Output | Should -Be 'answer 3'
        $read[2].StartNs | Should -Be $spans[2].StartNs
        $read[2].DurationNs | Should -Be $spans[2].DurationNs
        $read[2].EvalMetrics.Label | Should -Be @('faithfulness', 'polite')
        $read[2].EvalMetrics.Value | Should -Be @(0.75, $true)
        $read.EvalMetrics.Count | Should -Be 8
    }

    It 'keeps the latest metric of a label, unless all are asked for' {
        $later = [DateTimeOffset]::UtcNow.AddMinutes(1)
        $spans[0] | New-LlmObsMetric -Label faithfulness -Score 0.9 -Timestamp $later | Send-LlmObsEvent -Experiment $experiment | Out-Null
        $spans[0] | New-LlmObsMetric -Label faithfulness -Score 0.1 -Timestamp $later.AddMinutes(-30) | Send-LlmObsEvent -Experiment $experiment | Out-Null
        $first = Get-LlmObsEvent $experiment -First 1
        ($first.EvalMetrics | Where-Object Label -EQ faithfulness).Value | Should -Be 0.9
        ((Get-LlmObsEvent $experiment -First 1 -IncludeSuperseded).EvalMetrics | Where-Object Label -EQ faithfulness).Value | Should -Be @(0.25, 0.9, 0.1)
    }

    It 'reads the metrics of the experiment as a whole' {
        $emulator = Get-LlmObsEmulator
        $body = '{"data":{"type":"events","attributes":{"metrics":[{"span_id":"","label":"overall","metric_type":"score","score_value":0.5,"metric_source":"summary","timestamp_ms":' +
            [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() + '}]}}}'
        Invoke-RestMethod "$($emulator.BaseUri)api/v2/llm-obs/v1/experiments/$($experiment.Id)/events" -Method Post -Body $body -ContentType application/json | Out-Null
        $summary = Get-LlmObsEvent $experiment -Summary
        $summary | Should -BeOfType ([LlmObs.ExperimentMetric])
        $summary.Label, $summary.Value | Should -Be @('overall', 0.5)
        @(Get-LlmObsEvent $experiment).Count | Should -Be 4
    }

    It 'says that an experiment is not there, and reads the others' {
        $read = [pscustomobject]@{ ExperimentId = 'nobody' }, $experiment | Get-LlmObsEvent -ErrorVariable problem -ErrorAction SilentlyContinue
        @($read).Count | Should -Be 4
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
    }

    It 'shows spans in a table' {
        $table = Get-LlmObsEvent $experiment | Format-Table | Out-String -Width 200
        $table | Should -Match 'SpanId\s+Name\s+Status\s+Input\s+EvalMetrics'
        $table | Should -Match '\{"question":"question 1"\}\s+faithfulness=0\.25'
        $table | Should -Match 'faithfulness=0\.25'
        $span = Get-LlmObsEvent $experiment -First 1
        $list = $span | Format-List | Out-String -Width 200
        $list | Should -Match '(?m)^Input\s+: \{"question":"question 1"\}'
        $list | Should -Match '(?m)^EvalMetrics\s+: faithfulness=0\.25, polite=False'
        $span.EvalMetrics | Format-Table | Out-String -Width 200 | Should -Match 'faithfulness\s+score\s+0\.25'
    }
}

Describe 'Get-LlmObsEvent -AsRow' {
    BeforeEach {
        Start-LlmObsEmulator
        $experiment = New-TestExperiment
        $rows = @(
            @{ trace_id = 't1'; start_ns = 1705314600123456700; span_id = 's1'; name = 'q'; input = @{ question = 'why?'; at = @(1, 2) }; output = 'because'; duration = 1500000000; tags = @('dataset_record_id:r1', 'run_iteration:2') }
            @{ trace_id = 't2'; start_ns = 1705314600123456700; duration = 5; span_id = 's2'; name = 'q'; input = 'plain'; status = 'error'; error_message = 'no answer'; error_type = 'Timeout' }
            @{ span_id = 's1'; label = 'faithful'; score_value = 0.5 }
            @{ span_id = 's1'; label = 'Output'; categorical_value = 'good' }
            @{ span_id = 's2'; label = 'rubric'; json_value = @{ tone = 4 } }
            @{ span_id = 's2'; label = 'Faithful'; boolean_value = $true }
        )
        [void]($rows | ForEach-Object { [pscustomobject]$_ } | Send-LlmObsEvent -Experiment $experiment)
        # A failed evaluator has an error instead of a value.
        $failed = '{"data":{"type":"events","attributes":{"metrics":[{"span_id":"s2","label":"judge","metric_type":"score","timestamp_ms":' + [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() + ',"error":{"message":"no model"}}]}}}'
        [void](Invoke-RestMethod "$((Get-LlmObsEmulator).BaseUri)api/v2/llm-obs/v1/experiments/$($experiment.Id)/events" -Method Post -Body $failed -ContentType application/json)
    }
    AfterEach { Clear-Session }

    It 'gives each row the columns of all' {
        $one, $two = $experiment | Get-LlmObsEvent -AsRow
        $one.PSObject.Properties.Name | Should -Be $two.PSObject.Properties.Name
        $one.PSObject.Properties.Name[0..7] | Should -Be @('RecordId', 'RunIteration', 'Status', 'faithful', 'metric.Output', 'rubric', 'Faithful 2', 'judge')
        $one.RecordId, $one.RunIteration, $one.SpanId, $one.DurationSeconds, $one.ExperimentId | Should -Be @('r1', 2, 's1', 1.5, $experiment.Id)
        $one.faithful, $one.'metric.Output', $one.Output, $one.'Input.question', $one.'Input.at' | Should -Be @(0.5, 'good', 'because', 'why?', '[1,2]')
        $one.Input, $one.rubric | Should -Be @($null, $null)
        $two.Input, $two.rubric, $two.'Faithful 2', $two.'judge.error', $two.ErrorType, $two.ErrorMessage | Should -Be @('plain', '{"tone":4}', $true, 'no model', 'Timeout', 'no answer')
    }

    It 'loses nothing in a file' {
        $experiment | Get-LlmObsEvent -AsRow | Export-Csv "$TestDrive/rows.csv"
        $back = Import-Csv "$TestDrive/rows.csv"
        $back.'Input.question' | Should -Be @('why?', '')
        $back.'Faithful 2' | Should -Be @('', 'True')
        $back.StartTime | Should -Not -Match '^System'
    }

    It 'shows records and scores in a table' {
        $shown = ($experiment | Get-LlmObsEvent -AsRow | Format-Table | Out-String -Width 160) -split "`n"
        $shown[1] | Should -Match '^RecordId +RunIteration +Status +faithful +metric\.Output +rubric'
    }

    It 'counts rows by -First and -Skip, over several experiments' {
        $rows = @($experiment, $experiment | Get-LlmObsEvent -AsRow -Skip 1 -First 2)
        $rows.SpanId | Should -Be @('s2', 's1')
    }

    It 'makes a row of the metrics of a whole experiment' {
        [void]([pscustomobject]@{ label = 'f1'; value = 0.75; metric_source = 'summary' }, [pscustomobject]@{ label = 'cost'; value = 1.25; metric_source = 'summary' } | Send-LlmObsEvent $experiment)
        $row = $experiment | Get-LlmObsEvent -Summary -AsRow
        $row.ExperimentId, $row.f1, $row.cost | Should -Be @($experiment.Id, 0.75, 1.25)
        @($experiment, $experiment | Get-LlmObsEvent -Summary -AsRow -First 1).Count | Should -Be 1
    }

    It 'refuses superseded metrics, for which a row has no place' {
        { $experiment | Get-LlmObsEvent -AsRow -IncludeSuperseded } | Should -Throw -ErrorId 'InvalidValue,*'
    }

    It 'gives nothing where there is nothing' {
        New-TestExperiment | Get-LlmObsEvent -AsRow | Should -BeNullOrEmpty
    }
}
