BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $experiment = [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000'; ProjectId = 'p'; DatasetId = 'd' }
    $german = @{ Delimiter = ';'; Encoding = 'windows-1252'; Culture = 'de-DE'; InputColumn = 'Frage' }
    function Write-Sheet([string] $name, [string[]] $lines) {
        $file = Join-Path $TestDrive $name
        [IO.File]::WriteAllText($file, ($lines -join "`r`n") + "`r`n", [Text.Encoding]::GetEncoding(1252))
        $file
    }
    function Get-Sent { $server.Requests | ForEach-Object { ($_.Body | ConvertFrom-Json).data.attributes } }
}

Describe 'A table of a spreadsheet' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'has true and false in the words of the culture' -ForEach @(
        @{ culture = 'de-DE'; yes = 'WAHR'; no = 'Falsch' }, @{ culture = 'fr-CA'; yes = 'VRAI'; no = 'FAUX' }
        @{ culture = 'tr-TR'; yes = 'DOĞRU'; no = 'yanlış' }, @{ culture = 'es'; yes = 'verdadero'; no = 'FALSO' }
    ) {
        $result = "q,ok`na,$yes`nb,$no`n" | ConvertFrom-Csv | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn ok -Culture $culture
        $result.MetricCount | Should -Be 2
        (Get-Sent).metrics.boolean_value | Should -Be @($true, $false)
    }

    It 'takes such a word for a category without the culture, or if categories are wanted' {
        $rows = "q,ok`na,WAHR`n" | ConvertFrom-Csv
        $rows | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn ok | Out-Null
        $rows | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn ok -Culture fr-FR | Out-Null
        $rows | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn ok -Culture de-DE -MetricType @{ ok = 'categorical' } | Out-Null
        (Get-Sent).metrics.categorical_value | Should -Be @('WAHR', 'WAHR', 'WAHR')
    }

    It 'has assessments and no values in the words of the culture' {
        $rows = "q,note,gut`na,`"0,5`",WAHR`nb,#NV,FALSCH`nc,`"0,1`",falsch`n" | ConvertFrom-Csv
        $result = $rows | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn note -AssessmentColumn gut -Culture de-DE -WarningVariable warned -WarningAction SilentlyContinue
        $result.MetricCount, $result.MissingCount, $result.FailedCount | Should -Be @(2, 1, 0)
        (Get-Sent).metrics.assessment | Should -Be @('pass', 'fail')
        "$warned" | Should -BeLike "*'note' has no value in 1 of 3 rows ('#NV' 1 times)*"
        $result = $rows | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn note -Culture de-DE -MissingValue x -ErrorAction SilentlyContinue
        $result.FailedCount | Should -Be 1 -Because 'given texts replace the known ones'
    }

    It 'has times in the order of the culture' {
        $now = [datetime]::UtcNow.Date.AddHours(14).AddMinutes(5)
        $texts = $now.ToString('dd.MM.yyyy HH:mm', [cultureinfo]::InvariantCulture), $now.ToString('d.M.yyyy', [cultureinfo]::InvariantCulture), $now.ToString('s')
        $texts | ForEach-Object { [pscustomobject]@{ q = $_; Datum = $_ } } | Send-LlmObsEvent $experiment -InputColumn q -StartColumn Datum -Culture de-DE | Out-Null
        $expected = $now, $now.Date, $now | ForEach-Object { [DateTimeOffset]::new($_, [timespan]::Zero).ToUnixTimeMilliseconds() * 1000000 }
        (Get-Sent).spans.start_ns | Should -Be $expected
        $fails = { [pscustomobject]@{ q = 'a'; Datum = $args[0] } | Send-LlmObsEvent $experiment -InputColumn q -StartColumn Datum -Culture de-DE -ErrorAction SilentlyContinue }
        '31/13/2026', '1234.5', '14:05', '03.11.26', '03.11.' | ForEach-Object { (& $fails $_).FailedCount | Should -Be 1 -Because $_ }
    }

    It 'has names with line breaks, which are read as blanks' {
        $file = Write-Sheet breaks.csv "Frage;`"Antwort `n Bot`";`"Note`r`n1`"", 'a;b;0,5'
        $columns = @{ OutputColumn = 'Antwort Bot'; MetricColumn = 'Note 1'; MetricType = @{ 'Note 1' = 'score' } }
        Send-LlmObsEvent $experiment $file @german @columns -WarningAction Ignore | Out-Null
        Send-LlmObsEvent $experiment $file @german -OutputColumn "Antwort `n Bot" -MetricColumn @{ note = "Note`n1" } | Out-Null
        Import-Csv $file -Delimiter ';' | Send-LlmObsEvent $experiment -InputColumn Frage -Culture de-DE @columns -WarningAction Ignore | Out-Null
        $sent = Get-Sent
        $sent.spans.meta.output | Should -Be @('b', 'b', 'b')
        $sent.metrics.label | Should -Be @('Note 1', 'note', 'Note 1')
        Send-LlmObsEvent $experiment $file @german -OutputColumn Antwort -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$problem" | Should -BeLike "*its columns are Frage, Antwort Bot, Note 1. Did you mean 'Antwort Bot'?"
    }

    It 'has names with line breaks of columns with JSON' {
        $file = Write-Sheet json.csv "Frage;`"Antwort`nBot`"", 'a;"{""x"":1}"'
        foreach ($name in 'Antwort Bot', "Antwort`nBot") {
            (Send-LlmObsEvent $experiment $file @german -OutputColumn $name -JsonColumn $name).SpanCount | Should -Be 1
        }
        (Get-Sent).spans.meta.output.x | Should -Be 1, 1
    }

    It 'has columns without a name, which no asterisk and no message means' {
        $file = Write-Sheet blanks.csv 'Frage;Note;Thema;;', 'a;0,5;x;;', ';;;;', 'b;0,7;y;;'
        $result = Send-LlmObsEvent $experiment $file @german -MetricColumn Note -MetadataColumn *
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(2, 2, 0)
        (Get-Sent).spans.meta.metadata.Thema | Should -Be @('x', 'y')
        Send-LlmObsEvent $experiment $file @german -OutputColumn x -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$problem" | Should -BeLike "*it has no column 'x'; its columns are Frage, Note, Thema."
    }

    It 'says that a title above the header is none' {
        $file = Write-Sheet title.csv 'Auswertung;;', ';;', 'Frage;Antwort;Note', 'a;b;0,5'
        Send-LlmObsEvent $experiment $file @german -MetricColumn Note -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$problem" | Should -BeLike '*its columns are Auswertung; if that is a title, remove the lines above the header.'
    }

    It 'says which delimiter a header has whose names have line breaks' {
        $file = Write-Sheet delimiter.csv "Frage;`"Antwort`nBot`"", 'a;b'
        Send-LlmObsEvent $experiment $file -InputColumn Frage -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$problem" | Should -BeLike "*its header has no ','; give the delimiter, for example -Delimiter ';'."
    }

    It 'can have more than 1,000 columns for one asterisk' {
        $file = Write-Sheet wide.csv "Frage;$((1..1500 | ForEach-Object { "k$_" }) -join ';')", "a;$((1..1500 | ForEach-Object { "0,$_" }) -join ';')"
        (Send-LlmObsEvent $experiment $file @german -MetricColumn k*).MetricCount | Should -Be 1500
        (Import-Csv $file -Delimiter ';' | Send-LlmObsEvent $experiment -InputColumn Frage -Culture de-DE -MetricColumn k*).MetricCount | Should -Be 1500
    }

    It 'warns once if an asterisk means more and more columns from row to row' {
        $rows = 0..11 | ForEach-Object { $row = [ordered]@{ q = "q$_" }; foreach ($k in 1..100) { $row["k$_-$k"] = 0.5 }; [pscustomobject] $row }
        $result = $rows | Send-LlmObsEvent $experiment -InputColumn q -MetricColumn k* -WarningVariable warned -WarningAction SilentlyContinue
        $result.SpanCount, $result.MetricCount | Should -Be @(12, 1000)
        @($warned -like "'k*' stands for too many columns: those that are new from row 11 on are not sent.*").Count | Should -Be 1
    }

    It 'is not said to lack values if all of its rows are refused' {
        $file = Write-Sheet refused.csv 'Frage;Note;Datum', 'a;0,5;gestern', 'b;0,7;heute'
        $result = Send-LlmObsEvent $experiment $file @german -MetricColumn Note -StartColumn Datum -ErrorVariable problem -ErrorAction SilentlyContinue -WarningVariable warned
        $result.FailedCount, $problem.Count | Should -Be @(2, 2)
        $warned | Should -BeNullOrEmpty
    }

    It 'is read as the default of PowerShell 7 with that name' {
        $file = Join-Path $TestDrive utf8.csv
        Set-Content $file "Frage`nGröße?"
        Send-LlmObsEvent $experiment $file -InputColumn Frage -Encoding Default | Out-Null
        (Get-Sent).spans.meta.input | Should -Be 'Größe?'
    }
}

