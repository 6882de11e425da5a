BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $header = 'trace_id,span_id,project_id,dataset_id,name,start_ns,duration,status,input'
    $row = 't1,s1,p,d,q,1768473000123456789,5,ok,"héllo, ""wörld"" 日本"'
    $spanJson = '{"trace_id":"t1","span_id":"s1","project_id":"p","dataset_id":"d","name":"q","start_ns":1768473000123456789,"duration":5,"status":"ok","meta":{"input":"héllo, \"wörld\" 日本"}}'
    $sent = "{""data"":{""type"":""events"",""attributes"":{""spans"":[$spanJson]}}}"
    function Write-File($name, $text, $encoding = 'utf8NoBOM') {
        $file = Join-Path $TestDrive $name
        Set-Content -LiteralPath $file -Value $text -Encoding $encoding -NoNewline
        $file
    }
}

Describe 'Send-LlmObsEvent -Path' {
    BeforeEach { $server = New-Server; Get-ChildItem $TestDrive -File | Remove-Item }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'reads <name>' -ForEach @(
        @{ name = 'a.csv'; make = { "$header`n$row`n" }; encoding = 'utf8NoBOM' }
        @{ name = 'bom.csv'; make = { "$header`r`n$row" }; encoding = 'utf8BOM' }
        @{ name = 'wide.csv'; make = { "$header`r`n$row`r`n" }; encoding = 'unicode' }
        @{ name = 'big.csv'; make = { "$header`n$row`n" }; encoding = 'bigendianunicode' }
        @{ name = 'a.tsv'; make = { "$header`n$row`n" -replace ',(?! )', "`t" }; encoding = 'utf8NoBOM' }
        @{ name = 'list.json'; make = { "[ $spanJson ]" }; encoding = 'utf8NoBOM' }
        @{ name = 'one.json'; make = { $spanJson }; encoding = 'utf8BOM' }
        @{ name = 'payload.json'; make = { "{""spans"":[$spanJson],""metrics"":[]}" }; encoding = 'utf8NoBOM' }
        @{ name = 'request.json'; make = { $sent }; encoding = 'unicode' }
        @{ name = 'a.jsonl'; make = { "$spanJson`n`n" }; encoding = 'utf8NoBOM' }
        @{ name = 'a.NDJSON'; make = { $spanJson }; encoding = 'utf8NoBOM' }
    ) {
        $file = Write-File $name (& $make) $encoding
        $result = Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path $file
        $result.SpanCount, $result.FailedCount | Should -Be @(1, 0)
        $server.Requests[0].Body | Should -BeExactly $sent
    }

    It 'reads gzipped files' {
        $file = Join-Path $TestDrive a.csv.gz
        $stream = [System.IO.Compression.GZipStream]::new([IO.File]::Create($file), [System.IO.Compression.CompressionMode]::Compress)
        $bytes = [Text.Encoding]::UTF8.GetBytes("$header`n$row`n")
        $stream.Write($bytes, 0, $bytes.Length); $stream.Dispose()
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file | Out-Null
        $server.Requests[0].Body | Should -BeExactly $sent
    }

    It 'gives the same as Import-Csv' {
        $file = Write-File a.csv "$header,tags,error_message`n$row,""a:1,b:2"",`n$($row.Replace('s1', 's2')),,late`n"
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file | Out-Null
        Import-Csv $file | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        $server.Requests[0].Body | Should -BeExactly $server.Requests[1].Body
    }

    It 'takes several files, wildcards and relative paths' {
        Write-File one.csv "$header`n$row`n" | Out-Null
        Write-File two.csv "$header`n$row`n$row`n" | Out-Null
        Write-File three.jsonl "$spanJson`n" | Out-Null
        Push-Location $TestDrive
        (Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path *.csv, three.jsonl).SpanCount | Should -Be 4
        (Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path ./two.csv).SpanCount | Should -Be 2
        Pop-Location
        (Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path TestDrive:/two.csv).SpanCount | Should -Be 2
    }

    It 'takes names as they are with -LiteralPath' {
        $file = Write-File 'a[1].csv' "$header`n$row`n"
        (Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -LiteralPath $file).SpanCount | Should -Be 1
        (Get-ChildItem -LiteralPath $file | ForEach-Object { Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -LiteralPath $_ }).SpanCount | Should -Be 1
    }

    It 'reads the files of Get-ChildItem' {
        Write-File a.csv "$header`n$row`n" | Out-Null
        Write-File b.csv "$header`n$row`n" | Out-Null
        (Get-ChildItem $TestDrive -Filter *.csv | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000).SpanCount | Should -Be 2
    }

    It 'takes project and dataset from a piped experiment' {
        $file = Write-File a.csv "trace_id,span_id,name,start_ns,duration`nt1,s1,q,1768473000123456789,5"
        $result = [LlmObs.Experiment]@{ Id = 'e7000000-0000-4000-8000-000000000000'; ProjectId = 'pe'; DatasetId = 'de' } | Send-LlmObsEvent -Path $file
        $result.ExperimentId | Should -Be 'e7000000-0000-4000-8000-000000000000'
        (Get-Attribute $server).spans[0].project_id, (Get-Attribute $server).spans[0].dataset_id | Should -Be @('pe', 'de')
    }

    It 'takes another delimiter, and says so where it is missing' {
        $file = Write-File a.csv ("$header`n$row`n" -replace ',(?! )', ';')
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$($problem[0])" | Should -Match "-Delimiter ';'"
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -Delimiter ';' | Out-Null
        $server.Requests[0].Body | Should -BeExactly $sent
    }

    It 'takes another encoding: <encoding>' -ForEach @(
        @{ encoding = 'windows-1252'; written = 1252 }, @{ encoding = 1252; written = 1252 }, @{ encoding = 'ANSI'; written = 1252 }
        @{ encoding = 'latin1'; written = 'latin1' }, @{ encoding = [Text.Encoding]::Latin1; written = 'latin1' }, @{ encoding = 'unicode'; written = 1200 }
        @{ encoding = 'utf8BOM'; written = 65001 }
    ) {
        $western = { param($text) $text -replace ' 日本' }
        $file = Join-Path $TestDrive western.csv
        [IO.File]::WriteAllBytes($file, [Text.Encoding]::GetEncoding($written).GetBytes((& $western "$header`n$row`n")))
        (Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -Encoding $encoding).SpanCount | Should -Be 1
        $server.Requests[0].Body | Should -BeExactly (& $western $sent)
    }

    It 'says where another encoding is missing, once for the file where its header has it' {
        $file = Write-File ansi.csv "$header`n$row`n" 1252
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$problem" | Should -Match 'ansi.csv row 1 .* input is not UTF-8; give the file''s encoding, for example -Encoding windows-1252'
        $file = Write-File header.csv "question;Qualität`na;1`nb;1`n" 1252
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -Delimiter ';' -InputColumn question -MetricColumn Qualität -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem.Count | Should -Be 1
        "$problem" | Should -Match 'its header is not UTF-8; give the file''s encoding'
        (Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -Delimiter ';' -InputColumn question -MetricColumn Qualität -ProjectId p -DatasetId d -Encoding 1252).MetricCount | Should -Be 2
        (Get-Attribute $server).metrics.label | Should -Be 'Qualität', 'Qualität'
    }

    It 'refuses <given>, which is no encoding' -ForEach @(@{ given = 'windows-1225'; near = "Did you mean 'windows-1252'" }, @{ given = 'utf7'; near = '' }, @{ given = 77777; near = '' }) {
        { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 a.csv -Encoding $given } | Should -Throw -ExceptionType ([System.Management.Automation.ParameterBindingException])
        "$($Error[0])" | Should -Match "'$given' is no encoding that .NET can read\. ?$near"
    }

    It 'reads cells as JSON only in columns that -JsonColumn names' {
        $cells = $row -replace '"h.*', '"{""a"":1}","[1,2]"'
        $file = Write-File a.csv "$header,output`n$cells`n"
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -JsonColumn OUTPUT | Out-Null
        (Get-Attribute $server).spans[0].meta.input | Should -BeExactly '{"a":1}'
        (Get-Attribute $server).spans[0].meta.output | Should -Be @(1, 2)
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -JsonColumn nothing -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$($problem[0])" | Should -Match "no column 'nothing'"
    }

    It 'says file, row and line of a row that can''t be sent, and sends the others' {
        $file = Write-File a.csv "$header`n$row`n`n""t`n2"",s2,p,d,q,soon,5,ok,x`nt3,s3,p,d,q,1,2,3,4,5`n$row`nt4,s4,p,d,q,1768473000123456789,5,ok,""x""y`n$row`n"
        $result = Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount, $result.FailedCount | Should -Be @(3, 3)
        "$($problem[0])" | Should -Match '^a.csv row 2 \(line 4\) was not sent: start_ns must be'
        "$($problem[1])" | Should -Match '^a.csv row 3 \(line 6\) .*\b10 cells\b.*\b9\b'
        $problem[1].TargetObject | Should -Be 't3,s3,p,d,q,1,2,3,4,5'
        "$($problem[2])" | Should -Match '^a.csv row 5 \(line 8\)'
    }

    It 'says the line of JSON Lines that is broken, and sends the others' {
        $file = Write-File a.jsonl "$spanJson`n{""broken"":`n$spanJson"
        $result = Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount, $result.FailedCount | Should -Be @(2, 1)
        "$($problem[0])" | Should -Match '^a.jsonl row 2 was not sent: it is not JSON'
        $problem[0].TargetObject | Should -Be '{"broken":'
    }

    It 'sends what stands before the place where a JSON file breaks' {
        $file = Write-File a.json "[$spanJson,$spanJson,{""a"" 1}]"
        $result = Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount | Should -Be 2
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
        "$($problem[0])" | Should -Match '^a.json row 3\b'
    }

    It 'reports a file that can''t be read as <id>' -ForEach @(
        @{ id = 'FileNotFound'; make = { Join-Path $TestDrive nothing.csv } }
        @{ id = 'UnreadableFile'; make = { Write-File a.xlsx 'PK' } }
        @{ id = 'UnreadableFile'; make = { Write-File a.csv.gz 'not gzipped' } }
        @{ id = 'UnreadableFile'; make = { Write-File twice.csv "meta.model,Meta.model`n1,2" } }
        @{ id = 'UnreadableFile'; make = { Write-File table.csv "question,answer`na,b" } }
        @{ id = 'NotAFile'; make = { 'env:HOME' } }
        @{ id = 'NotAFile'; make = { New-Item -ItemType Directory (Join-Path $TestDrive "folder-$([guid]::NewGuid())") } }
    ) {
        Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path (& $make) -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        $server.Requests.Count | Should -Be 0
    }

    It 'says once of a file that it is a table whose columns nobody has named' {
        $rows = (1..50 | ForEach-Object { "question $_,answer $_" }) -join "`n"
        $result = Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 (Write-File table.csv "question,answer`n$rows"), (Write-File a.csv "$header`n$row") `
            -ErrorVariable problem -ErrorAction SilentlyContinue -WarningVariable warnings
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnreadableFile,*'
        "$($problem[0])" | Should -Match 'table\.csv''.* question, answer,'
        "$($problem[0])" | Should -Match '-InputColumn.*-MetricColumn\.$'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'header'
        $warnings | Should -BeNullOrEmpty
        $result.SpanCount | Should -Be 1
    }

    It 'names the nearest column where the one that says what a row is has a typo' {
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 (Write-File typo.csv "span_id,lable,value`ns,l,1") -ErrorVariable problem -ErrorAction SilentlyContinue
        "$($problem[0])" | Should -Match "Did you mean 'label'\?"
    }

    It 'says of a folder that its files are needed: <name>' -ForEach @(@{ name = 'Path' }, @{ name = 'LiteralPath' }) {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive "folder-$name")
        $where = @{ $name = $folder.FullName }
        $result = Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 @where -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $result.EventCount | Should -Be 0
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotAFile,*'
        "$($problem[0])" | Should -Match 'is a folder'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match '\*\.csv'
    }

    It 'says so of a folder among piped files, and sends the files' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'piped-folder')
        Write-File (Join-Path 'piped-folder' 'a.csv') "span_id,label,score_value,timestamp_ms`ns,l,1,$([DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds())" | Out-Null
        $null = New-Item -ItemType Directory (Join-Path $folder 'inner')
        $result = Get-ChildItem $folder | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.MetricCount, $result.FailedCount | Should -Be 1, 0
        $problem.FullyQualifiedErrorId | Should -Be 'NotAFile,LlmObs.PowerShell.Commands.SendLlmObsEventCommand'
        "$problem" | Should -Match 'inner. is a folder'
    }

    It 'sends nothing of an empty file, and says so' {
        (Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 (Write-File empty.csv '') -WarningAction SilentlyContinue).EventCount | Should -Be 0
        (Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 (Write-File header.csv "$header`n") -WarningAction SilentlyContinue).EventCount | Should -Be 0
        (Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 (Write-File empty.jsonl '') -WarningAction SilentlyContinue).EventCount | Should -Be 0
        $server.Requests.Count | Should -Be 0
    }

    It 'shows the first bytes of a large request under -WhatIf' {
        $file = Write-File a.csv ("$header`n" + ("$row`n" * 500))
        $transcript = Join-Path $TestDrive whatif.txt
        Start-Transcript $transcript | Out-Null
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -WhatIf
        Stop-Transcript | Out-Null
        Get-Content $transcript -Raw | Should -Match '\(500 spans and 0 metrics, \d+ bytes in all\)'
        $server.Requests.Count | Should -Be 0
    }
}
