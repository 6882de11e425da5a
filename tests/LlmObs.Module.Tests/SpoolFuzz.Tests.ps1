# Rounds of everything at once that may happen to a spool. LLMOBS_SPOOL_ROUNDS asks for more of them than the few of the suite,
# LLMOBS_SPOOL_SEED for those of a failure. A round is its seed: its events do not depend on the machine, but their times do.
BeforeDiscovery {
    $first = $env:LLMOBS_SPOOL_SEED ? [int]$env:LLMOBS_SPOOL_SEED : (Get-Random -Maximum 1000000)
    $count = $env:LLMOBS_SPOOL_ROUNDS ? [int]$env:LLMOBS_SPOOL_ROUNDS : 3
    $rounds = 0..($count - 1) | ForEach-Object { @{ seed = $first + $_ } }
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/SpoolSession.ps1

    $rows = 2400
    $known = 'SpooledFileChanged', 'UnreadableFile', 'UnreadableSpool', 'SpoolNotWritable', 'PipelineCutShort'

    function New-Source([string] $folder) {
        $csv = Join-Path $folder a.csv
        "span_id,label,score_value`n" + ((1..1500 | ForEach-Object { "s$_,l,$_" }) -join "`n") | Set-Content $csv -NoNewline
        $packed = Join-Path $folder b.jsonl.gz
        $gzip = [IO.Compression.GZipStream]::new([IO.File]::Create($packed), [IO.Compression.CompressionLevel]::Optimal)
        $gzip.Write([Text.Encoding]::UTF8.GetBytes((1501..$rows | ForEach-Object { "{""span_id"":""s$_"",""label"":""l"",""score_value"":1}" }) -join "`n"))
        $gzip.Dispose()
        $csv, $packed
    }

    # Files in a folder that do not belong to the spool; name -> content.
    function Add-Foreign([string] $spool, [Random] $random) {
        $left = @{}
        $names = 'yarn.lock', 'yarn.lock.tmp', 'my.run', 'my.run.tmp', 'x.000000001.request', '20260101T000000000-abcdef01.txt', 'a.request.tmp', '20260101T000000000-ABCDEF01.run'
        foreach ($name in $names | Where-Object { $random.Next(2) }) { $left[$name] = "content $($random.Next())"; [IO.File]::WriteAllText((Join-Path $spool $name), $left[$name]) }
        # A run of another version, and one whose lock leads out of the folder.
        $version = Join-Path $spool '20260101T000000000-00000001.run'
        $left[(Split-Path $version -Leaf)] = "llmobs-spool 9 blake3 00`n{}"
        [IO.File]::WriteAllText($version, $left[(Split-Path $version -Leaf)])
        $left
    }

    # Damages one request of the spool; the numbers of its events, which may be missing afterwards.
    function Edit-Request([string] $spool, [Random] $random) {
        $requests = @(Get-ChildItem $spool -Filter *.request | Where-Object Name -Match '^\d{8}T\d{9}-[0-9a-f]{8}\.\d{9}\.request$' | Sort-Object Name)
        if (-not $requests) { return }
        $file = $requests[$random.Next($requests.Count)].FullName
        $bytes = [IO.File]::ReadAllBytes($file)
        [regex]::Matches([Text.Encoding]::UTF8.GetString($bytes), '"span_id":"s(\d+)"') | ForEach-Object { [int]$_.Groups[1].Value }
        $at = $random.Next($bytes.Length)
        switch ($random.Next(3)) {
            0 { [IO.File]::WriteAllBytes($file, [byte[]]($bytes | Select-Object -First $at)) }
            1 { $at = 60 + $random.Next($bytes.Length - 60); $bytes[$at] = $bytes[$at] -bxor 4; [IO.File]::WriteAllBytes($file, $bytes) }
            2 { [IO.File]::AppendAllText($file, 'more') }
        }
    }

    # Two resumes at once, one of them perhaps stopped; the ids of their errors.
    function Resume-Twice([string] $spool, [Random] $random) {
        $uri = (Get-LlmObsEmulator).BaseUri
        $shells = 1..2 | ForEach-Object {
            $shell = [powershell]::Create()
            [void]$shell.AddScript("Import-Module '$env:LLMOBS_TEST_MANIFEST'; Set-LlmObsConfig -ProfileName fuzz$_ -BaseUri $uri; Resume-LlmObsEvent '$spool' -ThrottleLimit $($random.Next(1, 5)) -ProfileName fuzz$_ -ErrorAction Continue")
            @{ shell = $shell; running = $shell.BeginInvoke() }
        }
        if ($random.Next(2)) { Start-Sleep -Milliseconds $random.Next(300); $shells[0].shell.Stop() }
        foreach ($one in $shells) {
            $one.running.AsyncWaitHandle.WaitOne(120000) | Should -BeTrue -Because 'a resume ends'
            try { [void]$one.shell.EndInvoke($one.running) } catch [System.Management.Automation.PipelineStoppedException] { Write-Debug 'stopped' }
            $one.shell.Streams.Error | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] }
            $one.shell.Dispose()
        }
    }
}

