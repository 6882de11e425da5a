BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $csv = @'
id,question,answer,truth,faithfulness,is_correct,category,details,latency_ms,model
q-1,"How, exactly?",So.,So.,0.9,true,howto,"{""steps"":2}",12.5,small
q-2,Why?,Because.,Therefore.,0.25,FALSE,reason,"{""steps"":1}",7,small
q-3,When?,,,,,,,,
'@
    $table = @{ InputColumn = 'question'; OutputColumn = 'answer'; ExpectedColumn = 'truth'; MetricColumn = 'faithfulness', 'is_correct', 'category', 'details' }
    $experiment = [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000'; ProjectId = 'p'; DatasetId = 'd' }
    function Write-File($name, $text) {
        $file = Join-Path $TestDrive $name
        Set-Content -LiteralPath $file -Value $text -NoNewline
        $file
    }
}

Describe 'Send-LlmObsEvent with columns of a table' {
    BeforeEach { $server = New-Server; $file = Write-File scores.csv $csv }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'makes a span of each row and a metric of each score' {
        $result = Send-LlmObsEvent $experiment $file @table -IdColumn id -DurationColumn latency_ms -DurationUnit ms
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(3, 8, 0)
        $sent = Get-Attribute $server
        $span = $sent.spans[0]
        $span.span_id | Should -Match '^[0-9a-f]{16}$'
        $span.trace_id | Should -Match '^[0-9a-f]{32}$'
        $span.project_id, $span.dataset_id, $span.name, $span.status, $span.duration | Should -Be @('p', 'd', 'question', 'ok', 12500000)
        $span.meta.input, $span.meta.output, $span.meta.expected_output, $span.meta.metadata.id | Should -Be @('How, exactly?', 'So.', 'So.', 'q-1')
        [Math]::Abs($span.start_ns / 1e6 - [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()) | Should -BeLessThan 60000
        $metrics = $sent.metrics | Where-Object span_id -EQ $span.span_id
        $metrics.label | Should -Be @('faithfulness', 'is_correct', 'category', 'details')
        $metrics.metric_type | Should -Be @('score', 'boolean', 'categorical', 'json')
        $metrics[0].score_value, $metrics[1].boolean_value, $metrics[2].categorical_value, $metrics[3].json_value.steps | Should -Be @(0.9, $true, 'howto', 2)
        $sent.spans[2].meta.PSObject.Properties.Name | Should -Be @('input', 'output', 'metadata')
        $sent.metrics | Where-Object span_id -EQ $sent.spans[2].span_id | Should -BeNullOrEmpty
    }

    It 'gives the same from the pipeline, from JSON Lines and from a file' {
        Send-LlmObsEvent $experiment $file @table -IdColumn id -DurationColumn latency_ms | Out-Null
        Import-Csv $file | Send-LlmObsEvent $experiment @table -IdColumn id -DurationColumn latency_ms | Out-Null
        $lines = Import-Csv $file | ForEach-Object { $_ | ConvertTo-Json -Compress }
        $lines | Send-LlmObsEvent $experiment @table -IdColumn id -DurationColumn latency_ms | Out-Null
        Send-LlmObsEvent $experiment (Write-File scores.jsonl ($lines -join "`n")) @table -IdColumn id -DurationColumn latency_ms | Out-Null
        $bodies = $server.Requests.Body -replace '"(start_ns|timestamp_ms)":\d+', '"$1":0'
        $bodies.Count | Should -Be 4
        $bodies | Select-Object -Unique | Should -Be $bodies[0]
    }

    It 'makes an object of several columns' {
        $columns = @{ InputColumn = 'question', 'model'; OutputColumn = 'answer', 'details'; ExpectedColumn = 'truth', 'category'; JsonColumn = 'details'; MetricColumn = 'faithfulness' }
        Send-LlmObsEvent $experiment $file @columns -IdColumn id -DurationColumn latency_ms | Out-Null
        Import-Csv $file | Send-LlmObsEvent $experiment @columns -IdColumn id -DurationColumn latency_ms | Out-Null
        $bodies = $server.Requests.Body -replace '"(start_ns|timestamp_ms)":\d+', '"$1":0'
        $bodies[1] | Should -BeExactly $bodies[0]
        $spans = (Get-Attribute $server).spans
        $spans[0].meta.input | ConvertTo-Json -Compress | Should -Be '{"question":"How, exactly?","model":"small"}'
        $spans[0].meta.output | ConvertTo-Json -Compress | Should -Be '{"answer":"So.","details":{"steps":2}}'
        $spans[0].meta.expected_output | ConvertTo-Json -Compress | Should -Be '{"truth":"So.","category":"howto"}'
        $spans[0].name | Should -Be 'question'
        $spans[2].meta.input | ConvertTo-Json -Compress | Should -Be '{"question":"When?"}'
        $spans[2].meta.PSObject.Properties.Name | Should -Be @('input', 'metadata')
    }

    It 'says that a column of several is not there, or whose cell is no JSON' {
        Send-LlmObsEvent $experiment $file -InputColumn question, modell -ErrorVariable problem -ErrorAction SilentlyContinue
        "$problem" | Should -Match "it has no column 'modell'.*Did you mean 'model'\?"
        $result = Send-LlmObsEvent $experiment $file -InputColumn question, answer -JsonColumn answer -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount, $result.FailedCount | Should -Be @(1, 2)
        "$($problem[0])" | Should -Match 'row 1 .*answer is not JSON'
    }

    It 'makes the same ids in every run, and others for another experiment, file or row' {
        Send-LlmObsEvent $experiment $file @table | Out-Null
        Send-LlmObsEvent $experiment $file @table | Out-Null
        Send-LlmObsEvent e2000000-0000-4000-8000-000000000000 $file @table -ProjectId p -DatasetId d | Out-Null
        Send-LlmObsEvent $experiment (Write-File other.csv $csv) @table | Out-Null
        $ids = 0..3 | ForEach-Object { , (Get-Attribute $server $_).spans.span_id }
        $ids[1] | Should -Be $ids[0]
        ($ids[0] + $ids[2] + $ids[3] | Select-Object -Unique).Count | Should -Be 9
        (Get-Attribute $server 0).spans.trace_id | Should -Be (Get-Attribute $server 1).spans.trace_id
    }

    It 'makes ids from -IdColumn that follow a row wherever it moves' {
        Send-LlmObsEvent $experiment $file @table -IdColumn id | Out-Null
        $lines = $csv -split "`r?`n"
        Send-LlmObsEvent $experiment (Write-File moved.csv ($lines[0, 2, 1, 3] -join "`n")) @table -IdColumn id | Out-Null
        (Get-Attribute $server 1).spans[1].span_id | Should -Be (Get-Attribute $server 0).spans[0].span_id
    }

    It 'tells files of one name in different folders apart' {
        [void](New-Item -ItemType Directory (Join-Path $TestDrive a), (Join-Path $TestDrive b) -Force)
        $one = Write-File a/scores.csv $csv
        $two = Write-File b/scores.csv $csv
        Send-LlmObsEvent $experiment $one, $two @table | Out-Null
        ((Get-Attribute $server).spans.span_id | Select-Object -Unique).Count | Should -Be 6
    }

    It 'refuses an id that two rows have, and one that is blank' {
        $twice = Write-File twice.csv "id,question`nq-1,a`nq-1,b`n,c"
        $result = Send-LlmObsEvent $experiment $twice -InputColumn question -IdColumn id -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount, $result.FailedCount | Should -Be @(1, 2)
        "$($problem[0])" | Should -Match "^twice.csv row 2 .*id is 'q-1', as in twice.csv row 1 "
        "$($problem[1])" | Should -Match '^twice.csv row 3 .*id is blank'
    }

    It 'holds a column to one type, and says row and column of a cell that breaks it' {
        $mixed = Write-File mixed.csv "question,faithfulness,good`na,0.5,yes`nb,oops,no`nc,0.75,5`n"
        $result = Send-LlmObsEvent $experiment $mixed -InputColumn question -MetricColumn faithfulness, good -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(3, 4, 2)
        $problem.Count | Should -Be 2
        "$($problem[0])" | Should -Match '^mixed.csv row 2 \(line 3\) was not sent: faithfulness is of type score in this call, as in mixed.csv row 1'
        "$($problem[1])" | Should -Match '^mixed.csv row 3 .*good is of type categorical in this call, as in mixed.csv row 1'
        "$($problem[0])" | Should -Match "-MetricType @\{ 'faithfulness' = 'categorical' \}"
        (Get-Attribute $server).metrics.Where({ $_.label -eq 'good' }).categorical_value | Should -Be @('yes', 'no')
    }

    It 'takes a type that must not be guessed from -MetricType' {
        $file = Write-File codes.csv "question,code,ok`na,1,1`nb,x,0`n"
        $result = Send-LlmObsEvent $experiment $file -InputColumn question -MetricColumn code, ok -MetricType @{ code = 'categorical'; ok = 'Boolean' }
        $result.MetricCount | Should -Be 4
        (Get-Attribute $server).metrics.categorical_value | Where-Object { $_ } | Should -Be @('1', 'x')
        (Get-Attribute $server).metrics.Where({ $_.label -eq 'ok' }).boolean_value | Should -Be @($true, $false)
    }

    It 'takes durations in <unit>' -ForEach @(
        @{ unit = 'ns'; cell = '1500'; expected = 1500 }, @{ unit = 'us'; cell = '1.5'; expected = 1500 }, @{ unit = 'ms'; cell = '1.5'; expected = 1500000 }
        @{ unit = 's'; cell = '1.5'; expected = 1500000000 }, @{ unit = 's'; cell = '00:00:01.5'; expected = 1500000000 }
    ) {
        Send-LlmObsEvent $experiment (Write-File d.csv "question,took`na,$cell`n") -InputColumn question -DurationColumn took -DurationUnit $unit | Out-Null
        (Get-Attribute $server).spans[0].duration | Should -Be $expected
    }

    It 'asks for the unit where neither parameter nor column says it' {
        Send-LlmObsEvent $experiment (Write-File d.csv "question,took`na,5`n") -InputColumn question -DurationColumn took -ErrorVariable problem -ErrorAction SilentlyContinue
        "$($problem[0])" | Should -Match '-DurationUnit ns, us, ms or s\.'
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -Match 'access rights'
    }

    It 'sees the unit at the end of <column>' -ForEach @(
        @{ column = 'latency_ms' }, @{ column = 'Latency (ms)' }, @{ column = 'Dauer [ms]' }, @{ column = 'took ms' }, @{ column = 'TOOK-MS' }
    ) {
        Send-LlmObsEvent $experiment (Write-File d.csv "question,$column`na,5`n") -InputColumn question -DurationColumn $column | Out-Null
        (Get-Attribute $server).spans[0].duration | Should -Be 5000000
    }

    It 'takes no number with a decimal comma for a category in silence' {
        $comma = Write-File comma.csv "question;score`na;0,9`nb;0.8`nc;-1,25`n"
        $result = Send-LlmObsEvent $experiment $comma -Delimiter ';' -InputColumn question -MetricColumn score -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(3, 1, 2)
        "$($problem[0])" | Should -Match "^comma.csv row 1 .*score has '0,9'.* with a decimal point.*-MetricType"
        $result = Send-LlmObsEvent $experiment $comma -Delimiter ';' -InputColumn question -MetricColumn score -MetricType @{ score = 'categorical' }
        $result.MetricCount | Should -Be 3
        $lists = Write-File lists.csv "question;words`na;yes, no`nb;1,2,3`n"
        (Send-LlmObsEvent $experiment $lists -Delimiter ';' -InputColumn question -MetricColumn words).MetricCount | Should -Be 2
    }

    It 'keeps columns called tags, error_message and start_time what they are' {
        $file = Write-File e.csv "question,tags,error_message,start_time`na,""env:ci,t:1"",late,2026-01-15T10:30:00Z`n"
        Send-LlmObsEvent $experiment $file -InputColumn question | Out-Null
        $span = (Get-Attribute $server).spans[0]
        $span.tags | Should -Be @('env:ci', 't:1')
        $span.status, $span.meta.error.message, $span.start_ns | Should -Be @('error', 'late', 1768473000000000000)
    }

    It 'reads a cell as JSON where -JsonColumn says so' {
        $file = Write-File j.csv "question,answer`n""{""""a"""":1}"",""{""""b"""":2}""`n"
        Send-LlmObsEvent $experiment $file -InputColumn question -OutputColumn answer -JsonColumn answer | Out-Null
        (Get-Attribute $server).spans[0].meta.input | Should -BeExactly '{"a":1}'
        (Get-Attribute $server).spans[0].meta.output.b | Should -Be 2
    }

    It 'says which columns there are where one is not' {
        Send-LlmObsEvent $experiment $file -InputColumn questoin -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnreadableFile,*'
        "$($problem[0])" | Should -Match "^No row of the file '.*' was taken: it has no column 'questoin'; its columns are id, question, answer.* Did you mean 'question'\?$"
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'header'
        { Import-Csv $file | Send-LlmObsEvent $experiment -InputColumn questoin } | Should -Throw -ErrorId 'InvalidEvent,*'
        $server.Requests.Count | Should -Be 0
    }

    It 'lets later rows of JSON leave columns out' {
        $result = '{"question":"a","score":1}', '{"question":"b"}', '{"score":0.5,"question":"c"}' | Send-LlmObsEvent $experiment -InputColumn question -MetricColumn score
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(3, 2, 0)
    }

    It 'refuses parameters that belong to a table where nothing says what its columns are' {
        { Send-LlmObsEvent $experiment $file -IdColumn id } | Should -Throw -ErrorId 'InvalidValue,*'
        { Send-LlmObsEvent $experiment $file @table -MetricType @{ faithfulness = 'stars' } } | Should -Throw -ErrorId 'InvalidValue,*'
    }

    It 'shows under -WhatIf how the columns were understood and the first request, and reads on for errors' {
        $long = Write-File long.csv ("question,s,rest`n" + ("a,1,x`n" * 1500) + "b,oops,x`n")
        $transcript = Join-Path $TestDrive whatif.txt
        Start-Transcript $transcript | Out-Null
        Send-LlmObsEvent $experiment $file -InputColumn question, model -WhatIf | Out-Null
        Send-LlmObsEvent $experiment $long -InputColumn question -MetricColumn s -WhatIf -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        Stop-Transcript | Out-Null
        $shown = Get-Content $transcript -Raw
        $shown | Should -Match 'question -> input, s -> score; not sent: rest'
        $shown | Should -Match 'question and model -> input; not sent: id, answer'
        [regex]::Matches($shown, 'POST http').Count | Should -Be 2
        $shown | Should -Match 'and 3 more requests with 2001 events'
        "$($problem[0])" | Should -Match '^long.csv row 1501'
        $server.Requests.Count | Should -Be 0
    }
}

Describe 'Progress of Send-LlmObsEvent' {
    AfterEach { Clear-Session }

    It 'is shown at most four times a second, with events, rate, percent and time left' {
        $emulator = Start-LlmObsEmulator -PassThru
        $experiment = New-TestExperiment
        $file = Write-File many.csv ("span_id,label,score_value`n" + ("s,l,1`n" * 400000))
        $shell = [powershell]::Create()
        [void]$shell.AddScript("Import-Module '$env:LLMOBS_TEST_MANIFEST'; `$ProgressPreference = 'Continue'; Send-LlmObsEvent -ExperimentId $($experiment.Id) -Path '$file'")
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $result = $shell.Invoke()
        $seconds = $watch.Elapsed.TotalSeconds
        $records = @($shell.Streams.Progress | Where-Object Activity -Like 'Sending events of many.csv')
        $result.MetricCount | Should -Be 400000
        $records.Count | Should -BeGreaterThan 1
        $records.Count | Should -BeLessOrEqual ($seconds * 4 + 2)
        $records[0].StatusDescription | Should -Match '\d events, .*\d a second'
        $records[0].PercentComplete | Should -BeGreaterOrEqual 0
        $records[0].SecondsRemaining | Should -BeGreaterOrEqual 0
        $records[-1].RecordType | Should -Be 'Completed'
        $shell.Dispose()
    }
}