Describe 'A file that cannot be read as it is' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'gets the advice that fits its cause' {
        $file = Write-Sheet advice.csv 'Frage', 'Größe?'
        $say = {
            Send-LlmObsEvent $experiment $args[0] -InputColumn Frage -Encoding $args[1] -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
            $problem[0].ErrorDetails.RecommendedAction
        }
        & $say $file ascii | Should -BeLike '*-Encoding*'
        & $say (Copy-Item $file "$TestDrive/unicode.txt" -PassThru).FullName utf8 | Should -BeLike '*.tsv*Import-Csv*'
        $locked = [IO.File]::Open($file, 'Open', 'ReadWrite', 'None')
        try { & $say $file windows-1252 | Should -BeLike 'Close it in the program*' } finally { $locked.Dispose() }
    }
}

Describe 'Rows of JSON' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'are refused one by one if a member is there twice' {
        $file = Join-Path $TestDrive twice.jsonl
        '{"q":"a","s":1}', '{"q":"b","s":1,"s":2}', '{"q":"c","s":3}' | Set-Content $file
        $result = Send-LlmObsEvent $experiment $file -InputColumn q -MetricColumn s -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(2, 2, 1)
        "$problem" | Should -BeLike "twice.jsonl row 2 was not sent: it has 2 columns 's'; rename all but one."
    }

    It 'without any of the columns are said to have their own columns only' {
        $file = Join-Path $TestDrive kinds.jsonl
        '{"spec":{}}', '{"report":{}}', '{"id":"1","data":{"sampled":"a"}}' | Set-Content $file
        Send-LlmObsEvent $experiment $file -OutputColumn data.sampled -IdColumn id -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$problem" | Should -Be "2 rows, the first of them kinds.jsonl row 1, were not sent: it has none of the columns 'data.sampled', 'id'; it has spec."
    }
}

Describe 'A dataset from a spreadsheet' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'is not read from a column that is there twice' {
        $dataset = [LlmObs.Dataset]@{ Id = 'd1000000-0000-4000-8000-000000000000'; ProjectId = 'p' }
        $file = Write-Sheet twice.csv 'Frage;Frage', 'a;b'
        Add-LlmObsDatasetRecord $dataset $file -Delimiter ';' -InputColumn Frage -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$problem" | Should -BeLike "*it has 2 columns 'Frage'; rename all but one."
    }

    It 'has names with line breaks' {
        $dataset = [LlmObs.Dataset]@{ Id = 'd1000000-0000-4000-8000-000000000000'; ProjectId = 'p' }
        $file = Write-Sheet lines.csv "`"Frage`ndes Kunden`";", 'a;'
        $shown = Add-LlmObsDatasetRecord $dataset $file -Delimiter ';' -InputColumn 'Frage des Kunden' -WhatIf 6>&1
        Import-Csv $file -Delimiter ';' -WarningAction Ignore | Add-LlmObsDatasetRecord $dataset -InputColumn 'Frage des Kunden' -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem | Should -BeNullOrEmpty -Because "$shown"
        $server.Requests[-1].Body | Should -BeLike '*"input":"a"*'
    }
}
