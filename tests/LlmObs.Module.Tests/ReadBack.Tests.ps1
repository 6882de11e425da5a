# Events that Get-LlmObsEvent reads can be sent: as objects, and from the files that PowerShell saves them in.
BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1

    function Get-Answer($experiment) {
        $emulator = Get-LlmObsEmulator
        $answer = Invoke-WebRequest "$($emulator.BaseUri)api/v2/llm-obs/v3/experiments/$($experiment.Id)/events"
        [Text.Encoding]::UTF8.GetString($answer.Content)
    }

    function Get-Raw($experiment) {
        # The service's data of an experiment, to the last digit; the ids that it gives to metrics are its own.
        (Get-Answer $experiment).Replace($experiment.Id, 'E') -replace '"id":"E-\d+",'
    }

    function New-FullSpan([int] $number) {
        # Every field of a span, and metrics of every kind with every field of a metric.
        $now = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()
        $id = "span-$number"
        [ordered]@{
            trace_id = "trace-$number"; span_id = $id; name = "q`"$number"; start_ns = 1768473000123456789 + $number; duration = 1500000001; status = 'error'
            input = [ordered]@{ question = "Größe ""$number""?`nUnd?"; list = @(1, 0.5, $null, @{ deep = $true }) }; output = "answer $number, 答え"; expected_output = @{ text = 'yes' }
            metadata = @{ k = 1 }; error_message = 'm'; error_type = 'T'; error_stack = "at x`nat y"; tags = 'env:ci', 'a,b'; 'meta.kind' = 'llm'
        }
        $more = [ordered]@{ timestamp_ms = $now; assessment = 'pass'; reasoning = 'r, "s"'; metadata = @{ j = @(1) }; tags = @('t:1'); trace_id = "trace-$number" }
        [ordered]@{ span_id = $id; label = 'f'; metric_type = 'score'; score_value = 0.1 } + $more
        [ordered]@{ span_id = $id; label = 'c'; metric_type = 'categorical'; categorical_value = 'red' } + $more
        [ordered]@{ span_id = $id; label = 'b'; metric_type = 'boolean'; boolean_value = $false } + $more
        [ordered]@{ span_id = $id; label = 'j'; metric_type = 'json'; json_value = @{ a = @{ b = 2 } } } + $more
        [ordered]@{ span_id = $id; label = 'e'; metric_type = 'score'; error_message = 'The judge slept.'; timestamp_ms = $now }
    }

    function New-TextSpan([int] $number) {
        # A span that a table can hold.
        [pscustomobject]@{
            trace_id = "trace-$number"; span_id = "span-$number"; name = 'q'; start_ns = 1768473000123456789 + $number; duration = 1500000001
            input = "question $number"; output = 'a, "b"'; tags = 'env:ci', 'a,b'
        }
    }
}

