BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $span = [ordered]@{ trace_id = 't1'; span_id = 's1'; project_id = 'p'; dataset_id = 'd'; name = 'q'; start_ns = 1768473000123456789; duration = 5; status = 'ok' }
    $metric = [ordered]@{ span_id = 's1'; label = 'faithfulness'; metric_type = 'score'; score_value = 0.5; timestamp_ms = 1768473000123 }
    $spanJson = '{"trace_id":"t1","span_id":"s1","project_id":"p","dataset_id":"d","name":"q","start_ns":1768473000123456789,"duration":5,"status":"ok"}'
    $metricJson = '{"span_id":"s1","label":"faithfulness","metric_type":"score","score_value":0.5,"timestamp_ms":1768473000123}'
    function Copy-With($base, $changes) {
        $copy = [ordered]@{}
        foreach ($key in $base.Keys) { $copy[$key] = $base[$key] }
        foreach ($key in $changes.Keys) { if ($null -eq $changes[$key]) { $copy.Remove($key) } else { $copy[$key] = $changes[$key] } }
        $copy
    }
}

Describe 'Send-LlmObsEvent from the pipeline' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'sends hashtables' {
        $result = $span, $metric | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000
        $server.Requests.Count | Should -Be 1
        $server.Requests[0].Method | Should -Be 'POST'
        $server.Requests[0].Path | Should -Be '/api/v2/llm-obs/v1/experiments/e1000000-0000-4000-8000-000000000000/events'
        $server.Requests[0].Body | Should -BeExactly "{""data"":{""type"":""events"",""attributes"":{""spans"":[$spanJson],""metrics"":[$metricJson]}}}"
        $result | Should -BeOfType ([LlmObs.SendResult])
        $result.ExperimentId, $result.SpanCount, $result.MetricCount, $result.RequestCount, $result.RetryCount, $result.FailedCount | Should -Be @('e1000000-0000-4000-8000-000000000000', 1, 1, 1, 0, 0)
        $result.ByteCount | Should -Be $server.Requests[0].Body.Length
        $result.Elapsed | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'sends <kind>' -ForEach @(
        @{ kind = 'custom objects'; make = { [pscustomobject]$span; [pscustomobject]$metric } }
        @{ kind = 'objects of ConvertFrom-Json'; make = { $span, $metric | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
        @{ kind = 'JSON text lines'; make = { $spanJson; ''; $metricJson } }
        @{ kind = 'a JSON text with a list'; make = { "[$spanJson,$metricJson]" } }
        @{ kind = 'a payload as text'; make = { "{""spans"":[$spanJson],""metrics"":[$metricJson]}" } }
        @{ kind = 'a whole request as text'; make = { "{""data"":{""type"":""events"",""attributes"":{""spans"":[$spanJson],""metrics"":[$metricJson]}}}" } }
        @{ kind = 'a request''s data as text'; make = { "{""type"":""events"",""attributes"":{""spans"":[$spanJson],""metrics"":[$metricJson]}}" } }
        @{ kind = 'a payload that begins with something else'; make = { "{""experiment_id"":""e1000000-0000-4000-8000-000000000000"",""metrics"":[$metricJson],""spans"":[$spanJson]}" } }
        @{ kind = 'a payload as a hashtable'; make = { @{ spans = @($span); metrics = @($metric) } } }
        @{ kind = 'a payload of ConvertFrom-Json'; make = { "{""data"":{""attributes"":{""metrics"":[$metricJson],""spans"":[$spanJson]}}}" | ConvertFrom-Json } }
        @{ kind = 'a list in one object'; make = { , @([pscustomobject]$span, [pscustomobject]$metric) } }
        @{ kind = 'PascalCase names'; make = {
                [pscustomobject]@{ TraceId = 't1'; SpanId = 's1'; ProjectId = 'p'; DatasetId = 'd'; Name = 'q'; StartNs = 1768473000123456789; Duration = 5; Status = 'ok' }
                [pscustomobject]@{ SpanId = 's1'; Label = 'faithfulness'; MetricType = 'Score'; ScoreValue = 0.5; TimestampMs = 1768473000123 } }
        }
        @{ kind = 'typed events'; make = {
                New-LlmObsSpan q -TraceId t1 -SpanId s1 -ProjectId p -DatasetId d -StartTime 1768473000123456789 -Duration 5
                New-LlmObsMetric s1 faithfulness -Score 0.5 -Timestamp 1768473000123 }
        }
    ) {
        $result = & $make | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000
        $server.Requests[0].Body | Should -BeExactly "{""data"":{""type"":""events"",""attributes"":{""spans"":[$spanJson],""metrics"":[$metricJson]}}}"
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(1, 1, 0)
    }

    It 'sends rows of Import-Csv, spans and metrics in one table' {
        @'
trace_id,span_id,project_id,dataset_id,name,start_ns,duration,status,input,output,expected_output,error_message,error_type,error_stack,tags,label,metric_type,score_value,timestamp_ms
t1,s1,p,d,q,1768473000123456789,5,error,"in, ""quoted""","line
break",yes,broke,TimeoutError,at x,"env:ci, team:a",,,,
,s1,,,,,,,,,,,,,,faithfulness,score,0.50,1768473000123
'@ | ConvertFrom-Csv | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        $sent = Get-Attribute $server
        $sent.spans[0].meta.input | Should -BeExactly 'in, "quoted"'
        $sent.spans[0].meta.output | Should -Match "^line\r?\nbreak$"
        $sent.spans[0].meta.expected_output | Should -Be 'yes'
        $sent.spans[0].meta.error.message, $sent.spans[0].meta.error.type, $sent.spans[0].meta.error.stack | Should -Be @('broke', 'TimeoutError', 'at x')
        $sent.spans[0].tags | Should -Be @('env:ci', 'team:a')
        $sent.spans[0].start_ns | Should -Be 1768473000123456789
        $sent.metrics[0].score_value | Should -Be 0.5
        $sent.metrics[0].PSObject.Properties.Name | Should -Be @('span_id', 'label', 'metric_type', 'score_value', 'timestamp_ms')
    }

    It 'builds meta from nested and from dotted names' {
        $rows = @(
            Copy-With $span @{ meta = @{ input = 'a'; custom = 1; error = @{ message = 'm' } } }
            Copy-With $span @{ 'meta.input' = 'b'; 'meta.expected_output' = 'c'; 'meta.error.message' = 'd'; 'meta.model' = 'small' }
            Copy-With $span @{ meta = [ordered]@{ input = 'nested'; output = 'kept' }; input = 'flat' }
            Copy-With $span @{ input = $null; metadata = @{ k = 1 }; error = 'plain' }
        )
        $rows | ForEach-Object { [pscustomobject]$_ } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        $spans = (Get-Attribute $server).spans
        $spans[0].meta.input, $spans[0].meta.custom, $spans[0].meta.error.message | Should -Be @('a', 1, 'm')
        $spans[1].meta.input, $spans[1].meta.expected_output, $spans[1].meta.error.message, $spans[1].meta.model | Should -Be @('b', 'c', 'd', 'small')
        $spans[2].meta.input, $spans[2].meta.output | Should -Be @('flat', 'kept')
        $spans[3].meta.metadata.k, $spans[3].meta.error.message | Should -Be @(1, 'plain')
    }

    It 'sends input and output of every JSON type' {
        $values = 'plain text', '', 5, 0.5, $true, @(1, 'a', @{ b = $null }), @{ c = @{ d = 1 } }
        $values | ForEach-Object { New-LlmObsSpan q -Input $_ -Output $_ -ProjectId p -DatasetId d } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        $server.Requests[0].Body | Should -Match ([regex]::Escape('"meta":{"input":"plain text","output":"plain text"}'))
        $server.Requests[0].Body | Should -Match ([regex]::Escape('"meta":{"input":"","output":""}'))
        $server.Requests[0].Body | Should -Match ([regex]::Escape('"meta":{"input":5,"output":5}'))
        $server.Requests[0].Body | Should -Match ([regex]::Escape('"meta":{"input":true,"output":true}'))
        $server.Requests[0].Body | Should -Match ([regex]::Escape('"meta":{"input":[1,"a",{"b":null}],"output":[1,"a",{"b":null}]}'))
        $server.Requests[0].Body | Should -Match ([regex]::Escape('"meta":{"input":{"c":{"d":1}},"output":{"c":{"d":1}}}'))
    }

    It 'sends text that looks like JSON as text, unless -JsonColumn names it' {
        $row = [pscustomobject](Copy-With $span @{ input = '{"a":1}'; output = '{"b":2}' })
        $row | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -JsonColumn Output | Out-Null
        (Get-Attribute $server).spans[0].meta.input | Should -BeExactly '{"a":1}'
        (Get-Attribute $server).spans[0].meta.output.b | Should -Be 2
    }

    It 'takes project, dataset and tags for all from the parameters' {
        $bare = Copy-With $span @{ project_id = $null; dataset_id = $null; tags = 'own:1' }
        $bare, $metric | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ProjectId pp -DatasetId dd -Tag run:7 | Out-Null
        $sent = Get-Attribute $server
        $sent.spans[0].project_id, $sent.spans[0].dataset_id | Should -Be @('pp', 'dd')
        $sent.spans[0].tags | Should -Be @('own:1', 'run:7')
        $sent.metrics[0].tags | Should -Be 'run:7'
    }

    It 'takes project and dataset from the experiment' {
        $experiment = [LlmObs.Experiment]@{ Id = 'e9000000-0000-4000-8000-000000000000'; ProjectId = 'pe'; DatasetId = 'de' }
        Copy-With $span @{ project_id = $null; dataset_id = $null } | Send-LlmObsEvent -Experiment $experiment | Out-Null
        $server.Requests[0].Path | Should -BeLike '*/experiments/e9000000-0000-4000-8000-000000000000/events'
        (Get-Attribute $server).spans[0].project_id, (Get-Attribute $server).spans[0].dataset_id | Should -Be @('pe', 'de')
    }

    It 'sends each row to the experiment that it names, with one result each' {
        $rows = 'e1000000-0000-4000-8000-000000000000', 'e2000000-0000-4000-8000-000000000000', 'e1000000-0000-4000-8000-000000000000' | ForEach-Object { [pscustomobject](Copy-With $metric @{ experiment_id = $_ }) }
        $results = $rows | Send-LlmObsEvent
        $results.ExperimentId | Should -Be @('e1000000-0000-4000-8000-000000000000', 'e2000000-0000-4000-8000-000000000000')
        $results.MetricCount | Should -Be @(2, 1)
    }

    It 'sees metric types from the value: <name>' -ForEach @(
        @{ name = 'a number'; value = '0.5'; type = 'score'; field = 'score_value'; expected = 0.5 }
        @{ name = 'a boolean'; value = 'True'; type = 'boolean'; field = 'boolean_value'; expected = $true }
        @{ name = 'a word'; value = 'polite'; type = 'categorical'; field = 'categorical_value'; expected = 'polite' }
    ) {
        [pscustomobject]@{ span_id = 's1'; label = 'l'; value = $value } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        $sent = (Get-Attribute $server).metrics[0]
        $sent.metric_type | Should -Be $type
        $sent.$field | Should -Be $expected
        [Math]::Abs([DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() - $sent.timestamp_ms) | Should -BeLessThan 5000
    }

    It 'keeps 64-bit numbers exact' {
        Copy-With $span @{ start_ns = '1768473000123456789'; duration = [long]::MaxValue; input = [long]::MinValue } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        $server.Requests[0].Body | Should -Match '"start_ns":1768473000123456789,"duration":9223372036854775807,'
        $server.Requests[0].Body | Should -Match '"input":-9223372036854775808'
    }

    It 'does what -As says where a row is unclear' {
        $row = [pscustomobject](Copy-With $span @{ label = 'x' })
        $row | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$($problem[0])" | Should -Match '-As Span'
        $row | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -As Span -WarningAction SilentlyContinue | Out-Null
        (Get-Attribute $server).spans.Count | Should -Be 1
    }

    It 'reports a row that can''t be sent by number, field and reason, and sends the others' -ForEach @(
        @{ change = @{ trace_id = $null }; says = 'Row 2 was not sent: trace_id is missing' }
        @{ change = @{ name = '' }; says = 'name is missing' }
        @{ change = @{ start_ns = 'soon' }; says = 'start_ns must be' }
        @{ change = @{ start_ns = 1768473000 }; says = 'looks like seconds' }
        @{ change = @{ duration = -1 }; says = 'duration is negative' }
        @{ change = @{ status = 'fine' }; says = "status is 'fine'; known are ok, error" }
        @{ change = @{ input = [double]::PositiveInfinity }; says = 'input is' }
        @{ change = @{ dataset_id = '' }; says = 'dataset_id is missing' }
        @{ change = @{ tags = @(1) }; says = 'tags must be texts' }
        @{ change = @{ meta = 'text' }; says = 'meta is not JSON' }
    ) {
        $bad = [pscustomobject](Copy-With $span $change)
        $result = [pscustomobject]$span, $bad, [pscustomobject]$metric | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.Count | Should -Be 1
        "$($problem[0])" | Should -Match ([regex]::Escape($says))
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
        $problem[0].CategoryInfo.Category | Should -Be 'InvalidData'
        $problem[0].TargetObject | Should -Be $bad
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(1, 1, 1)
    }

    It 'refuses a metric whose <name>' -ForEach @(
        @{ name = 'value is missing'; change = @{ score_value = $null }; says = 'score_value is missing' }
        @{ name = 'type is unknown'; change = @{ metric_type = 'stars' }; says = "metric_type is 'stars'" }
        @{ name = 'value is of another type'; change = @{ score_value = $null; boolean_value = $true }; says = 'metric_type is score, but the row has boolean_value' }
        @{ name = 'score has a comma'; change = @{ score_value = '0,5' }; says = 'a decimal point' }
        @{ name = 'score is no number'; change = @{ score_value = 'NaN' }; says = 'which JSON cannot represent' }
        @{ name = 'time is in seconds'; change = @{ timestamp_ms = 1768473000 }; says = 'looks like seconds' }
        @{ name = 'verdict is unknown'; change = @{ assessment = 'maybe' }; says = 'known are pass, fail' }
        @{ name = 'json value is a list'; change = @{ metric_type = 'json'; score_value = $null; json_value = @(1) }; says = 'must be a JSON object' }
    ) {
        [pscustomobject](Copy-With $metric $change) | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$($problem[0])" | Should -Match ([regex]::Escape($says))
        $server.Requests.Count | Should -Be 0
    }

    It 'refuses what is no event: <value>' -ForEach @(@{ value = 5 }, @{ value = 'plain text' }, @{ value = '{"broken":' }, @{ value = '[1]' }, @{ value = [pscustomobject]@{ x = 1 } }) {
        $result = $value | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
        $result.FailedCount | Should -Be 1
        $server.Requests.Count | Should -Be 0
    }

    It 'says once what to give, where neither the rows nor the command name project and dataset' {
        $failure = { 1..3 | ForEach-Object { New-LlmObsSpan "q$_" } | Send-LlmObsEvent ([LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000' }) } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'MissingSetting,*'
        "$failure" | Should -Match 'project_id'
        $failure.ErrorDetails.RecommendedAction | Should -Match '-ProjectId and -DatasetId'
        $server.Requests.Count | Should -Be 0
    }

    It 'takes an experiment in the first place' {
        $experiment = [LlmObs.Experiment]@{ Id = 'e9000000-0000-4000-8000-000000000000'; ProjectId = 'pe'; DatasetId = 'de' }
        New-LlmObsSpan q | Send-LlmObsEvent $experiment | Out-Null
        (Get-Attribute $server).spans[0].project_id | Should -Be 'pe'
    }

    It 'says how to send a file where an experiment is piped as an event' {
        [LlmObs.Experiment]@{ Id = 'e9000000-0000-4000-8000-000000000000' } | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$($problem[0])" | Should -Match '-Path FILE'
    }

    It 'sees the properties that a row''s type brings, also after rows without any' {
        Update-TypeData -TypeName LlmObs.Test.Row -MemberType ScriptProperty -MemberName output -Value { 'of the type' } -Force
        $plain = [pscustomobject](Copy-With $span @{ input = 'a' })
        $typed = [pscustomobject]@{ PSTypeName = 'LlmObs.Test.Row'; trace_id = 't1'; span_id = 's1'; project_id = 'p'; dataset_id = 'd'; name = 'q'
            start_ns = 1768473000123456789; duration = 5; status = 'ok'; input = 'b' }
        $plain, $plain, $typed, $plain | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        Remove-TypeData -TypeName LlmObs.Test.Row
        $outputs = (Get-Attribute $server).spans | ForEach-Object { "$($_.meta.output)" }
        $outputs | Should -Be @('', '', 'of the type', '')
    }

    It 'sees a property that only some rows have' {
        $rows = [pscustomobject]$span, [pscustomobject](Copy-With $span @{ error_message = 'late' }), [pscustomobject]$span
        $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        (Get-Attribute $server).spans | ForEach-Object { "$($_.meta.error.message)" } | Should -Be @('', 'late', '')
    }

    It 'names a property that can''t be read' {
        $bad = [pscustomobject]$span | Add-Member -MemberType ScriptProperty -Name output -Value { throw 'no answer' } -PassThru
        $bad | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$($problem[0])" | Should -Match 'output could not be read: no answer'
    }

    It 'warns once of columns that are not sent' {
        $rows = 1..3 | ForEach-Object { [pscustomobject](Copy-With $span @{ colour = 'red' }) }
        $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings.Count | Should -Be 1
        "$warnings" | Should -Match "'colour'"
    }

    It 'makes batches by count and by bytes' {
        $rows = 1..10 | ForEach-Object { [pscustomobject](Copy-With $metric @{ span_id = "s$_" }) }
        ($rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 4).RequestCount | Should -Be 3
        $server.Requests | ForEach-Object { ($_.Body | ConvertFrom-Json).data.attributes.metrics.Count } | Sort-Object | Should -Be @(2, 4, 4)
        ($rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -MaxBatchBytes 500).MetricCount | Should -Be 10
        $server.Requests | Select-Object -Skip 3 | ForEach-Object { $_.Body.Length | Should -BeLessOrEqual 500 }
        ($rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -MaxBatchBytes 1).RequestCount | Should -Be 10
    }

    It 'halves what the service finds too large, and remembers the size' {
        $rows = 1..40 | ForEach-Object { [pscustomobject](Copy-With $metric @{ span_id = "s$_" }) }
        $server.Answer(413, '') | Out-Null
        $result = $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 10 -ThrottleLimit 1
        $result.MetricCount, $result.FailedCount | Should -Be @(40, 0)
        $counts = $server.Requests | ForEach-Object { ($_.Body | ConvertFrom-Json).data.attributes.metrics.Count }
        $counts[0..2] | Should -Be @(10, 5, 5)
        $counts[-2] | Should -BeLessOrEqual 5
    }

    It 'sends the body once more as "experiments" where the service refuses "events", and remembers' {
        $server.Answer(400, '{"errors":[{"title":"no"}]}').Answer(202).Answer(202) | Out-Null
        1..2 | ForEach-Object { $metric | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null }
        $server.Requests | ForEach-Object { ($_.Body | ConvertFrom-Json).data.type } | Should -Be @('events', 'experiments', 'experiments')
    }

    It 'hands out the events of a request that failed, and they can be sent again' {
        $server.Answer(500, '{"errors":[{"title":"down","detail":"try later"}]}') | Out-Null
        $result = $span, $metric | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.FailedCount, $result.SpanCount | Should -Be @(2, 0)
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ServerError,*'
        "$($problem[0])" | Should -Match '2 events, row 1 to row 2, did not reach experiment e1000000-0000-4000-8000-000000000000: .*down: try later'
        ($problem[0].TargetObject | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000).SpanCount | Should -Be 1
        $server.Requests[1].Body | Should -BeExactly $server.Requests[0].Body
    }

    It 'sends nothing and writes nothing under -WhatIf, and shows method, address and body' {
        $transcript = Join-Path $TestDrive whatif.txt
        Start-Transcript $transcript | Out-Null
        $span | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -WhatIf | Should -BeNullOrEmpty
        Stop-Transcript | Out-Null
        $server.Requests.Count | Should -Be 0
        Get-Content $transcript -Raw | Should -Match ([regex]::Escape("/api/v2/llm-obs/v1/experiments/e1000000-0000-4000-8000-000000000000/events {""data"":{""type"":""events"",""attributes"":{""spans"":[$spanJson]}}}"))
    }

    It 'counts zero, and does not warn beside the error, where a file can not be read' {
        $result = Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path (Join-Path $TestDrive there-is-none.csv) -ErrorVariable problems -WarningVariable warned -ErrorAction SilentlyContinue
        $result.EventCount | Should -Be 0
        $problems.Count | Should -Be 1
        $warned | Should -BeNullOrEmpty
    }

    It 'counts zero, and warns, where nothing is piped' {
        $result = @() | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -WarningVariable warned -WarningAction SilentlyContinue
        $result.ExperimentId, $result.EventCount | Should -Be @('e1000000-0000-4000-8000-000000000000', 0)
        "$warned" | Should -Match 'No row was found'
        $server.Requests.Count | Should -Be 0
    }
}
