BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1

    function New-Csv {
        param([string] $Name, [string[]] $Line)
        $file = Join-Path $TestDrive $Name
        $Line | Set-Content $file
        $file
    }
}

Describe 'Add-LlmObsDatasetRecord' {
    BeforeEach { Start-LlmObsEmulator; New-LlmObsProject support-bot | Out-Null; $faq = New-LlmObsDataset faq -Project support-bot }
    AfterEach { Clear-Session }

    It 'takes a file along the pipeline from the project on' {
        $file = New-Csv faq.csv 'input,expected_output,metadata', 'why?,because,"{""topic"":""a""}"', '"a, ""b""",12,'
        $result = Get-LlmObsProject support-bot | New-LlmObsDataset -Name piped | Add-LlmObsDatasetRecord -Path $file
        $result | Should -BeOfType ([LlmObs.RecordResult])
        $result.CreatedCount | Should -Be 2
        $result.FailedCount | Should -Be 0
        $result.RequestCount | Should -Be 1
        $result.IsUpload | Should -BeFalse
        $records = $result | Get-LlmObsDatasetRecord
        $records.Input | Should -Be @('a, "b"', 'why?')
        $records.ExpectedOutput | Should -Be @('12', 'because')
        $records[1].Metadata.topic | Should -Be 'a'
        $records[0].Id | Should -Match '^[0-9a-f-]{36}$'
    }

    It 'takes rows, hashtables, JSON text and typed records' {
        $rows = @(
            [pscustomobject]@{ Input = @{ q = 1, $null }; ExpectedOutput = 2.5 }
            @{ input = 'two'; metadata = @{ a = 1 } }
            '{"input":[3],"expected_output":{"x":null}}'
        )
        ($rows | Add-LlmObsDatasetRecord -Dataset $faq).CreatedCount | Should -Be 3
        $records = Get-LlmObsDatasetRecord faq -Project support-bot
        ConvertTo-Json $records[0].Input -Compress | Should -Be '[3]'
        $records[0].ExpectedOutput.PSObject.Properties.Name | Should -Be 'x'
        $records[1].Metadata.a | Should -Be 1
        $records[2].Input.q.Count | Should -Be 2
        $records[2].ExpectedOutput | Should -Be 2.5

        $copy = New-LlmObsDataset copy -Project support-bot
        ($records | Add-LlmObsDatasetRecord -Dataset copy -Project support-bot).CreatedCount | Should -Be 3
        $copied = $copy | Get-LlmObsDatasetRecord
        $copied[1].ExpectedOutput | Should -BeNullOrEmpty
        ConvertTo-Json $copied[2].Input -Compress | Should -Be '[3]'
        $copied.Id | Where-Object { $_ -in $records.Id } | Should -BeNullOrEmpty
    }

    It 'reads the columns of a table' {
        $file = New-Csv table.csv 'id,question,truth,topic', 'q1,why?,because,a', 'q2,how?,so,'
        (Add-LlmObsDatasetRecord $faq $file -InputColumn question -ExpectedColumn truth -MetadataColumn topic, id).CreatedCount | Should -Be 2
        $records = $faq | Get-LlmObsDatasetRecord
        $records[1].Input | Should -Be 'why?'
        $records[1].ExpectedOutput | Should -Be 'because'
        $records[1].Metadata.topic | Should -Be 'a'
        $records[0].Metadata.PSObject.Properties.Name | Should -Be 'id'
    }

    It 'takes the project as the last argument without a name' {
        $file = New-Csv places.csv 'input,expected', 'why?,because'
        (Add-LlmObsDatasetRecord faq $file support-bot).CreatedCount | Should -Be 1
        (Get-LlmObsDatasetRecord faq support-bot).Input | Should -Be 'why?'
        (Get-LlmObsDatasetVersion faq support-bot).Count | Should -BeGreaterThan 0
        (Copy-LlmObsDataset faq twin support-bot).Name | Should -Be 'twin'
        Export-LlmObsDataset twin (Join-Path $TestDrive twin.csv) support-bot | Out-Null
        (Import-Csv (Join-Path $TestDrive twin.csv)).input | Should -Be 'why?'
        Remove-LlmObsDataset twin support-bot -Confirm:$false
        Get-LlmObsDataset twin support-bot -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'reads a file in another encoding, and says where it is missing' {
        $file = Join-Path $TestDrive western.csv
        Set-Content $file "input;expected`nGrüße?;Grüß Gott" -Encoding 1252
        Add-LlmObsDatasetRecord $faq $file -Delimiter ';' -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        "$problem" | Should -Match 'input is not UTF-8; give the file''s encoding, for example -Encoding windows-1252'
        (Add-LlmObsDatasetRecord $faq $file -Delimiter ';' -Encoding windows-1252).CreatedCount | Should -Be 1
        ($faq | Get-LlmObsDatasetRecord).ExpectedOutput | Should -Be 'Grüß Gott'
    }

    It 'makes batches by count and bytes' {
        $rows = 1..7 | ForEach-Object { [pscustomobject]@{ input = "question $_" } }
        ($rows | Add-LlmObsDatasetRecord -Dataset $faq -BatchSize 3).RequestCount | Should -Be 3
        ($rows | Add-LlmObsDatasetRecord -Dataset $faq -MaxBatchBytes 200).RequestCount | Should -Be 4
        ($faq | Get-LlmObsDatasetRecord).Count | Should -Be 14
        ($faq | Get-LlmObsDatasetRecord)[6].Input | Should -Be 'question 1'
    }

    It 'passes over what is there with -Deduplicate only' {
        $rows = 'a', 'b', 'a' | ForEach-Object { [pscustomobject]@{ input = $_ } }
        ($rows | Add-LlmObsDatasetRecord -Dataset $faq).CreatedCount | Should -Be 3
        $again = $rows + [pscustomobject]@{ input = 'c' } | Add-LlmObsDatasetRecord -Dataset $faq -Deduplicate
        $again.CreatedCount | Should -Be 1
        $again.SkippedCount | Should -Be 3
        ($faq | Get-LlmObsDatasetRecord).Input | Should -Be @('c', 'a', 'b', 'a')
    }

    It 'gives records ids and tags of their own' {
        [pscustomobject]@{ id = 'q1'; input = 'a'; tags = 'x, y' } | Add-LlmObsDatasetRecord -Dataset $faq -Tag all | Out-Null
        [pscustomobject]@{ id = 'q1'; input = 'new' } | Add-LlmObsDatasetRecord -Dataset $faq | Out-Null
        $record = $faq | Get-LlmObsDatasetRecord
        $record.Id | Should -Be 'q1'
        $record.Input | Should -Be 'new'
        $deduplicated = [pscustomobject]@{ id = 'q2'; input = 'new' }, [pscustomobject]@{ id = 'q3'; input = 'b'; tags = @('z') } | Add-LlmObsDatasetRecord -Dataset $faq -Deduplicate
        $deduplicated.IsUpload | Should -BeTrue
        $deduplicated.SkippedCount | Should -Be 1
        ($faq | Get-LlmObsDatasetRecord)[0].Tags | Should -Be 'z'
    }

    It 'uploads what is above the threshold as one file, with progress' {
        $file = Join-Path $TestDrive large.jsonl
        $text = 'x' * 2000
        $lines = 1..3000 | ForEach-Object { "{""input"":{""n"":$_,""text"":""$text""},""expected_output"":""$_"",""metadata"":{""n"":$_}}" }
        [IO.File]::WriteAllLines($file, [string[]]$lines)
        (Get-Item $file).Length | Should -BeGreaterThan 5MB
        $runner = [powershell]::Create([System.Management.Automation.RunspaceMode]::NewRunspace)
        $null = $runner.AddScript({
                param($Manifest, $Uri, $Dataset, $File)
                Import-Module $Manifest
                Set-LlmObsConfig -BaseUri $Uri
                $ProgressPreference = 'Continue'
                Add-LlmObsDatasetRecord -Dataset $Dataset -Path $File
            }).AddArgument($env:LLMOBS_TEST_MANIFEST).AddArgument((Get-LlmObsEmulator).BaseUri).AddArgument($faq).AddArgument($file)
        $result = $runner.Invoke()[0]
        $runner.Streams.Error | Should -BeNullOrEmpty
        $result.IsUpload | Should -BeTrue
        $result.CreatedCount | Should -Be 3000
        $result.RequestCount | Should -Be 1
        $told = $runner.Streams.Progress | Where-Object Activity -EQ 'Uploading records'
        $told.PercentComplete | Should -Contain 33
        $told[-1].RecordType | Should -Be 'Completed'
        $runner.Dispose()
        $last = $faq | Get-LlmObsDatasetRecord -First 1
        $last.Input.n | Should -Be 3000
        $last.Input.text | Should -Be $text
        $last.ExpectedOutput | Should -Be '3000'
        $last.Metadata.n | Should -Be 3000
    }

    It 'says which row is no record, and adds the others' {
        $file = New-Csv broken.csv 'input,metadata', 'a,', ',{}', 'b,[1]', ',', 'c,'
        $result = Add-LlmObsDatasetRecord $faq $file -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.CreatedCount | Should -Be 2
        $result.FailedCount | Should -Be 2
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidRecord,*'
        "$($problem[0])" | Should -Be 'broken.csv row 2 (line 3) was not added: input is empty, but a record must have an input.'
    }

    It 'says what it can not read at all' {
        $file = New-Csv other.csv 'question,truth', 'a,b'
        (Add-LlmObsDatasetRecord $faq $file -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue).CreatedCount | Should -Be 0
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnreadableFile,*'
        "$($problem[0])" | Should -Match "no column 'input'.*question, truth.*-InputColumn"
        { [pscustomobject]@{ question = 'a' } | Add-LlmObsDatasetRecord -Dataset $faq } | Should -Throw "*no column 'input'*"
        (Add-LlmObsDatasetRecord $faq (Join-Path $TestDrive none.csv) -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue).CreatedCount | Should -Be 0
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
    }

    It 'takes an answer of JSON to an upload, and says what that leaves open' {
        $server = New-Server
        $server.Answer(200, '{"data":{"id":"d","type":"datasets","attributes":{"dataset_version":2}}}') | Out-Null
        $at = @{ Dataset = '00000000-0000-4000-8000-000000000002'; Project = '00000000-0000-4000-8000-000000000001' }
        $result = @{ input = 'a' }, @{ input = 'b' } | Add-LlmObsDatasetRecord @at -UploadThreshold 0 -WarningVariable warning -WarningAction SilentlyContinue
        $result.CreatedCount | Should -Be 2
        "$warning" | Should -Match 'without reporting how many'
        $server.Dispose()
    }

    It 'warns of columns that mean nothing' {
        [pscustomobject]@{ input = 'a'; latency = 5 } | Add-LlmObsDatasetRecord -Dataset $faq -WarningVariable warning -WarningAction SilentlyContinue | Out-Null
        "$warning" | Should -Match "'latency' is not a field of a record"
    }

    It 'says once that there is no such dataset, and goes on' {
        $result = 1..3 | ForEach-Object { @{ input = $_ } } | Add-LlmObsDatasetRecord -Dataset nobody -Project support-bot -ErrorVariable problem -ErrorAction SilentlyContinue
        $result | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
    }

    It 'gives the records of a failed request back, ready to be added again' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -Fault @{ On = 'POST /api/v2/llm-obs/v1/*'; Status = 400; Count = 0 }, @{ On = '/records'; Status = 400 }
        New-LlmObsProject p | Out-Null
        $new = New-LlmObsDataset d -Project p
        $rows = 1..4 | ForEach-Object { @{ input = "q$_" } }
        $result = $rows | Add-LlmObsDatasetRecord -Dataset $new -BatchSize 2 -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.CreatedCount | Should -Be 2
        $result.FailedCount | Should -Be 2
        "$($problem[0])" | Should -Match '^2 records, row 1 to row 2, did not reach dataset'
        $problem[0].TargetObject | Should -Be @('{"input":"q1"}', '{"input":"q2"}')
        ($problem[0].TargetObject | Add-LlmObsDatasetRecord -Dataset $new).CreatedCount | Should -Be 2
        ($new | Get-LlmObsDatasetRecord).Input | Should -Be @('q2', 'q1', 'q4', 'q3')
    }

    It 'gives the records of an upload that is too large back, to be added in parts' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -Fault @{ On = '/records/upload'; Status = 413 }
        New-LlmObsProject p | Out-Null
        $new = New-LlmObsDataset d -Project p
        1..4 | ForEach-Object { @{ input = "q$_" } } | Add-LlmObsDatasetRecord -Dataset $new -UploadThreshold 0 -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'PayloadTooLarge,*'
        "$($problem[0])" | Should -Match '^The upload of 4 records to dataset'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'several calls'
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -Match 'event'
        $problem[0].TargetObject[0..1], $problem[0].TargetObject[2..3] | ForEach-Object { $_ | Add-LlmObsDatasetRecord -Dataset $new -UploadThreshold 0 | Out-Null }
        ($new | Get-LlmObsDatasetRecord).Input | Should -Be @('q4', 'q3', 'q2', 'q1')
    }

    It 'adds nothing under -WhatIf, and shows the request' {
        $transcript = Join-Path $TestDrive whatif.txt
        Start-Transcript $transcript | Out-Null
        @{ input = 'a' } | Add-LlmObsDatasetRecord -Dataset $faq -WhatIf
        @{ input = 'a' } | Add-LlmObsDatasetRecord -Dataset $faq -WhatIf -UploadThreshold 0
        Stop-Transcript | Out-Null
        $shown = Get-Content $transcript -Raw
        $shown | Should -Match 'POST \S+/records \{"data":\{"type":"datasets","attributes":\{"deduplicate":false,"records":\[\{"input":"a"\}\]\}\}\}'
        $shown | Should -Match 'POST \S+/records/upload\?deduplicate=false \(a file of 1 records'
        $faq | Get-LlmObsDatasetRecord | Should -BeNullOrEmpty
    }
}