Describe 'Events that were read back' {
    BeforeEach {
        Start-LlmObsEmulator
        $from = New-TestExperiment
        $to = New-TestExperiment
    }
    AfterEach { Clear-Session }

    It 'are sent again with every field that the API has: <name>' -ForEach @(
        @{ name = 'objects'; send = { Get-LlmObsEvent $from | Send-LlmObsEvent -ExperimentId $to.Id } }
        @{ name = 'a list'; send = { Send-LlmObsEvent -ExperimentId $to.Id -InputObject @(Get-LlmObsEvent $from) } }
        @{ name = 'objects with properties of their own'; send = { Get-LlmObsEvent $from | Select-Object * | Send-LlmObsEvent -Experiment $to } }
        @{ name = 'JSON text'; send = { Get-LlmObsEvent $from | ConvertTo-Json -Depth 20 | Send-LlmObsEvent -Experiment $to } }
        @{ name = 'JSON lines'; send = { Get-LlmObsEvent $from | ForEach-Object { $_ | ConvertTo-Json -Depth 20 -Compress } | Send-LlmObsEvent -Experiment $to } }
        @{ name = 'objects of ConvertFrom-Json'; send = { Get-LlmObsEvent $from | ConvertTo-Json -Depth 20 | ConvertFrom-Json -Depth 20 | Send-LlmObsEvent -Experiment $to } }
        @{ name = 'a JSON file'; send = {
                Get-LlmObsEvent $from | ConvertTo-Json -Depth 20 | Set-Content TestDrive:/spans.json
                Send-LlmObsEvent -Experiment $to -Path TestDrive:/spans.json
            }
        }
        @{ name = 'the service''s own answer'; send = { Get-Answer $from | Send-LlmObsEvent -Experiment $to } }
    ) {
        1..3 | ForEach-Object { New-FullSpan $_ } | Send-LlmObsEvent -Experiment $from | Out-Null
        $result = & $send -WarningVariable warned
        $result.ExperimentId | Should -Be $to.Id
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(3, 15, 0)
        Get-Raw $to | Should -BeExactly (Get-Raw $from)
        Get-Raw $to | Should -Match ([regex]::Escape('"json_value":{"a":{"b":2}}'))
    }

    It 'say nothing of what is not lost' {
        New-FullSpan 1 | Send-LlmObsEvent -Experiment $from | Out-Null
        Get-LlmObsEvent $from | Send-LlmObsEvent -Experiment $to -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        Get-LlmObsEvent $from | ConvertTo-Json -Depth 20 | Send-LlmObsEvent -Experiment $to -WarningVariable +warned -WarningAction SilentlyContinue | Out-Null
        (Get-LlmObsEvent $from).EvalMetrics | Where-Object Label -NE j | ConvertTo-Csv | ConvertFrom-Csv | ForEach-Object { if ($_.Metadata) { $_.Metadata = '' }; $_ } |
            Send-LlmObsEvent -Experiment $to -WarningVariable +warned -WarningAction SilentlyContinue | Out-Null
        $warned | Should -BeNullOrEmpty
    }

    It 'come out of tables of Export-Csv in any culture: <culture>, <name>' -ForEach @(
        foreach ($culture in 'en-US', 'de-DE', 'sv-SE', 'th-TH') {
            @{ culture = $culture; name = 'piped'; send = { Import-Csv TestDrive:/spans.csv | Send-LlmObsEvent -ExperimentId $to.Id -WarningVariable script:warned -WarningAction SilentlyContinue } }
            @{ culture = $culture; name = 'as a file'; send = { Send-LlmObsEvent -ExperimentId $to.Id -Path TestDrive:/spans.csv -WarningVariable script:warned -WarningAction SilentlyContinue } }
        }
    ) {
        1..150 | ForEach-Object { New-TextSpan $_ } | Send-LlmObsEvent -Experiment $from | Out-Null
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $culture
            Get-LlmObsEvent $from | Export-Csv TestDrive:/spans.csv
            $result = & $send
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
        $result.ExperimentId | Should -Be $to.Id
        $result.SpanCount, $result.FailedCount | Should -Be @(150, 0)
        Get-Raw $to | Should -BeExactly (Get-Raw $from)
        $warned | Should -BeNullOrEmpty
    }

    It 'come out of tables with their metrics beside them' {
        1..3 | ForEach-Object { New-TextSpan $_ } | Send-LlmObsEvent -Experiment $from | Out-Null
        1..3 | ForEach-Object { New-LlmObsMetric "span-$_" f 0.1 -Assessment pass -Reasoning 'r, "s"' -Tag 'a,b' } | Send-LlmObsEvent -Experiment $from | Out-Null
        $spans = Get-LlmObsEvent $from
        $spans | Export-Csv TestDrive:/spans.csv
        $spans.EvalMetrics | Export-Csv TestDrive:/metrics.csv
        $result = Send-LlmObsEvent -Experiment $to -Path TestDrive:/spans.csv, TestDrive:/metrics.csv -WarningVariable warned -WarningAction SilentlyContinue
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(3, 3, 0)
        Get-Raw $to | Should -BeExactly (Get-Raw $from)
        "$warned" | Should -Be "'EvalMetrics' of spans.csv no longer holds a list of metrics, so none are sent; save spans with their metrics as JSON, or the metrics in a separate file."
    }

    It 'are refused where two columns of a field contradict each other, and both are named; the others are sent' {
        1..200 | ForEach-Object { New-TextSpan $_ } | Send-LlmObsEvent -Experiment $from | Out-Null
        $rows = Get-LlmObsEvent $from | ConvertTo-Csv | ConvertFrom-Csv
        $rows[149].StartTime = '2026-01-15T10:30:07Z'
        $rows[170].Duration = '00:00:09'
        $result = $rows | Send-LlmObsEvent -Experiment $to -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount, $result.FailedCount | Should -Be @(198, 2)
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
        $problem[0].ErrorDetails.Message | Should -Be "Row 150 was not sent: start_ns is given twice, with different values: 'StartNs' is '1768473000123456939', and 'StartTime' is '2026-01-15T10:30:07Z'; leave one out."
        $problem[0].TargetObject.SpanId | Should -Be 'span-150'
        $problem[1].ErrorDetails.Message | Should -Match "Row 171 .*'DurationNs' is '1500000001', and 'Duration' is '00:00:09'"
    }

    It 'are refused where a metric''s value contradicts the one of its type' {
        New-LlmObsMetric s f 0.1 | Send-LlmObsEvent -Experiment $from | Out-Null
        New-TextSpan 1 | ForEach-Object { $_.span_id = 's'; $_ } | Send-LlmObsEvent -Experiment $from | Out-Null
        $row = (Get-LlmObsEvent $from).EvalMetrics | ConvertTo-Csv | ConvertFrom-Csv
        $row.Value = '0.9'
        ($row | Send-LlmObsEvent -Experiment $to -ErrorVariable problem -ErrorAction SilentlyContinue).FailedCount | Should -Be 1
        $problem[0].ErrorDetails.Message | Should -Be "Row 1 was not sent: value is '0.9', and score_value is '0.1'; leave one out."
        $row.Value = '0.10'
        ($row | Send-LlmObsEvent -Experiment $to).MetricCount | Should -Be 1
    }

    It 'are refused where a table could not hold them' {
        New-FullSpan 1 | Send-LlmObsEvent -Experiment $from | Out-Null
        Get-LlmObsEvent $from | Export-Csv TestDrive:/spans.csv
        $result = Send-LlmObsEvent -Experiment $to -Path TestDrive:/spans.csv -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $result.SpanCount, $result.FailedCount | Should -Be @(0, 1)
        $problem[0].ErrorDetails.Message | Should -BeLike 'spans.csv row 1* input *''@{question=*ConvertTo-Json*'
    }

    It 'of the experiment as a whole are sent again' {
        @{ label = 'cost'; value = 1.25; metric_source = 'summary' }, @{ label = 'kind'; value = 'a'; metric_source = 'summary'; reasoning = 'r' } | Send-LlmObsEvent -Experiment $from | Out-Null
        $result = Get-LlmObsEvent $from -Summary | Send-LlmObsEvent -ExperimentId $to.Id
        $result.MetricCount, $result.FailedCount | Should -Be @(2, 0)
        Get-Raw $to | Should -BeExactly (Get-Raw $from)
    }

    It 'take project and dataset of the experiment that they are sent to, where those are known' {
        New-FullSpan 1 | Send-LlmObsEvent -Experiment $from | Out-Null
        $other = New-LlmObsExperiment -Name other -ProjectId project-2 -DatasetId dataset-2
        Get-LlmObsEvent $from | Send-LlmObsEvent -Experiment $other | Out-Null
        (Get-LlmObsEvent $other).ProjectId, (Get-LlmObsEvent $other).DatasetId | Should -Be @('project-2', 'dataset-2')
        Get-LlmObsEvent $other | ConvertTo-Json -Depth 20 | Send-LlmObsEvent -ExperimentId $to.Id | Out-Null
        (Get-LlmObsEvent $to).ProjectId, (Get-LlmObsEvent $to).DatasetId | Should -Be @('project-1', 'dataset-1') -Because 'those are of the experiment with this id'
    }

    It 'can be changed on their way: other ids, and metrics that are measured now' {
        New-FullSpan 1 | ForEach-Object { if ($_.timestamp_ms) { $_.timestamp_ms -= 3600000 }; $_ } | Send-LlmObsEvent -Experiment $from | Out-Null
        $start = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()
        Get-LlmObsEvent $from | ForEach-Object {
            $_.SpanId = "new-$($_.SpanId)"
            $_.TraceId = 'new-trace'
            foreach ($metric in $_.EvalMetrics) { $metric.TimestampMs = $null }
            $_
        } | Send-LlmObsEvent -Experiment $to | Out-Null
        $span = Get-LlmObsEvent $to
        $span.SpanId | Should -Be 'new-span-1'
        $span.EvalMetrics.Count | Should -Be 5
        $span.EvalMetrics.SpanId | Should -Be (@('new-span-1') * 5)
        $span.EvalMetrics.TraceId | Where-Object { $_ } | Select-Object -Unique | Should -Be 'new-trace'
        ($span.EvalMetrics.TimestampMs | Measure-Object -Minimum).Minimum | Should -BeGreaterOrEqual $start
    }

    It 'are given back whole where they can''t be sent' {
        New-FullSpan 1 | Send-LlmObsEvent -Experiment $from | Out-Null
        $result = Get-LlmObsEvent $from | ForEach-Object { $_.Name = ' '; $_ } | Send-LlmObsEvent -Experiment $to -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(0, 0, 1)
        $span = $problem[0].TargetObject
        $span.Name = 'q"1'
        ($span | Send-LlmObsEvent -Experiment $to).MetricCount | Should -Be 5
        Get-Raw $to | Should -BeExactly (Get-Raw $from)
    }

    It 'go back to where they came from, where nobody says where to' {
        New-FullSpan 1 | Send-LlmObsEvent -Experiment $from | Out-Null
        (Get-LlmObsEvent $from | Send-LlmObsEvent).ExperimentId | Should -Be $from.Id
    }

    It 'are no rows of an evaluation table' {
        New-FullSpan 1 | Send-LlmObsEvent -Experiment $from | Out-Null
        Get-LlmObsEvent $from | Send-LlmObsEvent -Experiment $to -InputColumn Input -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem[0].ErrorDetails.Message | Should -BeLike '*it is already an event*'
    }

    It 'survive a service that is down, with their metrics, in a spool' {
        1..3 | ForEach-Object { New-FullSpan $_ } | Send-LlmObsEvent -Experiment $from | Out-Null
        Get-LlmObsEvent $from | ConvertTo-Json -Depth 20 | Set-Content TestDrive:/spans.json
        $up = (Get-LlmObsEmulator).BaseUri
        Set-LlmObsConfig -BaseUri http://127.0.0.1:1 -MaxRetryCount 0
        $null = Send-LlmObsEvent -Experiment $to -Path TestDrive:/spans.json -SpoolPath TestDrive:/spool -BatchSize 4 -ErrorAction SilentlyContinue
        Set-LlmObsConfig -BaseUri $up
        Get-ChildItem TestDrive:/spool -Filter *.request | Should -HaveCount 5
        Resume-LlmObsEvent -SpoolPath TestDrive:/spool -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem | Should -BeNullOrEmpty
        Get-Raw $to | Should -BeExactly (Get-Raw $from)
    }
}