Describe 'A spool to which everything happens' {
    AfterEach { Clear-Session }

    It 'loses no event but those of damaged requests, and touches nothing of others: round <seed>' -ForEach $rounds {
        $random = [Random]::new($seed)
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive "round-$seed")).FullName
        $spool = Join-Path $folder spool
        $journal = Join-Path $folder journal
        $files = New-Source $folder
        Start-LlmObsEmulator -Path $journal -Fault @{ On = '/events'; DelayMs = 10; Rate = 1 }, @{ On = '/events'; Status = 503; Rate = 0.1 }
        $experiment = New-TestExperiment
        $said = [System.Collections.Generic.List[string]]::new()
        $mayMiss = [System.Collections.Generic.HashSet[int]]::new()

        $target = (Get-LlmObsEmulator).RequestCount + $random.Next(1, 12)
        $process = Start-Sender "Send-LlmObsEvent -ExperimentId $($experiment.Id) -Path '$($files -join "','")' -SpoolPath '$spool' -BatchSize 100 -ThrottleLimit 4" (Get-LlmObsEmulator).BaseUri
        $null = Wait-While $process { (Get-LlmObsEmulator).RequestCount -ge $target }
        $process.Kill()
        $process.WaitForExit()

        $foreign = Add-Foreign $spool $random
        if ($random.Next(2)) { Edit-Request $spool $random | ForEach-Object { [void]$mayMiss.Add($_) } }
        # One of the files can't be read for a while.
        $hurt = $files[$random.Next(2)]
        $whole = [IO.File]::ReadAllBytes($hurt)
        $isHurt = [bool]$random.Next(2)
        if ($isHurt) {
            $other = [byte[]]$whole.Clone()
            if ($hurt -like '*.gz') { $other[0] = 0 } else { [Text.Encoding]::UTF8.GetBytes('spam_it,gauge,store_price').CopyTo($other, 0) }
            Set-FileByte $hurt $other
        }
        Resume-Twice $spool $random | ForEach-Object { $said.Add($_) }
        if ($isHurt) { Set-FileByte $hurt $whole }

        Resume-LlmObsEvent $spool -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
        $problem | ForEach-Object { $said.Add(($_.FullyQualifiedErrorId -split ',')[0]) }
        # Requests that the service refused twice in a row are kept for the next resume.
        for ($again = 0; $again -lt 5 -and @(Get-Left $spool | Where-Object { $_ -match '^\d{8}T\d{9}-[0-9a-f]{8}\.\d{9}\.request$' }); $again++) {
            Resume-LlmObsEvent $spool -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
        }

        $stored = Get-Stored $journal
        $missing = @(1..$rows | Where-Object { -not $stored.ContainsKey("s$_") -and -not $mayMiss.Contains($_) })
        $missing.Count | Should -Be 0 -Because "of seed $seed the first missing are $($missing | Select-Object -First 5)"
        # Only requests that were under way are stored twice: four each of the kill and of a stopped resume.
        ($stored.Values | Measure-Object -Sum).Sum - $stored.Count | Should -BeLessOrEqual (2 * 4 * 100)
        @($said | Where-Object { $_ -notin $known + 'ServerError' }) | Should -BeNullOrEmpty
        foreach ($name in $foreign.Keys) { [IO.File]::ReadAllText((Join-Path $spool $name)) | Should -Be $foreign[$name] }
        # A lock of a run that can't be opened stays, too; it is empty.
        @(Get-Left $spool | Where-Object { $_ -notin $foreign.Keys -and $_ -notlike '*.damaged' -and $_ -ne '20260101T000000000-00000001.lock' }) | Should -BeNullOrEmpty
    }
}