Describe 'Records' {
    BeforeEach {
        Start-LlmObsEmulator
        New-LlmObsProject support-bot | Out-Null
        $faq = New-LlmObsDataset faq -Project support-bot
        1..12 | ForEach-Object { @{ input = "q$_"; expected_output = $_; metadata = @{ n = $_ } } } | Add-LlmObsDatasetRecord -Dataset $faq | Out-Null
    }
    AfterEach { Clear-Session }

    It 'are read in pages as the pipeline uses them' {
        $before = (Get-LlmObsEmulator).RequestCount
        ($faq | Get-LlmObsDatasetRecord | Select-Object -First 5).Input | Should -Be @('q12', 'q11', 'q10', 'q9', 'q8')
        ($faq | Get-LlmObsDatasetRecord -First 2 -Skip 3).Input | Should -Be @('q9', 'q8')
        (Get-LlmObsEmulator).RequestCount - $before | Should -Be 2
    }

    It 'are read the same when they are flat' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -RecordForm Flat
        New-LlmObsProject p | Out-Null
        $flat = New-LlmObsDataset d -Project p
        @{ input = @{ a = 1 }; expected_output = 'x'; metadata = @{ b = 2 } } | Add-LlmObsDatasetRecord -Dataset $flat | Out-Null
        $record = $flat | Get-LlmObsDatasetRecord
        $record.Input.a | Should -Be 1
        $record.ExpectedOutput | Should -Be 'x'
        $record.Metadata.b | Should -Be 2
        $record.DatasetId | Should -Be $flat.Id
    }

    It 'are changed, several in one request' {
        $records = $faq | Get-LlmObsDatasetRecord -First 2
        $before = (Get-LlmObsEmulator).RequestCount
        $changed = $records | Set-LlmObsDatasetRecord -ExpectedOutput @{ answer = 'new' }
        (Get-LlmObsEmulator).RequestCount - $before | Should -Be 1
        $changed.Count | Should -Be 2
        $changed[0].ExpectedOutput.answer | Should -Be 'new'
        $changed[0].Input | Should -Be 'q12'
        $changed[0].Metadata.n | Should -Be 12
    }

    It 'are changed from rows, each its own way; blank cells leave fields alone' {
        $ids = ($faq | Get-LlmObsDatasetRecord -First 2).Id
        $file = Join-Path $TestDrive changes.csv
        "id,input,expected_output`n$($ids[0]),changed,`n$($ids[1]),,better" | Set-Content $file
        $changed = Import-Csv $file | Set-LlmObsDatasetRecord -Dataset faq -Project support-bot
        $changed.Input | Should -Be @('changed', 'q11')
        $changed.ExpectedOutput | Should -Be @(12, 'better')
        (Set-LlmObsDatasetRecord $ids[0] $faq -ExpectedOutput $null).ExpectedOutput | Should -BeNullOrEmpty
    }

    It 'lose what is set to null, and nothing else' {
        $record = $faq | Get-LlmObsDatasetRecord -First 1
        $record | Set-LlmObsDatasetRecord -ExpectedOutput $null -Metadata $null | Out-Null
        $now = $faq | Get-LlmObsDatasetRecord -First 1
        $now.Id | Should -Be $record.Id
        $now.Input | Should -Be 'q12'
        $null -eq $now.ExpectedOutput | Should -BeTrue
        $null -eq $now.Metadata | Should -BeTrue
    }

    It 'keep their input: null is refused, and in a row leaves it alone' {
        $record = $faq | Get-LlmObsDatasetRecord -First 1
        $record | Set-LlmObsDatasetRecord -Input $null -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        "$($problem[0])" | Should -Match 'always has an input'
        ([pscustomobject]@{ Id = $record.Id; Input = $null; ExpectedOutput = 'x' } | Set-LlmObsDatasetRecord -Dataset $faq).Input | Should -Be 'q12'
    }

    It 'are listed by their tags: any of them' {
        $records = $faq | Get-LlmObsDatasetRecord
        $records[0] | Set-LlmObsDatasetRecord -Tag 'topic:a' | Out-Null
        $records[1] | Set-LlmObsDatasetRecord -Tag 'topic:b', 'x' | Out-Null
        ($faq | Get-LlmObsDatasetRecord -Tag 'topic:a', 'topic:b').Input | Should -Be @('q12', 'q11')
        $faq | Get-LlmObsDatasetRecord -Tag topic | Should -BeNullOrEmpty
    }

    It 'that the service does not give back are no null: <body>' -ForEach @{ body = '' }, @{ body = '{"data":[]}' }, @{ body = '{"data":null}' } {
        $record = $faq | Get-LlmObsDatasetRecord -First 1
        $server = New-Server
        $server.Answer(200, $body) | Out-Null
        $changed = @($record | Set-LlmObsDatasetRecord -Input new)
        $changed.Count | Should -Be 0
        $server.Dispose()
    }

    It 'get tags, without a new version on request' {
        $version = ($faq | Get-LlmObsDatasetVersion)[-1].VersionNumber
        $record = $faq | Get-LlmObsDatasetRecord -First 1
        ($record | Set-LlmObsDatasetRecord -AddTag a, b -KeepVersion).Tags | Should -Be @('a', 'b')
        ($record | Set-LlmObsDatasetRecord -RemoveTag a -KeepVersion).Tags | Should -Be 'b'
        ($faq | Get-LlmObsDatasetVersion)[-1].VersionNumber | Should -Be $version
        ($record | Set-LlmObsDatasetRecord -Tag c).Tags | Should -Be 'c'
        ($faq | Get-LlmObsDatasetVersion)[-1].VersionNumber | Should -Be ($version + 1)
    }

    It 'are deleted in one request, and come back with their version' {
        $version = ($faq | Get-LlmObsDatasetVersion)[-1].VersionNumber
        $records = $faq | Get-LlmObsDatasetRecord
        $before = (Get-LlmObsEmulator).RequestCount
        $records[0..9] | Remove-LlmObsDatasetRecord -Confirm:$false
        (Get-LlmObsEmulator).RequestCount - $before | Should -Be 1
        ($faq | Get-LlmObsDatasetRecord).Input | Should -Be @('q2', 'q1')
        Remove-LlmObsDatasetRecord $records[10].Id faq -Project support-bot -Confirm:$false
        ($faq | Get-LlmObsDatasetRecord).Input | Should -Be 'q1'
        ($faq | Get-LlmObsDatasetRecord -Version $version).Count | Should -Be 12
        $faq | Restore-LlmObsDataset -Version $version
        ($faq | Get-LlmObsDatasetRecord).Count | Should -Be 12
    }

    It 'are refused where nothing is to change or nobody knows where they are' {
        $faq | Get-LlmObsDatasetRecord -First 1 | Set-LlmObsDatasetRecord -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        [LlmObs.DatasetRecord]@{ Id = 'x' } | Remove-LlmObsDatasetRecord -Confirm:$false -ErrorVariable problem -ErrorAction SilentlyContinue
        "$($problem[0])" | Should -Match 'has no dataset or project'
        (Get-Command Remove-LlmObsDatasetRecord).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High'
    }

    It 'are exported, and can be added again from that file' {
        $file = Join-Path $TestDrive export.csv
        $faq | Export-LlmObsDataset -Path $file
        (Import-Csv $file).Count | Should -Be 12
        $copy = New-LlmObsDataset copy -Project support-bot
        ($copy | Add-LlmObsDatasetRecord -Path $file -InputColumn input -ExpectedColumn expected_output -JsonColumn expected_output).CreatedCount | Should -Be 12
        ($copy | Get-LlmObsDatasetRecord -First 1).ExpectedOutput | Should -Be 12
    }
}

