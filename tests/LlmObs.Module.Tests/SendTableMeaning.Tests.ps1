BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    function Write-File($name, $text) {
        $file = Join-Path $TestDrive $name
        [void](New-Item -ItemType Directory (Split-Path $file) -Force)
        Set-Content -LiteralPath $file -Value $text -NoNewline
        $file
    }
    $map = @{ InputColumn = 'q'; MetricColumn = 'f' }
    $rows = 1..12 | ForEach-Object { [pscustomobject]@{ q = "question $_"; f = $_ / 12 } }
    $csv = "q,f`n" + (($rows | ForEach-Object { "$($_.q),$($_.f.ToString([cultureinfo]::InvariantCulture))" }) -join "`n") + "`n"
}

Describe 'Ids of table rows: what the result counts is what is stored' {
    BeforeEach { [void](Start-LlmObsEmulator -PassThru); $experiment = New-TestExperiment }
    AfterEach { Clear-Session }

    It 'holds for <name>' -ForEach @(
        @{ name = 'rows of one call'; send = { $rows | Send-LlmObsEvent $experiment @map } }
        @{ name = 'a call for each row'; send = { foreach ($row in $rows) { $row | Send-LlmObsEvent $experiment @map } } }
        @{ name = 'one list in JSON text'; send = { ConvertTo-Json $rows | Send-LlmObsEvent $experiment @map } }
        @{ name = 'one list as an object'; send = { Send-LlmObsEvent $experiment -InputObject $rows @map } }
        @{ name = 'equal rows of one call'; send = { 1..3 | ForEach-Object { @{ q = 'same'; f = 1 } } | Send-LlmObsEvent $experiment @map } }
        @{ name = 'equal rows in one JSON list'; send = { '[{"q":"a","f":1},{"q":"a","f":1}]' | Send-LlmObsEvent $experiment @map } }
        @{ name = 'lists in lines of a file'; send = { Send-LlmObsEvent $experiment (Write-File lines.jsonl "[{`"q`":`"a`",`"f`":1},{`"q`":`"b`",`"f`":0}]`n{`"q`":`"c`",`"f`":0}") @map } }
        @{ name = 'a file'; send = { Send-LlmObsEvent $experiment (Write-File one.csv $csv) @map } }
        @{ name = 'a file named twice in one call'; send = { $file = Write-File one.csv $csv; Send-LlmObsEvent $experiment $file, $file @map } }
        @{ name = 'two files of one name in one call'; send = { Send-LlmObsEvent $experiment (Write-File a/s.csv $csv), (Write-File b/s.csv $csv) @map } }
        @{ name = 'two files of one name in two calls'; send = { Write-File a/s.csv $csv; Write-File b/s.csv $csv.Replace('question', 'other') } ; each = $true }
        @{ name = 'equal rows of one file'; send = { Send-LlmObsEvent $experiment (Write-File equal.csv "q,f`na,1`na,1`n") @map } }
        @{ name = 'a batch file that is written again'; send = {
                foreach ($n in 1..3) { $file = Write-File batch.csv "q,f`nbatch $n,0.5`nsecond of $n,1`n"; Send-LlmObsEvent $experiment $file @map }
            }
        }
        @{ name = 'a wildcard'; send = { [void](Write-File w/1.csv $csv); [void](Write-File w/2.csv $csv); Send-LlmObsEvent $experiment (Join-Path $TestDrive w/*.csv) @map } }
        @{ name = 'piped files'; send = { [void](Write-File p/1.csv $csv); [void](Write-File p/2.csv $csv); Get-ChildItem (Join-Path $TestDrive p) | Send-LlmObsEvent $experiment @map } }
    ) {
        $results = if ($each) { & $send | ForEach-Object { Send-LlmObsEvent $experiment $_ @map } } else { & $send }
        $stored = @(Get-LlmObsEvent $experiment)
        $count = ($results | Measure-Object SpanCount -Sum).Sum
        $count | Should -BeGreaterThan 1
        ($results | Measure-Object FailedCount -Sum).Sum | Should -Be 0
        $stored.Count | Should -Be $count
        @($stored.EvalMetrics).Count | Should -Be ($results | Measure-Object MetricCount -Sum).Sum
    }

    It 'overwrites where the same file, from any folder, or the same rows are sent again' {
        $file = Write-File again.csv $csv
        Send-LlmObsEvent $experiment $file @map | Out-Null
        Send-LlmObsEvent $experiment (Write-File another/folder/again.csv $csv) @map | Out-Null
        @(Get-LlmObsEvent $experiment).Count | Should -Be 12
        1..2 | ForEach-Object { $rows | Send-LlmObsEvent $experiment @map } | Out-Null
        @(Get-LlmObsEvent $experiment).Count | Should -Be 24
    }

    It 'tells rows apart by objects in their cells, and does not mind the order of columns' {
        $nested = 1..2 | ForEach-Object { @{ q = @{ text = "t$_" }; f = 1 } }
        foreach ($row in $nested) { $row | Send-LlmObsEvent $experiment @map | Out-Null }
        @(Get-LlmObsEvent $experiment).Count | Should -Be 2
        [ordered]@{ q = 'a'; f = 1 } | Send-LlmObsEvent $experiment @map | Out-Null
        [ordered]@{ f = 1; q = 'a' } | Send-LlmObsEvent $experiment @map | Out-Null
        @(Get-LlmObsEvent $experiment).Count | Should -Be 3
    }

    It 'names both rows of an id that is given twice' {
        $twice = Write-File twice.csv "id,q`n1,a`n2,b`n1,c`n"
        Send-LlmObsEvent $experiment $twice -InputColumn q -IdColumn id -ErrorAction SilentlyContinue -ErrorVariable problem | Out-Null
        "$($problem[0])" | Should -Match '^twice.csv row 3 .*as in twice.csv row 1'
    }
}

Describe 'Types of metric columns' {
    BeforeEach { $server = New-Server; $experiment = [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000'; ProjectId = 'p'; DatasetId = 'd' } }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'looks at more than the first cell' {
        $file = Write-File late.csv ("q,f`na,good`n" + (1..10 | ForEach-Object { "q$_,0.1`n" }) -join '')
        $result = Send-LlmObsEvent $experiment $file @map -ErrorAction SilentlyContinue -ErrorVariable problem
        $result.MetricCount, $result.FailedCount | Should -Be @(10, 1)
        "$($problem[0])" | Should -Match "^late.csv row 1 .*f is of type score in this call, as in late.csv row 2.*'good' is not"
        (Get-Attribute $server).metrics.metric_type | Select-Object -Unique | Should -Be 'score'
    }

    It 'refuses a number in a column of words, also after the rows that were looked at' {
        $file = Write-File words.csv ("q,f`n" + ("a,good`n" * 400) + "b,5`n")
        $result = Send-LlmObsEvent $experiment $file @map -ErrorAction SilentlyContinue -ErrorVariable problem
        $result.MetricCount, $result.FailedCount | Should -Be @(400, 1)
        "$($problem[0])" | Should -Match '^words.csv row 401 .*categorical in this call, as in words.csv row 1 '
    }

    It 'gives a label one type in all files of a call' {
        $result = Send-LlmObsEvent $experiment (Write-File 1.csv "q,f`na,1`n"), (Write-File 2.csv "q,f`na,good`n") @map -ErrorAction SilentlyContinue -ErrorVariable problem
        $result.MetricCount, $result.FailedCount | Should -Be @(1, 1)
        "$($problem[0])" | Should -Match '^2.csv row 1 .*as in 1.csv row 1'
    }

    It 'takes true, false, 0 and 1 for true and false' {
        Send-LlmObsEvent $experiment (Write-File flags.csv "q,f`na,1`nb,true`nc,0`n") @map | Out-Null
        (Get-Attribute $server).metrics.boolean_value | Should -Be @($true, $true, $false)
    }

    It 'takes <text> for no category' -ForEach @(@{ text = '85%' }, @{ text = '1,234.5' }, @{ text = '$0.002' }, @{ text = '4/5' }, @{ text = '0,9' }, @{ text = '1 234' }, @{ text = '12 €' }) {
        $result = "{`"q`":`"a`",`"f`":`"$text`"}" | Send-LlmObsEvent $experiment @map -ErrorAction SilentlyContinue -ErrorVariable problem
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(1, 0, 1)
        "$($problem[0])" | Should -Match "f has .*would become a category"
    }

    It 'reads <text> in <culture> as <expected>' -ForEach @(
        @{ text = '85%'; culture = 'en-US'; expected = 0.85 }, @{ text = '1,234.5'; culture = 'en-US'; expected = 1234.5 }, @{ text = '$0.002'; culture = 'en-US'; expected = 0.002 }
        @{ text = '0,9'; culture = 'de-DE'; expected = 0.9 }, @{ text = '1.234,5'; culture = 'de-DE'; expected = 1234.5 }, @{ text = '85 %'; culture = 'de-DE'; expected = 0.85 }
        @{ text = '1.234'; culture = 'de-DE'; expected = 1234 }, @{ text = '-3'; culture = 'fr-FR'; expected = -3 }
    ) {
        Send-LlmObsEvent $experiment (Write-File c.csv "q;f`na;$text`n") @map -Delimiter ';' -Culture $culture | Out-Null
        (Get-Attribute $server).metrics.score_value | Should -Be $expected
    }

    It 'refuses 0,9 in English, here and in New-LlmObsMetric' {
        $result = Send-LlmObsEvent $experiment (Write-File c.csv "q;f`na;0,9`n") @map -Delimiter ';' -Culture en-US -ErrorAction SilentlyContinue
        $result.MetricCount, $result.FailedCount | Should -Be @(0, 1)
        { New-LlmObsMetric s l -Score '0,9' } | Should -Throw "*'0,9' is not a number with a decimal point*"
        { New-LlmObsMetric s l -Score '1,234.5' } | Should -Throw "*'1,234.5' is not a number with a decimal point*"
        (New-LlmObsMetric s l -Score '0.9').ScoreValue | Should -Be 0.9
    }

    It 'says of <what> what it is, by the name of the column' -ForEach @(
        @{ what = 'a list'; value = @(1, 2) }, @{ what = 'a point in time'; value = [datetime]'2026-01-01' }, @{ what = 'a length of time'; value = [timespan]'00:01' }
    ) {
        [pscustomobject]@{ q = 'a'; f = $value } | Send-LlmObsEvent $experiment @map -ErrorAction SilentlyContinue -ErrorVariable problem | Out-Null
        "$($problem[0])" | Should -Match "was not sent: f is $what"
        @{ span_id = 's'; label = 'l'; value = $value } | Send-LlmObsEvent $experiment -ErrorAction SilentlyContinue -ErrorVariable problem | Out-Null
        "$($problem[0])" | Should -Match "value is $what"
    }

    It 'names the column of a span''s field and of a value' {
        Send-LlmObsEvent $experiment (Write-File n.csv "q,f,took_ms`na,Infinity,-1`nb,Infinity,1`n") @map -DurationColumn took_ms -ErrorAction SilentlyContinue -ErrorVariable problem | Out-Null
        "$($problem[0])" | Should -Match 'not sent: took_ms is negative'
        "$($problem[1])" | Should -Match "not sent: f is 'Infinity', which JSON cannot represent"
    }
}

Describe 'Missing values' {
    BeforeEach { $server = New-Server; $experiment = [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000'; ProjectId = 'p'; DatasetId = 'd' } }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'knows what other tools write for no value, and says it once' {
        $cells = 'nan', 'NaN', 'None', 'null', 'N/A', 'n/a', '#N/A', '<NA>', '-', '', '0.5', '0.7'
        $file = Write-File m.csv ("q,f`n" + (($cells | ForEach-Object { "a,$_`n" }) -join ''))
        $result = Send-LlmObsEvent $experiment $file @map -WarningVariable warning -WarningAction SilentlyContinue
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(12, 2, 0)
        @($warning).Count | Should -Be 1
        "$warning" | Should -Match "^'f' has no value in 10 of 12 rows \('nan' 2 times, .*-MissingValue"
    }

    It 'takes -MissingValue instead, and leaves named categories alone' {
        $file = Write-File m.csv "q,f`na,-1`nb,0.5`n"
        (Send-LlmObsEvent $experiment $file @map -MissingValue '-1' -WarningAction SilentlyContinue).MetricCount | Should -Be 1
        $words = Write-File w.csv "q,f`na,None`nb,some`n"
        (Send-LlmObsEvent $experiment $words @map -MetricType @{ f = 'categorical' }).MetricCount | Should -Be 2
        (Send-LlmObsEvent $experiment $words @map -MissingValue @()).MetricCount | Should -Be 2
        [pscustomobject]@{ q = 'a'; f = [double]::NaN } | Send-LlmObsEvent $experiment @map -WarningAction SilentlyContinue | ForEach-Object FailedCount | Should -Be 0
    }

    It 'warns of a metric column without a value' {
        Send-LlmObsEvent $experiment (Write-File m.csv "q,f`na,`nb,`n") @map -WarningVariable warning -WarningAction SilentlyContinue | Out-Null
        "$warning" | Should -Match 'no value in any row'
    }
}

Describe 'Tables without spans, and without rows' {
    AfterEach { Clear-Session }

    It 'sends only metrics where no column is a span''s, and leaves the spans as they are' {
        [void](Start-LlmObsEmulator -PassThru); $experiment = New-TestExperiment
        Send-LlmObsEvent $experiment (Write-File one.csv "id,q,a`n1,hello,hi`n") -InputColumn q -OutputColumn a -IdColumn id | Out-Null
        $result = Send-LlmObsEvent $experiment (Write-File two.csv "id,f`n1,0.5`n") -MetricColumn f -IdColumn id
        $result.SpanCount, $result.MetricCount | Should -Be @(0, 1)
        $span = Get-LlmObsEvent $experiment
        $span.Input, $span.Output, $span.EvalMetrics[0].ScoreValue | Should -Be @('hello', 'hi', 0.5)
        { Send-LlmObsEvent $experiment (Write-File two.csv "id,f`n1,0.5`n") -MetricColumn f } | Should -Throw '*nothing identifies*'
    }

    It 'counts zero and warns for <name>' -ForEach @(
        @{ name = 'nothing in the pipeline'; send = { @() | Send-LlmObsEvent $experiment @map } }
        @{ name = 'nothing in the pipeline, by id'; send = { @() | Send-LlmObsEvent $experiment.Id } }
        @{ name = 'a header without rows'; send = { Send-LlmObsEvent $experiment (Write-File h.csv "q,f`n") @map } }
        @{ name = 'an empty list'; send = { Send-LlmObsEvent $experiment (Write-File l.json '[]') @map } }
        @{ name = 'an empty file'; send = { Send-LlmObsEvent $experiment (Write-File e.jsonl '') } }
    ) {
        [void](Start-LlmObsEmulator -PassThru); $experiment = New-TestExperiment
        $result = & $send 3> (Join-Path $TestDrive warning.txt)
        @($result).Count | Should -Be 1
        $result.ExperimentId, $result.EventCount, $result.FailedCount | Should -Be @($experiment.Id, 0, 0)
        Get-Content (Join-Path $TestDrive warning.txt) -Raw | Should -Match 'No row was found'
    }

    It 'checks columns against a header without rows' {
        $server = New-Server
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 (Write-File h.csv "question,f`n") @map -ErrorAction SilentlyContinue -ErrorVariable problem -WarningAction SilentlyContinue | Out-Null
        "$($problem[0])" | Should -Match "has no column 'q'"
        $server.Dispose()
    }

    It 'sees the unit of <column>' -ForEach @(
        @{ column = 'latencyMs'; expected = 5000000 }, @{ column = 'duration_seconds'; expected = 5000000000 }, @{ column = 'elapsed_sec'; expected = 5000000000 }
    ) {
        $server = New-Server
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 -ProjectId p -DatasetId d (Write-File d.csv "q,$column`na,5`n") -InputColumn q -DurationColumn $column | Out-Null
        (Get-Attribute $server).spans[0].duration | Should -Be $expected
        [pscustomobject]@{ q = 'a'; took = [timespan]'00:00:02' } | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 -ProjectId p -DatasetId d -InputColumn q -DurationColumn took | Out-Null
        (Get-Attribute $server).spans[0].duration | Should -Be 2000000000
        $server.Dispose()
    }
}

Describe 'What else a row of a table has' {
    BeforeEach { $server = New-Server; $experiment = [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000'; ProjectId = 'p'; DatasetId = 'd' } }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'goes where its parameter says' {
        $file = Write-File more.csv "q,rec,title,began,problem,model,seed,extra`na,r-1,first,2026-01-02T03:04:05Z,timed out,m-1,7,`"{`"`"k`"`":[1,true]}`"`nb,r-2,,2026-01-02T03:04:06Z,None,,8,`n"
        Send-LlmObsEvent $experiment $file -InputColumn q -RecordIdColumn rec -NameColumn title -StartColumn began -ErrorColumn problem `
            -MetadataColumn model, seed, extra -JsonColumn extra -WarningAction SilentlyContinue | ForEach-Object FailedCount | Should -Be 0
        $one, $two = (Get-Attribute $server).spans
        $one.name, $one.start_ns, $one.status, $one.meta.error.message | Should -Be @('first', 1767323045000000000, 'error', 'timed out')
        $one.tags | Should -Be 'dataset_record_id:r-1'
        $one.meta.metadata | ConvertTo-Json -Compress -Depth 5 | Should -BeExactly '{"model":"m-1","seed":"7","extra":{"k":[1,true]}}'
        $two.name, $two.status, $two.tags | Should -Be @('q', 'ok', 'dataset_record_id:r-2')
        $two.meta.metadata | ConvertTo-Json -Compress | Should -BeExactly '{"seed":"8"}'
    }

    It 'is the tag of its record, in a table and in a span' {
        Send-LlmObsEvent $experiment (Write-File r.csv "q,dataset_record_id,tags`na,r-1,env:ci`n") -InputColumn q | Out-Null
        (Get-Attribute $server).spans[0].tags | Should -Be @('env:ci', 'dataset_record_id:r-1')
        $span = @{ trace_id = 't'; span_id = 's'; name = 'n'; start = Get-Date; duration = '00:00:01'; dataset_record_id = 'r-2' }
        $span | Send-LlmObsEvent $experiment -WarningVariable warned | Out-Null
        (Get-Attribute $server).spans[0].tags | Should -Be 'dataset_record_id:r-2'
        $warned | Should -BeNullOrEmpty
        ($span + @{ tags = 'dataset_record_id:r-2' }) | Send-LlmObsEvent $experiment | Out-Null
        (Get-Attribute $server).spans[0].tags | Should -Be 'dataset_record_id:r-2'
        ($span + @{ tags = 'dataset_record_id:r-3' }) | Send-LlmObsEvent $experiment -ErrorAction SilentlyContinue -ErrorVariable problem | Out-Null
        "$($problem[0])" | Should -Match "dataset_record_id is 'r-2', but the row's tags name another record"
    }

    It 'is refused where only metrics are sent' {
        { Send-LlmObsEvent $experiment (Write-File x.csv "id,f,rec`n1,1,r`n") -MetricColumn f -IdColumn id -RecordIdColumn rec } | Should -Throw '*-RecordIdColumn is for spans*'
    }
}

Describe 'Labels, reasoning, assessments and wildcards of a table' {
    BeforeAll {
        function Send-Table([string] $name, [string[]] $lines, [hashtable] $more) {
            Send-LlmObsEvent $experiment (Write-File $name ($lines -join "`n")) @more -WarningVariable script:warned -WarningAction SilentlyContinue -ErrorVariable script:problems -ErrorAction SilentlyContinue
        }
        function Get-Metric { Get-LlmObsEvent -ExperimentId $experiment.Id | ForEach-Object EvalMetrics | Sort-Object Label, Value | ForEach-Object { "$($_.Label)=$($_.Value) $($_.Assessment) $($_.Reasoning)".Trim() } }
        $nested = '{"q":"1","outputs":{"ground":{"score":4,"reason":"r1","result":"pass"},"flu":{"score":2,"result":"fail"}}}', '{"q":"2","outputs":{"ground":{"score":5,"reason":"r3"},"rel":{"score":1,"result":"pass"}}}'
    }
    BeforeEach { [void](Start-LlmObsEmulator -PassThru); $experiment = New-TestExperiment }
    AfterEach { Clear-Session }

    It 'are taken from columns beside each metric' {
        $lines = 'q,f,f_why,f_ok,t,t_why', 'a,0.5,because,true,good,nice', 'b,0.25,,FAILED,bad,', 'c,n/a,lost,pass,,'
        (Send-Table 'beside.csv' $lines @{ InputColumn = 'q'; MetricColumn = 'f', @{ tone = 't' }; ReasoningColumn = @{ tone = 't_why'; f = 'f_why' }; AssessmentColumn = @{ f = 'f_ok' } }).FailedCount | Should -Be 0
        Get-Metric | Should -Be 'f=0.25 fail', 'f=0.5 pass because', 'tone=bad', 'tone=good  nice'
    }

    It 'are found by patterns, in <name>' -ForEach @(
        @{ name = 'JSON'; file = 'p.jsonl'; lines = { $nested } }
        @{ name = 'a table of tools'; file = 'p.csv'; lines = { 'q,outputs.ground.score,outputs.ground.reason,outputs.ground.result,outputs.flu.score,outputs.flu.result,outputs.rel.score,outputs.rel.result', '1,4,r1,pass,2,fail,,', '2,5,r3,,,,1,pass' } }
        @{ name = 'JSON in a cell'; file = 'c.csv'; lines = { $nested | ConvertFrom-Json | Select-Object q, @{ Name = 'outputs'; Expression = { ConvertTo-Json -Compress -InputObject $_.outputs } } | ConvertTo-Csv } }
    ) {
        $result = Send-Table $file (& $lines) @{ InputColumn = 'q'; MetricColumn = @{ '*' = 'outputs.*.score' }; ReasoningColumn = 'outputs.*.reason'; AssessmentColumn = 'outputs.*.result' }
        $problems | Should -BeNullOrEmpty
        $result.MetricCount | Should -Be 4
        Get-Metric | Should -Be 'flu=2 fail', 'ground=4 pass r1', 'ground=5  r3', 'rel=1 pass'
    }

    It 'are found by patterns in piped objects' {
        $nested | ConvertFrom-Json | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn @{ '*' = 'outputs.*.score' } | ForEach-Object MetricCount | Should -Be 4
        (Get-Metric) -replace ' .*' | Should -Be 'flu=2', 'ground=4', 'ground=5', 'rel=1'
    }

    It 'without a label have the names of their columns' {
        $result = Send-Table 'stars.csv' ('q,a_score,b_score,other', '1,0.5,0.25,x') @{ InputColumn = 'q'; MetricColumn = '*_score' }
        Get-Metric | Should -Be 'a_score=0.5', 'b_score=0.25'
        $result.UnusedColumns | Should -Be 'other'
        $warned | Should -BeNullOrEmpty
    }

    It 'of metadata are all columns that nothing else names' {
        Send-Table 'meta.csv' ('q,f,model,n,error,start', '1,0.5,m1,3,,', '2,1,m2,,boom,2026-11-28T10:00:00Z') @{ InputColumn = 'q'; MetricColumn = 'f'; MetadataColumn = '*' } | Out-Null
        $spans = Get-LlmObsEvent -ExperimentId $experiment.Id | Sort-Object Input
        $spans.Metadata | ForEach-Object { $_ | ConvertTo-Json -Compress } | Should -Be '{"model":"m1","n":"3"}', '{"model":"m2"}'
        $spans.Status | Should -Be 'ok', 'error'
        $spans[1].ErrorMessage | Should -Be 'boom'
        $warned | Should -BeNullOrEmpty
    }

    It 'that match nothing, twice or too little are one error: <name>' -ForEach @(
        @{ name = 'header'; file = 'x.csv'; lines = 'q,f', '1,2'; more = @{ MetricColumn = 'g*' }; id = 'UnreadableFile'; words = "*no column like 'g`*'*q, f*" }
        @{ name = 'inside'; file = 'x.jsonl'; lines = '{"q":"1","o":{"a":1}}', '{"q":"2"}'; more = @{ MetricColumn = 'o.x*' }; id = 'UnseenColumn'; words = "*no column like 'o.x`*'*" }
        @{ name = 'one label'; file = 'x.csv'; lines = 'q,f,g', '1,2,3'; more = @{ MetricColumn = @{ a = 'f' }, @{ a = 'g' } }; id = 'UnreadableFile'; words = "*'f', 'g' are one metric, 'a'*" }
        @{ name = 'assessment'; file = 'x.csv'; lines = 'q,f,ok', '1,2,maybe'; more = @{ MetricColumn = 'f'; AssessmentColumn = 'ok' }; id = 'InvalidEvent'; words = "*ok is 'maybe'*pass or fail*" }
        @{ name = 'reasoning by label'; file = 'x.csv'; lines = 'q,f', '1,2'; more = @{ MetricColumn = 'f'; ReasoningColumn = @{ f = 'why' } }; id = 'UnreadableFile'; words = "*no column 'why'*" }
    ) {
        Send-Table $file $lines ($more + @{ InputColumn = 'q' }) | Out-Null
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        "$($problems[0])" | Should -BeLike $words
    }

    It 'refuse one column of reasoning for several metrics' {
        { 'q,f,g,why', '1,2,3,x' | ConvertFrom-Csv | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn f, g -ReasoningColumn why } | Should -Throw -ErrorId 'InvalidValue,*'
    }

    It 'are kept by a spool' {
        $spool = Join-Path $TestDrive "spool-$([guid]::NewGuid())"
        $file = Write-File spooled.jsonl ($nested -join "`n")
        $server = New-Server
        $server.Answer(503) | Out-Null
        try {
            $down = @{ ErrorAction = 'SilentlyContinue'; WarningAction = 'SilentlyContinue' }
            Set-LlmObsConfig -ProfileName down -BaseUri $server.BaseUri -MaxRetryCount 0
            Send-LlmObsEvent $experiment $file -InputColumn q -MetricColumn @{ '*' = 'outputs.*.score' } -IdColumn q -SpoolPath $spool -ProfileName down @down | Out-Null
            $server.Answer(202) | Out-Null
            $resumed = Resume-LlmObsEvent -SpoolPath $spool -ProfileName down -WarningAction SilentlyContinue
            $resumed.MetricCount | Should -Be 4
            $server.Requests[-1].Body | Should -BeLike '*"label":"ground"*'
        } finally { $server.Dispose() }
    }

    It 'tell rows apart by several columns, and say which' {
        $map = @{ InputColumn = 'q'; MetricColumn = 'f'; IdColumn = 'team', 'n' }
        (Send-Table 'ids.csv' ('q,f,team,n', 'a,1,x,11', 'b,2,x1,1', 'c,3,x,11') $map).SpanCount | Should -Be 2
        "$problems" | Should -BeLike "*team, n is 'x', '11', as in ids.csv row 1*"
        (Get-LlmObsEvent -ExperimentId $experiment.Id).Metadata | ForEach-Object { "$($_.team) $($_.n)" } | Sort-Object | Should -Be 'x 11', 'x1 1'
        Send-Table 'ids.csv' ('q,f,n,team', 'a2,1,11,x') $map | Out-Null
        (Get-LlmObsEvent -ExperimentId $experiment.Id).Count | Should -Be 2 -Because 'the id is the same wherever its columns stand'
    }
}

Describe 'Lists of Python, times and durations of a table' {
    BeforeEach { [void](Start-LlmObsEmulator -PassThru); $experiment = New-TestExperiment }
    AfterEach { Clear-Session }

    It 'are what Python meant: <text>' -ForEach @(
        @{ text = "['a', `"it's`", None, True, 1.5, -2]"; json = '["a","it''s",null,true,1.5,-2]' }
        @{ text = "{'k': ('x', [1]), 'e': {}}"; json = '{"k":["x",[1]],"e":{}}' }
        @{ text = "['caf\xe9 \u20ac \U0001F600', 'line\nend', 'C:\\dir']"; json = '["café € 😀","line\nend","C:\\dir"]' }
        @{ text = '["plain", "json"]'; json = '["plain","json"]' }
        @{ text = '[]'; json = '[]' }, @{ text = "[1., .5,]"; json = '[1,0.5]' }
    ) {
        [pscustomobject]@{ q = 'a'; contexts = $text; f = 1 } | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn f -MetadataColumn contexts -JsonColumn contexts | Out-Null
        $contexts = (Get-LlmObsEvent -ExperimentId $experiment.Id).Metadata.contexts
        ConvertTo-Json -Compress -Depth 9 -InputObject $contexts | Should -BeExactly $json
    }

    It 'that are none stay an error: <text>' -ForEach @(
        @{ text = "['a'" }, @{ text = "['a' 'b']" }, @{ text = '[nan]' }, @{ text = "{'a'}" }, @{ text = "[f(x)]" }, @{ text = "['a'] tail" }, @{ text = "['\ud800']" }, @{ text = ('[' * 200) + (']' * 199) }
    ) {
        $result = [pscustomobject]@{ q = 'a'; c = $text; f = 1 } | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn f -MetadataColumn c -JsonColumn c -ErrorAction SilentlyContinue
        $result.FailedCount | Should -Be 1
    }

    It 'are met by paths, too' {
        [pscustomobject]@{ q = 'a'; contexts = "['first', 'second']"; f = 1 } | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn f -OutputColumn 'contexts[1]' | Out-Null
        (Get-LlmObsEvent -ExperimentId $experiment.Id).Output | Should -Be 'second'
    }

    It 'doubt a start that is no likely time: <start>' -ForEach @(
        @{ start = '12'; doubt = $true }, @{ start = '0'; doubt = $true }, @{ start = '1999-12-31T00:00:00Z'; doubt = $true }, @{ start = '2200-01-01T00:00:00Z'; doubt = $true }
        @{ start = [DateTimeOffset]::UtcNow.ToString('o'); doubt = $false }, @{ start = '2001-01-01T00:00:00Z'; doubt = $false }, @{ start = ''; doubt = $false }
    ) {
        [pscustomobject]@{ q = 'a'; start = $start; f = 1 } | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn f -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        @($warned -like '*start_ns is*').Count | Should -Be ([int]$doubt)
    }

    It 'say how many rows have no duration' {
        $rows = 'q,f,latencyMs', 'a,1,12', 'b,1,', 'c,1,n/a' | ConvertFrom-Csv
        $rows | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn f -DurationColumn latencyMs -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        "$warned" | Should -BeLike "*'latencyMs' has no value in 2 of 3 rows*1 ms*"
    }

    It 'read the unit of <column>' -ForEach @(
        @{ column = 'latencyMs'; value = '1500'; ns = 1500000000 }, @{ column = 'duration_seconds'; value = '1.5'; ns = 1500000000 }, @{ column = 'elapsed_sec'; value = '1.5'; ns = 1500000000 }
        @{ column = 'took us'; value = '1500'; ns = 1500000 }, @{ column = 'Latency (ms)'; value = '1.5'; ns = 1500000 }, @{ column = 'duration'; value = '00:00:01.5'; ns = 1500000000 }
        @{ column = 'elapsed'; value = [timespan]::FromSeconds(1.5); ns = 1500000000 }, @{ column = 'total_time_millis'; value = '2'; ns = 2000000 }
    ) {
        [pscustomobject]@{ q = 'a'; f = 1; $column = $value } | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn f -DurationColumn $column | Out-Null
        (Get-LlmObsEvent -ExperimentId $experiment.Id).DurationNs | Should -Be $ns
    }
}
