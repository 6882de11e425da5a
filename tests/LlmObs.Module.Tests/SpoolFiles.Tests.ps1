BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/SpoolSession.ps1

    function Compress-File([string] $file) {
        $packed = [IO.File]::Create("$file.gz")
        $gzip = [IO.Compression.GZipStream]::new($packed, [IO.Compression.CompressionLevel]::Optimal)
        $gzip.Write([IO.File]::ReadAllBytes($file))
        $gzip.Dispose()
        "$file.gz"
    }
}

Describe 'A file that can''t be read just now' {
    BeforeEach { $spool = Join-Path $TestDrive "spool-$([guid]::NewGuid().ToString('N').Substring(0, 6))" }
    AfterEach { Clear-Session }

    It 'is not given up by Resume-LlmObsEvent, but read on when it can be: <name>' -ForEach @(
        @{ name = 'a damaged archive'; gz = $true; change = { param($bytes) , [byte[]](@(0, 0) + $bytes[2..($bytes.Length - 1)]) } }
        @{ name = 'a column that is gone'; gz = $false; change = { param($bytes) , [Text.Encoding]::UTF8.GetBytes([Text.Encoding]::UTF8.GetString($bytes).Replace('label', 'gauge').Replace('score_value', 'store_price')) } }
    ) {
        $file = New-MetricFile "midway-$gz.csv" 1000
        if ($gz) { $file = Compress-File $file }
        Stop-Midway $file $spool
        $whole = [IO.File]::ReadAllBytes($file)
        Set-FileByte $file ([byte[]](& $change $whole)[0..($whole.Length - 1)])

        $server = New-Server
        Resume-LlmObsEvent $spool -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnreadableFile,*'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'Resume-LlmObsEvent continues it'
        @(Get-Left $spool | Where-Object { $_ -like '*.run' }).Count | Should -Be 1
        $before = @(Get-Number $server)
        $server.Dispose()

        Set-FileByte $file $whole
        $server = New-Server
        (Resume-LlmObsEvent $spool).FailedCount | Should -Be 0
        Compare-Object ($before + @(Get-Number $server)) (1..1000) -SyncWindow 0 | Should -BeNullOrEmpty
        Get-Left $spool | Should -BeNullOrEmpty
        $server.Dispose()
    }

    It 'is read on in its encoding' {
        $file = Join-Path $TestDrive western.csv
        [IO.File]::WriteAllText($file, "span_id;label;score_value;reasoning`n" + ((1..500 | ForEach-Object { "s$_;l;1;für $_" }) -join "`n"), [Text.Encoding]::GetEncoding(1252))
        Stop-Midway $file $spool "-BatchSize 100 -Delimiter ';' -Encoding windows-1252"
        $server = New-Server
        (Resume-LlmObsEvent $spool).FailedCount | Should -Be 0
        Get-Number $server | Sort-Object | Should -Be (1..500)
        $server.Requests.Body | ForEach-Object { ($_ | ConvertFrom-Json).data.attributes.metrics.reasoning } | Should -Match '^für \d+$'
        $server.Dispose()
    }

    It 'is not given up by Send-LlmObsEvent -SpoolPath, and the files after it are sent' {
        $file = Compress-File (New-MetricFile 'broken.csv' 300)
        $good = Join-Path $TestDrive good.csv
        "span_id,label,score_value`n" + ((301..350 | ForEach-Object { "s$_,l,1" }) -join "`n") | Set-Content $good
        $whole = [IO.File]::ReadAllBytes($file)
        Set-FileByte $file ([byte[]](@(0, 0) + $whole[2..($whole.Length - 1)]))
        $server = New-Server
        Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path $file, $good -SpoolPath $spool -BatchSize 100 -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem.FullyQualifiedErrorId | Should -BeLike 'UnreadableFile,*'
        @(Get-Number $server | Where-Object { $_ -gt 300 }).Count | Should -Be 50
        Set-FileByte $file $whole
        Resume-LlmObsEvent $spool | Out-Null
        Compare-Object (Get-Number $server | Sort-Object) (1..350) -SyncWindow 0 | Should -BeNullOrEmpty
        Get-Left $spool | Should -BeNullOrEmpty
        $server.Dispose()
    }

    It 'is no reason to keep a record where nothing could ever be read of it' {
        $file = Join-Path $TestDrive notes.txt
        'x' | Set-Content $file
        $null = New-Server
        Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path $file -SpoolPath $spool -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -BeLike 'UnreadableFile,*'
        Get-Left $spool | Should -BeNullOrEmpty
    }
}