Describe 'What of an event can only be read' {
    BeforeEach {
        $server = New-Server
        $server.Answer(200, '{"data":{"attributes":{"spans":[{"id":"i","span_id":"s","trace_id":"t","parent_id":"p","name":"n","start_ns":1768473000123456789,"duration":5,"status":"ok",' +
            '"metrics":{"tokens":12.5},"dataset_record_id":"r","new":1,"meta":{"input":"x","kind":"llm"}}],"summary_metrics":[]}}}') | Out-Null
    }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'is said once, and the rest is sent' {
        $span = Get-LlmObsEvent e1000000-0000-4000-8000-000000000000
        $span, $span | Send-LlmObsEvent -ExperimentId e2000000-0000-4000-8000-000000000000 -ProjectId p -DatasetId d -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        $warned.Message | Should -Be @('ParentId', 'Measures', 'new' | ForEach-Object { "'$_' can only be read: the API does not accept it, and it is not sent." })
        $server.Requests[-1].Path | Should -BeLike '*/e2000000-0000-4000-8000-000000000000/events'
        (Get-Attribute $server).spans[0] | ConvertTo-Json -Compress -Depth 9 |
            Should -BeExactly '{"trace_id":"t","span_id":"s","project_id":"p","dataset_id":"d","name":"n","start_ns":1768473000123456789,"duration":5,"status":"ok","tags":["dataset_record_id:r"],"meta":{"input":"x","kind":"llm"}}'
    }

    It 'is no field that a wrong name could have meant' {
        [pscustomobject]@{ span_id = 's1'; label = 'l'; value = 1; parent = 'x' } | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        "$warned" | Should -Be "'parent' is not a field of a span or a metric, and is not sent."
    }
}