Describe 'The values of records' {
    BeforeAll {
        # As it was written: spaces, escapes and zeros, too.
        $written = '{"input":{"n":[12345678901234567890, 1.50,1e3,-0.0,9007199254740993],"when":"2026-11-21T10:00:00.1234567+02:00","code":"007","price":"1,5","none":null,"a":1,"A":2,"":"\u00e9"},"expected_output":"1.0"}'
        # In the only possible notation of each, so that the result can be compared with it.
        $canonical = '{"whole":[12345678901234567890,123456789012345678901234567890123,9007199254740993],"parts":[0.1,0.30000000000000004,0.12345678901234567890123],"when":"2026-11-21T10:00:00.1234567+02:00","day":"2026-11-21","code":"007","yes":"true","none":null,"case":{"a":1,"A":2,"":"x"},"list":[[1],[],{}]}'
        $culture = [cultureinfo]::CurrentCulture
    }
    AfterEach { [cultureinfo]::CurrentCulture = $culture; Clear-Session }

    It 'reach the service as they stand, under <_>' -ForEach 'en-US', 'de-DE', 'tr-TR', 'ar-SA' {
        $server = New-Server
        [cultureinfo]::CurrentCulture = $_
        $at = @{ Dataset = '00000000-0000-4000-8000-000000000002'; Project = '00000000-0000-4000-8000-000000000001' }
        $file = Join-Path $TestDrive values.jsonl
        Set-Content $file $written
        Add-LlmObsDatasetRecord @at -LiteralPath $file | Out-Null
        $written | Add-LlmObsDatasetRecord @at | Out-Null
        [pscustomobject]@{ input = [ordered]@{ half = 0.5; big = [bigint]::Parse('123456789012345678901234567890'); money = 1.10d; id = 'İI' }; expected_output = '1,5' } | Add-LlmObsDatasetRecord @at | Out-Null
        $expected = '{"data":{"type":"datasets","attributes":{"deduplicate":false,"records":[' + $written + ']}}}'
        $server.Requests[0].Body | Should -BeExactly $expected
        $server.Requests[1].Body | Should -BeExactly $expected
        $server.Requests[2].Body | Should -BeExactly '{"data":{"type":"datasets","attributes":{"deduplicate":false,"records":[{"input":{"half":0.5,"big":123456789012345678901234567890,"money":1.10,"id":"İI"},"expected_output":"1,5"}]}}}'
        $server.Dispose()
    }

    It 'are objects where names can be those of properties, else dictionaries: <name>' -ForEach @(
        @{ name = 'names'; json = '{"a":1,"b c":2,"Count":3,"ToString":4}'; type = 'PSCustomObject' }
        @{ name = 'the same name twice'; json = '{"a":0,"b":2,"a":1}'; read = '{"a":1,"b":2}'; type = 'PSCustomObject' }
        @{ name = 'thirty names'; json = '{{{0}}}' -f ((1..30 | ForEach-Object { '"n{0}":{0}' -f $_ }) -join ','); type = 'PSCustomObject' }
        @{ name = 'the empty name'; json = '{"":1}'; type = 'OrderedDictionary*' }
        @{ name = 'names that differ in case'; json = '{"a":1,"A":2}'; type = 'OrderedDictionary*' }
        @{ name = 'many, two of which differ in case'; json = '{{{0},"N1":31}}' -f ((1..30 | ForEach-Object { '"n{0}":{0}' -f $_ }) -join ','); type = 'OrderedDictionary*' }
        @{ name = 'a name of PowerShell''s own'; json = '{"psobject":1,"a":2}'; type = 'OrderedDictionary*' }
    ) {
        $server = New-Server
        $server.Answer(200, "{""data"":[{""id"":""r"",""input"":$json,""new"":$json}]}") | Out-Null
        $record = Get-LlmObsDatasetRecord -Dataset 00000000-0000-4000-8000-000000000002 -Project 00000000-0000-4000-8000-000000000001
        foreach ($value in $record.Input, $record.AdditionalProperties.new) {
            $value.GetType().Name | Should -BeLike $type
            $value | ConvertTo-Json -Compress | Should -BeExactly ($read ?? $json)
        }
        $server.Dispose()
    }

    It 'come back as they are, and go on to another dataset: <name>' -ForEach @(@{ name = 'in a request'; more = @{} }, @{ name = 'as a file'; more = @{ UploadThreshold = 0 } }) {
        Start-LlmObsEmulator
        $project = New-LlmObsProject p
        $first, $second = 'first', 'second' | ForEach-Object { $project | New-LlmObsDataset $_ }
        [cultureinfo]::CurrentCulture = 'de-DE'
        $added = "{""input"":$canonical,""expected_output"":""12""}" | Add-LlmObsDatasetRecord -Dataset $first @more
        $added.IsUpload | Should -Be ($more.Count -gt 0)
        $record = $first | Get-LlmObsDatasetRecord
        $record.ExpectedOutput | Should -BeExactly '12'
        $record.Input.when | Should -BeExactly '2026-11-21T10:00:00.1234567+02:00'
        $record.Input.whole[1] | Should -BeOfType ([bigint])
        $record.Input.parts[1] | Should -BeOfType ([double])
        $record | Add-LlmObsDatasetRecord -Dataset $second @more | Out-Null
        foreach ($dataset in $first, $second) {
            $file = Join-Path $TestDrive "$($dataset.Name).csv"
            $dataset | Export-LlmObsDataset -Path $file
            (Import-Csv $file).input | Should -BeExactly $canonical
            (Import-Csv $file).expected_output | Should -BeExactly '"12"'
        }
    }
}