Describe 'A run of a spool that can''t be read' {
    BeforeEach { $spool = Join-Path $TestDrive "spool-$([guid]::NewGuid().ToString('N').Substring(0, 6))" }
    AfterEach { Clear-Session }

    It 'is one error, stays as it is, and the runs behind it are sent: <name>' -ForEach @(
        @{ name = 'a record of another version'; of = '.run'; change = { param($file) [IO.File]::WriteAllText($file, [IO.File]::ReadAllText($file).Replace('llmobs-spool 1 ', 'llmobs-spool 2 ')) } }
        @{ name = 'a request of another version'; of = '.000000001.request'; change = { param($file) [IO.File]::WriteAllText($file, [IO.File]::ReadAllText($file).Replace('llmobs-spool 1 ', 'llmobs-spool 2 ')) } }
        @{ name = 'a link in the place of a request'; of = '.000000001.request'; change = { param($file) Move-Item $file "$file.real"; New-Item -ItemType SymbolicLink -Path $file -Target "$file.real" } }
        @{ name = 'a link in the place of the lock'; of = '.lock'; change = { param($file) Move-Item $file "$file.real"; New-Item -ItemType SymbolicLink -Path $file -Target "$file.real" } }
        @{ name = 'a folder in the place of the lock'; of = '.lock'; change = { param($file) Remove-Item $file; New-Item -ItemType Directory $file } }
    ) {
        Stop-Midway (New-MetricFile 'first.csv' 1000) $spool
        $first = (Get-ChildItem $spool -Filter *.run).BaseName
        $second = Join-Path $TestDrive second.csv
        "span_id,label,score_value`n" + ((2001..2300 | ForEach-Object { "s$_,l,1" }) -join "`n") | Set-Content $second
        Stop-Midway $second $spool
        & $change (Join-Path $spool "$first$of") | Out-Null
        $server = New-Server
        $results = @(Resume-LlmObsEvent $spool -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue)
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnreadableSpool,*'
        $problem[0].ErrorDetails.Message | Should -Match ([regex]::Escape("$first$of"))
        $results[-1].MetricCount | Should -Be 300
        Compare-Object @(Get-Number $server | Where-Object { $_ -gt 2000 }) (2001..2300) -SyncWindow 0 | Should -BeNullOrEmpty
        Test-Path (Join-Path $spool "$first$of") | Should -BeTrue
        @(Get-Left $spool | Where-Object { $_ -like '*.damaged' }) | Should -BeNullOrEmpty
        $server.Dispose()
    }
}

Describe 'A folder that is no spool''s alone' {
    AfterEach { Clear-Session }

    It 'keeps the files of others as they are' {
        $spool = Join-Path $TestDrive project
        $null = New-Item -ItemType Directory $spool
        foreach ($name in 'yarn.lock', 'yarn.lock.tmp', 'my.run', 'my.000000001.request', 'package.json') { "content of $name" | Set-Content (Join-Path $spool $name) }
        $server = New-Server
        Stop-Midway (New-MetricFile 'third.csv' 500) $spool
        $server = New-Server
        (Resume-LlmObsEvent $spool).MetricCount | Should -Be 500
        (Get-Left $spool | Sort-Object) -join ' ' | Should -Be 'my.000000001.request my.run package.json yarn.lock yarn.lock.tmp'
        Get-ChildItem $spool | ForEach-Object { Get-Content $_ | Should -Be "content of $($_.Name)" }
        $server.Dispose()
    }

    It 'is refused where others can write to it' -Skip:$IsWindows {
        $spool = Join-Path $TestDrive shared
        $null = New-Item -ItemType Directory $spool
        chmod 0777 $spool
        $server = New-Server
        { @{ span_id = 's1'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -SpoolPath $spool } | Should -Throw '*chmod go-w*' -ErrorId 'SpoolNotWritable,*'
        { Resume-LlmObsEvent $spool } | Should -Throw '*chmod go-w*' -ErrorId 'SpoolNotWritable,*'
        $server.Requests.Count | Should -Be 0
        $server.Dispose()
    }
}

Describe 'A file that is changed while it is read' {
    AfterEach { Clear-Session }

    It 'is said: <name>' -ForEach @(
        @{ name = 'Send-LlmObsEvent'; send = { param($file) Send-LlmObsEvent -Experiment $script:experiment -Path $file -BatchSize 100 -Verbose 4>&1 -WarningVariable script:warnings -WarningAction SilentlyContinue } }
        @{ name = 'Add-LlmObsDatasetRecord'; send = { param($file) Add-LlmObsDatasetRecord -Dataset d1 -Project p1 -Path $file -InputColumn span_id -MetadataColumn label -WarningVariable script:warnings -WarningAction SilentlyContinue -ErrorAction Continue 2>&1 } }
    ) {
        $file = New-MetricFile 'growing.csv' 150000
        if ($name -like 'Add*') { [IO.File]::WriteAllText($file, [IO.File]::ReadAllText($file).Replace("s5,l,5`n", "s5,l,5,more`n")) } # an error in mid-stream
        Start-LlmObsEmulator
        $null = New-LlmObsProject p1
        $null = New-LlmObsDataset d1 -Project p1
        $script:experiment = New-TestExperiment
        $script:warnings = @()
        $changed = $false
        & $send $file | ForEach-Object {
            if (-not $changed) { $changed = $true; [IO.File]::AppendAllText($file, "s0,l,1`n") }
        }
        $changed | Should -BeTrue
        "$script:warnings" | Should -Match 'was changed while it was read'
    }
}
