BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/SpoolSession.ps1
}

Describe 'A spool' {
    BeforeEach {
        $spool = Join-Path $TestDrive "spool-$([guid]::NewGuid().ToString('N').Substring(0, 6))"
        $journal = "$spool-journal"
    }
    AfterEach { Clear-Session }

    It 'loses no event of 100,000 when the process is killed at ten random moments' {
        $seed = Get-Random -Maximum 1000000
        Write-Information "seed $seed" -InformationAction Continue # a failure is played again with it
        $random = [Random]::new($seed)
        $file = New-MetricFile 'all.csv' 100000
        Start-LlmObsEmulator -Path $journal -Fault @{ On = '/events'; DelayMs = 15; Rate = 1 }
        $experiment = New-TestExperiment
        $emulator = Get-LlmObsEmulator
        $kills = 0
        $script = "Send-LlmObsEvent -ExperimentId $($experiment.Id) -Path '$file' -SpoolPath '$spool' -BatchSize 500"
        while ($kills -lt 10) {
            $target = (Get-LlmObsEmulator).RequestCount + $random.Next(1, 15)
            $process = Start-Sender $script $emulator.BaseUri
            $isThere = Wait-While $process { (Get-LlmObsEmulator).RequestCount -ge $target }
            $isThere | Should -BeTrue -Because 'it is killed before its end'
            Start-Sleep -Milliseconds $random.Next(0, 30)
            $process.Kill()
            $process.WaitForExit()
            $kills++
            $script = "Resume-LlmObsEvent -SpoolPath '$spool' -ThrottleLimit 4"
        }
        # What was under way at the last kill still arrives.
        do {
            $before = (Get-LlmObsEmulator).MetricCount
            Start-Sleep -Milliseconds 300
        } until ((Get-LlmObsEmulator).MetricCount -eq $before)
        $before | Should -BeGreaterThan 0
        $problem = @()
        $result = Resume-LlmObsEvent -SpoolPath $spool -ErrorVariable problem -WarningVariable warnings -WarningAction SilentlyContinue
        $problem.Count | Should -Be 0
        $result.FailedCount | Should -Be 0
        $stored = Get-Stored $journal
        $missing = @(1..100000 | Where-Object { -not $stored.ContainsKey("s$_") })
        $missing.Count | Should -Be 0 -Because "seed $seed; the first missing are $($missing | Select-Object -First 5)"
        $result.MetricCount | Should -Be ((Get-LlmObsEmulator).MetricCount - $before)
        # Only requests that were under way at the kill are stored twice: at most four of 500 events per kill.
        ($stored.Values | Measure-Object -Sum).Sum - 100000 | Should -BeLessOrEqual (10 * 4 * 500)
        # Only the file that was being written at the kill is kept.
        Get-Left $spool | Where-Object { $_ -notlike '*.damaged' } | Should -BeNullOrEmpty
        # Another resume does nothing.
        Resume-LlmObsEvent -SpoolPath $spool | Should -BeNullOrEmpty
    }

    It 'of a killed pipeline says which rows are still the caller''s, and these complete it' {
        Start-LlmObsEmulator -Path $journal -Fault @{ On = '/events'; DelayMs = 15; Rate = 1 }
        $experiment = New-TestExperiment
        $emulator = Get-LlmObsEmulator
        $process = Start-Sender "1..100000 | ForEach-Object { @{ span_id = ""s`$_""; label = 'l'; score_value = 1 } } | Send-LlmObsEvent -ExperimentId $($experiment.Id) -SpoolPath '$spool' -BatchSize 300" $emulator.BaseUri
        Wait-While $process { (Get-LlmObsEmulator).RequestCount -ge 12 } | Should -BeTrue
        $process.Kill()
        $process.WaitForExit()
        Resume-LlmObsEvent -SpoolPath $spool -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'PipelineCutShort,*'
        $last = [int]$problem[0].TargetObject.LastRow
        $last | Should -BeGreaterThan 0
        ($last % 300) | Should -Be 0
        $stored = Get-Stored $journal
        @(1..$last | Where-Object { -not $stored.ContainsKey("s$_") }) | Should -BeNullOrEmpty
        $stored.Keys.Count | Should -Be $last
        # It is reported once.
        Resume-LlmObsEvent -SpoolPath $spool | Should -BeNullOrEmpty
        Get-Left $spool | Where-Object { $_ -notlike '*.damaged' } | Should -BeNullOrEmpty
    }

    It 'reads an evaluation table on, with the ids that it would have had' {
        $file = Join-Path $TestDrive table.csv
        "question,answer,right`n" + ((1..3000 | ForEach-Object { "q$_,a$_,$($_ % 2 -eq 0)" }) -join "`n") | Set-Content $file -NoNewline
        Start-LlmObsEmulator -Path $journal -Fault @{ On = '/events'; DelayMs = 20; Rate = 1 }
        $experiment = New-TestExperiment
        $table = "-Path '$file' -InputColumn question -OutputColumn answer -MetricColumn right -ProjectId p -DatasetId d -BatchSize 101"
        $process = Start-Sender "Send-LlmObsEvent -ExperimentId $($experiment.Id) $table -SpoolPath '$spool'" (Get-LlmObsEmulator).BaseUri
        Wait-While $process { (Get-LlmObsEmulator).RequestCount -ge 8 } | Should -BeTrue
        $process.Kill()
        $process.WaitForExit()
        (Resume-LlmObsEvent -SpoolPath $spool -WarningAction SilentlyContinue).FailedCount | Should -Be 0
        $text = Read-Journal $journal
        $ids = [regex]::Matches($text, '"span_id":"([0-9a-f]{16})"') | ForEach-Object { $_.Groups[1].Value }
        $ids | Select-Object -Unique | Should -HaveCount 3000
        foreach ($number in 1, 1500, 3000) { $text | Should -Match """input"":""q$number""" }
    }

    It 'sends what is left in order, and can be resumed by several at once without harm' {
        $file = New-MetricFile 'many.csv' 10000
        Start-LlmObsEmulator -Path $journal -Fault @{ On = '/events'; Status = 503; Rate = 1; Count = 2 } # then it is given up
        $experiment = New-TestExperiment
        Set-LlmObsConfig -MaxRetryCount 0
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -SpoolPath $spool -BatchSize 100 -ThrottleLimit 1 -WarningAction SilentlyContinue -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.MetricCount, $result.FailedCount | Should -Be @(0, 10000)
        $problem.Count | Should -Be 1
        "$($problem[0])" | Should -Match 'kept in the spool'
        Test-Path $problem[0].TargetObject | Should -BeTrue
        $uri = (Get-LlmObsEmulator).BaseUri
        $line = "Resume-LlmObsEvent '$spool' -WarningAction SilentlyContinue | ForEach-Object MetricCount"
        $others = 1..3 | ForEach-Object { Start-Sender $line $uri }
        $others | ForEach-Object { $_.WaitForExit(120000) | Should -BeTrue }
        $counts = $others | ForEach-Object { $_.Errors.Result | Should -BeNullOrEmpty; $_.Output.Result.Trim() } | Where-Object { $_ }
        ($counts | Measure-Object -Sum).Sum | Should -Be 10000
        $numbers = [regex]::Matches((Read-Journal $journal), '"span_id":"s(\d+)"') | ForEach-Object { [int]$_.Groups[1].Value }
        $numbers | Should -HaveCount 10000
        Compare-Object $numbers (1..10000) -SyncWindow 0 | Should -BeNullOrEmpty
        Get-Left $spool | Should -BeNullOrEmpty
    }

    It 'sets <name> aside with a warning: it is neither sent nor deleted' -ForEach @(
        @{ name = 'a torn file'; change = { param($file) $bytes = [IO.File]::ReadAllBytes($file); [IO.File]::WriteAllBytes($file, $bytes[0..($bytes.Length / 2)]) } }
        @{ name = 'an altered file'; change = { param($file) [IO.File]::WriteAllText($file, [IO.File]::ReadAllText($file).Replace('s150', 's999')) } }
        @{ name = 'an empty file'; change = { param($file) [IO.File]::WriteAllBytes($file, [byte[]]@()) } }
        @{ name = 'a foreign file'; change = { param($file) [IO.File]::WriteAllText($file, '{"data":1}') } }
    ) {
        Start-LlmObsEmulator -Path $journal -Fault @{ On = '/events'; Status = 500; Rate = 1; Count = 2 }
        $experiment = New-TestExperiment
        Set-LlmObsConfig -MaxRetryCount 0
        # Two failures in a row, and the rest is not tried.
        Send-LlmObsEvent -Experiment $experiment -Path (New-MetricFile 'few.csv' 300) -SpoolPath $spool -BatchSize 100 -ThrottleLimit 1 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
        $second = (Get-ChildItem $spool -Filter *.request)[1].FullName
        & $change $second
        $content = [IO.File]::ReadAllBytes($second)
        $result = Resume-LlmObsEvent -SpoolPath $spool -WarningVariable warnings -WarningAction SilentlyContinue
        $result.MetricCount | Should -Be 200
        $warnings.Count | Should -Be 1
        "$warnings" | Should -Match ([regex]::Escape((Split-Path $second -Leaf)))
        $stored = Get-Stored $journal
        $stored.ContainsKey('s150') | Should -BeFalse
        [IO.File]::ReadAllBytes("$second.damaged") | Should -Be $content
        Resume-LlmObsEvent -SpoolPath $spool -WarningVariable warnings | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
        Test-Path "$second.damaged" | Should -BeTrue
    }

    It 'holds what only its owner may read, and no key' {
        $server = New-Server
        Set-LlmObsConfig -ApiKey fake-key-11112222 -AppKey fake-key-33334444
        $server.Answer(500, '').Answer(500, '') | Out-Null
        @{ span_id = 's1'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -SpoolPath $spool -ErrorAction SilentlyContinue | Out-Null
        $files = Get-ChildItem $spool -File
        $files.Extension | Sort-Object -Unique | Should -Be '.lock', '.request'
        if (-not $IsWindows) {
            $files | ForEach-Object { $_.UnixMode | Should -Be '-rw-------' }
            (Get-Item $spool).UnixMode | Should -Be 'drwx------'
        }
        $files | Where-Object Length -GT 0 | Get-Content -Raw | Should -Not -Match 'fake-key'
        $server.Dispose()
    }

    It 'is not sent to another service than it was made for' {
        $server = New-Server
        Set-LlmObsConfig -BaseUri https://127.0.0.1:1 -ApiKey fake-key-11112222 -AppKey fake-key-33334444 -MaxRetryCount 0 -TimeoutSec 20
        @{ span_id = 's1'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -SpoolPath $spool -ErrorAction SilentlyContinue | Out-Null
        Set-LlmObsConfig -BaseUri https://nothing.invalid
        Resume-LlmObsEvent $spool -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'SpooledForAnother,*'
        Set-LlmObsConfig -BaseUri $server.BaseUri
        (Resume-LlmObsEvent $spool).MetricCount | Should -Be 1
        $server.Dispose()
    }

    It 'is left alone under -WhatIf, by Send-LlmObsEvent and by Resume-LlmObsEvent' {
        $server = New-Server
        @{ span_id = 's1'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -SpoolPath $spool -WhatIf
        Test-Path $spool | Should -BeFalse
        $server.Answer(500, '') | Out-Null
        @{ span_id = 's1'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -SpoolPath $spool -ErrorAction SilentlyContinue | Out-Null
        $left = Get-Left $spool
        Resume-LlmObsEvent $spool -WhatIf | Should -BeNullOrEmpty
        Get-Left $spool | Should -Be $left
        $server.Requests.Count | Should -Be 1
        $server.Dispose()
    }

    It 'says so where a file was changed, and goes on when it is back' {
        $file = New-MetricFile 'changing.csv' 5000
        $server = New-Server
        1..50 | ForEach-Object { $server.Answer(202, '', $null, 60000) } | Out-Null
        $process = Start-Sender "Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path '$file' -SpoolPath '$spool' -BatchSize 100 -ThrottleLimit 2" $server.BaseUri
        Wait-While $process { $server.Requests.Count -ge 2 } | Should -BeTrue
        $process.Kill()
        $process.WaitForExit()
        $server.Dispose()
        $time = (Get-Item $file).LastWriteTimeUtc
        (Get-Item $file).LastWriteTimeUtc = $time.AddMinutes(1)
        $server = New-Server
        Resume-LlmObsEvent $spool -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'SpooledFileChanged,*'
        $sent = $server.Requests.Count * 100
        (Get-Item $file).LastWriteTimeUtc = $time
        (Resume-LlmObsEvent $spool).MetricCount | Should -Be (5000 - $sent)
        $server.Dispose()
    }

    It 'keeps what is unanswered when the pipeline is stopped' {
        Stop-Midway (New-MetricFile 'stopped.csv' 1000) $spool
        @(Get-Left $spool | Where-Object { $_ -like '*.request' }).Count | Should -BeGreaterOrEqual 2
        $server = New-Server
        (Resume-LlmObsEvent $spool).MetricCount | Should -Be 1000
        Compare-Object (Get-Number $server) (1..1000) -SyncWindow 0 | Should -BeNullOrEmpty
        $server.Dispose()
    }

    if (-not $IsWindows) {
        It 'that can''t be written stops the send before an event is lost' {
            # A limit on the size of files, as a full disk would be: the second request is larger than it.
            $file = Join-Path $TestDrive growing.csv
            "span_id,label,score_value,reasoning`n" + ((1..100 | ForEach-Object { "s$_,l,$_,$('x' * ($_ -le 50 ? 10 : 2000))" }) -join "`n") | Set-Content $file -NoNewline
            Start-LlmObsEmulator -Path $journal
            $experiment = New-TestExperiment
            $uri = (Get-LlmObsEmulator).BaseUri
            $line = "Import-Module '$env:LLMOBS_TEST_MANIFEST'; `$ErrorActionPreference = 'Continue'; try { Send-LlmObsEvent -ExperimentId $($experiment.Id) -Path '$file' -SpoolPath '$spool' -BatchSize 50 } catch { ""`$(`$_.FullyQualifiedErrorId)|`$_|`$(`$_.TargetObject.Count)"" }"
            $env:LLMOBS_BASE_URI = $uri
            $env:DOTNET_EnableWriteXorExecute = '0' # the runtime would map its own code through a file
            try { $said = bash -c "trap '' XFSZ; ulimit -f 64; exec `"`$@`"" bash (Get-ShellUnderTest) -NoProfile -NonInteractive -Command $line }
            finally { $env:LLMOBS_BASE_URI = $null; $env:DOTNET_EnableWriteXorExecute = $null }
            "$said" | Should -Match 'SpoolNotWritable,.*growing\.csv row 51 .* to growing\.csv row 100 .*\|50$'
            (Get-Stored $journal).Keys.Count | Should -Be 50
            # With room again, it goes on where it ended.
            $result = Resume-LlmObsEvent $spool
            $result.MetricCount | Should -Be 50
            (Get-Stored $journal).Keys.Count | Should -Be 100
        }
    }
}