Describe 'Records that are exported and added again' {
    BeforeAll {
        Start-LlmObsEmulator
        $exported = New-LlmObsProject export-again | New-LlmObsDataset all-types
        $values = @(
            '"text"', '"  blanks  "', '"{\"a\":1}"', '"[1,2]"', '"true"', '"null"', '"12.50"', '" 7 "', '"\"quoted\""', '"a,b\r\nc \"d\""', '"NaN"', '"=1+1"', '"\u00e9\ud83d\ude00"'
            '0', '-1', '12345678901234567890', '0.1', '1e400', '1.50', 'true', 'false'
            '{}', '{"a":{"b":[1,null,true,"x",{"c":"1"}]},"A":"{}"}', '[]', '[1,"1",null,false,{"x":[]}]', '["a"]'
        )
        $lines = foreach ($value in $values) { '{"input":' + $value + ',"expected_output":' + $value + ',"metadata":{"m":' + $value + '},"tags":["k:v","with, comma"]}' }
        $lines += '{"input":"nothing else"}', '{"input":"empty text","expected_output":""}', '{"input":"null","expected_output":null,"metadata":null}'
        function Get-Stored($dataset) {
            Get-LlmObsDatasetRecord $dataset | ForEach-Object {
                ConvertTo-Json -Compress -Depth 20 ([ordered]@{ id = $_.Id; input = $_.Input; expected = $_.ExpectedOutput; metadata = $_.Metadata; tags = @($_.Tags) })
            } | Sort-Object
        }
    }
    AfterAll { Clear-Session }

    It 'are what they were, whatever JSON they hold' {
        $lines | Add-LlmObsDatasetRecord $exported | ForEach-Object FailedCount | Should -Be 0
        $file = Join-Path $TestDrive export.csv
        Export-LlmObsDataset $exported $file
        $again = New-LlmObsDataset all-types-again -Project export-again
        (Add-LlmObsDatasetRecord $again $file -WarningVariable warned).CreatedCount | Should -Be $lines.Count
        $warned | Should -BeNullOrEmpty
        $before = Get-Stored $exported
        $before.Count | Should -Be $lines.Count
        Get-Stored $again | Should -BeExactly $before
    }

    It 'are text where -JsonColumn names other columns or none, and in files with other columns' {
        $file = Join-Path $TestDrive text.csv
        Set-Content $file 'id,input,expected_output,metadata', 'text-1,42,"{""a"":1}",'
        $text = New-LlmObsDataset text -Project export-again
        Add-LlmObsDatasetRecord $text $file -JsonColumn @() | Out-Null
        $record = Get-LlmObsDatasetRecord $text
        $record.Input, $record.ExpectedOutput | Should -BeExactly '42', '{"a":1}'
        $record.Input | Should -BeOfType ([string])
        $file = Join-Path $TestDrive own.csv
        Set-Content $file 'input,expected_output', '43,true'
        Add-LlmObsDatasetRecord $text $file | Out-Null
        (Get-LlmObsDatasetRecord $text | Where-Object Input -EQ '43').ExpectedOutput | Should -BeOfType ([string])
    }
}

Describe 'Rows of tables that become records' {
    BeforeAll {
        Start-LlmObsEmulator
        New-LlmObsProject record-tables | Out-Null
        function New-Target { New-LlmObsDataset "t-$([guid]::NewGuid())" -Project record-tables }
        function Add-Row($target, [string] $name, [string[]] $text, [hashtable] $more = @{}) {
            $file = Join-Path $TestDrive $name
            Set-Content $file $text
            Add-LlmObsDatasetRecord $target $file @more -ErrorVariable script:problems -WarningVariable script:warnings -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        }
    }
    AfterAll { Clear-Session }

    It 'without any cell are no rows: <name>' -ForEach @(
        @{ name = 'blank.csv'; text = 'q,a', 'one,1', ',', ' , ', 'two,2', ',,' }
        @{ name = 'blank.json'; text = '[{"q":"one","a":1},{"q":null,"a":""},{"q":"two","a":2}]' }
        @{ name = 'blank.jsonl'; text = '{"q":"one","a":1}', '{"q":"","a":null}', '{"q":"two"}' }
    ) {
        $target = New-Target
        $result = Add-Row $target $name $text @{ InputColumn = 'q'; ExpectedColumn = 'a' }
        $result.CreatedCount, $result.FailedCount | Should -Be 2, 0
        (Get-LlmObsDatasetRecord $target).Input | Sort-Object | Should -Be 'one', 'two'
    }

    It 'without any cell are no rows in the pipeline either, nor are they events' {
        $target = New-Target
        $rows = 'q,a', 'one,1', ',', 'two,2' | ConvertFrom-Csv
        ($rows | Add-LlmObsDatasetRecord $target -InputColumn q).CreatedCount | Should -Be 2
        $experiment = New-LlmObsExperiment blank-rows -Project record-tables -Dataset $target
        $sent = 'span_id,label,score_value', 's1,l,1', ',,', 's2,l,0' | ConvertFrom-Csv | Send-LlmObsEvent $experiment
        $sent.MetricCount, $sent.FailedCount | Should -Be 2, 0
        $spans = 'name,start_ns,duration,input', 'n,1795918432259987000,1,a', ',,,' | ConvertFrom-Csv | ForEach-Object { $_ | Add-Member span_id ($_.name ? 's3' : '') -PassThru | Add-Member trace_id ($_.name ? 't3' : '') -PassThru } | Send-LlmObsEvent $experiment -As Span
        $spans.SpanCount, $spans.FailedCount | Should -Be 1, 0
    }

    It 'that are none at all are a result of zeros and a warning: <name>' -ForEach @(
        @{ name = 'header.csv'; text = 'q,a'; more = @{ InputColumn = 'q' } }, @{ name = 'empty.csv'; text = ''; more = @{} }
        @{ name = 'list.json'; text = '[]'; more = @{} }, @{ name = 'names.csv'; text = 'input,expected_output'; more = @{} }
    ) {
        $result = Add-Row (New-Target) $name $text $more
        $result | Should -BeOfType ([LlmObs.RecordResult])
        $result.CreatedCount, $result.FailedCount, $result.RequestCount | Should -Be 0, 0, 0
        $warnings | Should -BeLike 'No row was found*'
        $problems | Should -BeNullOrEmpty
    }

    It 'that could not be read are an error, and no warning beside it: <name>' -ForEach @(
        @{ name = 'a missing file'; path = 'there-is-none.csv' }, @{ name = 'another pattern'; path = 'none-*.csv' }, @{ name = 'a folder'; path = '.' }, @{ name = 'no JSON'; path = 'broken.json' }
    ) {
        Set-Content (Join-Path $TestDrive broken.json) '{"input":'
        $result = Add-LlmObsDatasetRecord (New-Target) (Join-Path $TestDrive $path) -ErrorVariable problems -WarningVariable warned -ErrorAction SilentlyContinue
        $result.CreatedCount | Should -Be 0
        $problems.Count | Should -Be 1
        $warned | Should -BeNullOrEmpty
    }

    It 'that were not piped are a result of zeros, too' {
        $result = @() | Add-LlmObsDatasetRecord (New-Target) -WarningAction SilentlyContinue
        $result.CreatedCount | Should -Be 0
    }

    It 'have a header that is checked, whether rows follow or not: <text>' -ForEach @(
        @{ text = @('q,a'); more = @{ InputColumn = 'quest' } }, @{ text = 'q,a', 'x,y'; more = @{ InputColumn = 'quest' } }
        @{ text = @('q,a'); more = @{} }, @{ text = 'q,a', 'x,y'; more = @{} }
    ) {
        $result = Add-Row (New-Target) 'wrong.csv' $text $more
        $result.CreatedCount | Should -Be 0
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'UnreadableFile,*'
        "$($problems[0])" | Should -BeLike '*q, a*'
    }

    It 'lie inside of others: <name>' -ForEach @(
        @{ name = 'promptfoo.json'; text = '{"results":{"results":[{"vars":{"question":"one"},"answers":["x","1"]},{"vars":{"question":"two"},"answers":["y","2"]}]}}'
            more = @{ RowPath = 'results.results'; InputColumn = 'vars.question'; ExpectedColumn = 'answers[1]' }
        }
        @{ name = 'first.json'; text = '[{"rows":[{"q":"one","a":"1"},{"q":"two","a":"2"}]},{"rows":[{"q":"three"}]}]'; more = @{ RowPath = '[0].rows'; InputColumn = 'q'; ExpectedColumn = 'a' } }
        @{ name = 'cell.csv'; text = 'vars,a', '"{""question"":""one""}",1', '"{""question"":""two""}",2'; more = @{ InputColumn = 'vars.question'; ExpectedColumn = 'a' } }
        @{ name = 'lines.jsonl'; text = '{"m":[{"content":"one"}],"a":"1"}', '{"m":[{"content":"two"}],"a":"2"}'; more = @{ InputColumn = 'm[0].content'; ExpectedColumn = 'a' } }
    ) {
        $target = New-Target
        (Add-Row $target $name $text $more).CreatedCount | Should -Be 2
        $problems | Should -BeNullOrEmpty
        $records = Get-LlmObsDatasetRecord $target | Sort-Object Input
        $records.Input | Should -Be 'one', 'two'
        $records.ExpectedOutput | Should -Be '1', '2'
    }

    It 'say once, before anything is added, that a column is in no row' {
        $target = New-Target
        $result = Add-Row $target 'unseen.jsonl' ('{"q":"one","deep":{"truth":"1"}}', '{"q":"two"}') @{ InputColumn = 'q'; ExpectedColumn = 'truth' }
        $result.CreatedCount | Should -Be 0
        "$problems" | Should -BeLike "*no column 'truth'*deep.truth*"
        $problems.Count | Should -Be 1
        '{"q":"one"}', '{"q":"two"}' | Add-LlmObsDatasetRecord $target -InputColumn q -ExpectedColumn truth -ErrorVariable piped -ErrorAction SilentlyContinue | Out-Null
        $piped.FullyQualifiedErrorId | Should -BeLike 'UnseenColumn,*'
    }
}
