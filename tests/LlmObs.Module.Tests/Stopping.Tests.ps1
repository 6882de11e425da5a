BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    # Runs a command in a separate runspace, stops it like Ctrl+C once a condition holds, and returns how long stopping took.
    function Measure-Stop([string] $script, [scriptblock] $until, $argument) {
        $shell = [powershell]::Create()
        [void]$shell.AddScript("param(`$argument) Import-Module '$env:LLMOBS_TEST_MANIFEST'; $script").AddArgument($argument)
        $running = $shell.BeginInvoke()
        Wait-Until $until { $running.IsCompleted } | Should -BeTrue
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.Stop()
        $state = $shell.InvocationStateInfo.State
        $shell.Dispose()
        [pscustomobject]@{ Milliseconds = $watch.Elapsed.TotalMilliseconds; State = "$state"; Completed = $running.IsCompleted }
    }
}

Describe 'Stopping' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'ends a call that waits for its answer: <name>' -ForEach @(
        @{ name = 'New-LlmObsExperiment'; script = 'New-LlmObsExperiment -Name n -ProjectId p' }
        @{ name = 'Set-LlmObsExperiment'; script = 'Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed' }
        @{ name = 'Invoke-LlmObsAggregate'; script = 'Invoke-LlmObsAggregate' }
        @{ name = 'Send-LlmObsEvent'; script = '@{ span_id = "s"; label = "l"; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000' }
    ) {
        $server.Answer(200, '', $null, 60000) | Out-Null
        $stop = Measure-Stop $script { $server.Requests.Count -gt 0 }
        $stop.State | Should -Be 'Stopped'
        $stop.Milliseconds | Should -BeLessThan 10000
    }

    It 'ends a wait before a retry' {
        Set-LlmObsConfig -MaxRetryCount 5
        $server.Answer(429, '', @{ 'Retry-After' = '50' }, 0) | Out-Null
        $stop = Measure-Stop 'Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed -Verbose' { "$($shell.Streams.Verbose)" -match ' -> 429 ' }
        $stop.State | Should -Be 'Stopped'
        $stop.Milliseconds | Should -BeLessThan 10000
        $server.Requests.Count | Should -Be 1
    }

    It 'ends the reading of a long pipeline, with requests under way and a full queue' {
        1..50 | ForEach-Object { $server.Answer(202, '', $null, 60000) } | Out-Null
        $read = [long[]]::new(1)
        $script = '1..1000000 | ForEach-Object { $argument[0]++; @{ span_id = "s$_"; label = "l"; score_value = 1 } } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 10 -ThrottleLimit 2'
        $stop = Measure-Stop $script { $server.Requests.Count -ge 2 -and (Test-Still { $read[0] }) } $read
        $stop.State | Should -Be 'Stopped'
        $stop.Milliseconds | Should -BeLessThan 10000
        $server.Requests.Count | Should -Be 2
        $read[0] | Should -BeLessThan 1000000
    }

    It 'ends the reading of a long file' {
        $file = Join-Path $TestDrive long.csv
        "span_id,label,score_value`n" + ("s,l,1`n" * 2000000) | Set-Content $file -NoNewline
        $stop = Measure-Stop "Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path '$file'" { $server.Requests.Count -ge 1 }
        $stop.State | Should -Be 'Stopped'
        $stop.Milliseconds | Should -BeLessThan 10000
        $server.Requests.Count | Should -BeLessThan 2000
    }

    It 'says how much had arrived, and what is kept: <name>' -ForEach @(
        @{ name = 'without a spool'; spool = $false; said = 'Sending was stopped; 10 events were accepted, and those of requests under way may have been. With -SpoolPath the rest is kept and can be sent later.' }
        @{ name = 'with a spool'; spool = $true; said = 'Sending was stopped; \d unanswered requests are kept in .+. Resume-LlmObsEvent sends them, and continues files that were not read to their end.' }
    ) {
        $server.Answer(202).Answer(202, '', $null, 60000) | Out-Null
        $go = Join-Path $TestDrive "go-$spool"
        $path = if ($spool) { "-SpoolPath '$(Join-Path $TestDrive spool)'" }
        # The last messages of a stopped command go to the host of a separate process.
        $child = "
            `$runspace = [runspacefactory]::CreateRunspace(`$Host); `$runspace.Open()
            `$shell = [powershell]::Create(); `$shell.Runspace = `$runspace
            [void]`$shell.AddScript({
                Import-Module '$env:LLMOBS_TEST_MANIFEST'
                Set-LlmObsConfig -BaseUri $($server.BaseUri)
                1..25 | ForEach-Object { @{ span_id = `"s`$_`"; label = 'l'; score_value = 1 } } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 10 -ThrottleLimit 1 $path
            })
            [void]`$shell.BeginInvoke()
            for (`$i = 0; `$i -lt 1500 -and -not (Test-Path '$go'); `$i++) { Start-Sleep -Milliseconds 20 }
            `$shell.Stop()"
        $job = Start-ThreadJob { $env:NO_COLOR = '1'; . $using:PSScriptRoot/Support/ShellUnderTest.ps1; pwsh -NoProfile -NonInteractive -Command $using:child }
        Wait-Until { $server.Requests.Count -eq 2 } { $job.State -ne 'Running' -and $job.State -ne 'NotStarted' } | Should -BeTrue
        $null = New-Item $go
        $lines = Receive-Job $job -Wait -AutoRemoveJob
        ($lines -replace '^WARNING: ').Where({ $_ -match 'stopped' }) -join '' | Should -Match "^$said$"
    }

    It 'by Select-Object -First ends what is left, and leaves nothing running' {
        $server.Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000"}}').Answer(200, '{"data":{"id":"e2000000-0000-4000-8000-000000000000"}}').Answer(200, '{"data":{"id":"e3000000-0000-4000-8000-000000000000"}}') | Out-Null
        $rows = 1..3 | ForEach-Object { [pscustomobject]@{ name = "n$_"; project_id = 'p' } }
        ($rows | New-LlmObsExperiment | Select-Object -First 1).Id | Should -Be 'e1000000-0000-4000-8000-000000000000'
        $server.Requests.Count | Should -Be 1
    }

    It 'by an error further up sends no more, and leaves nothing running' {
        1..50 | ForEach-Object { $server.Answer(202, '', $null, 60000) } | Out-Null
        $watch = [Diagnostics.Stopwatch]::StartNew()
        {
            1..1000 | ForEach-Object { if ($_ -eq 150) { throw 'enough' }; @{ span_id = "s$_"; label = 'l'; score_value = 1 } } |
                Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 100 -ThrottleLimit 1
        } | Should -Throw 'enough'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
    }
}

Describe 'Stopping while a file keeps its reader waiting' -Skip:$IsWindows {
    BeforeAll {
        # Stops a command that waits for a pipe that nobody writes to. A command that does not end is an error after a minute.
        function Stop-Waiting([string] $script) {
            $shell = [powershell]::Create()
            [void]$shell.AddScript("Import-Module '$env:LLMOBS_TEST_MANIFEST'; Set-Content '$TestDrive/started' 1; $script")
            Remove-Item "$TestDrive/started" -ErrorAction Ignore
            $running = $shell.BeginInvoke()
            Wait-Until { Test-Path "$TestDrive/started" } { $running.IsCompleted } | Should -BeTrue
            # Nothing shows when a thread waits for the other end of a pipe. A stop that comes earlier ends it as well.
            Start-Sleep -Milliseconds 300
            $running.IsCompleted | Should -BeFalse -Because 'it waits for the pipe'
            $stop = $shell.BeginStop($null, $null)
            $stop.AsyncWaitHandle.WaitOne(60000) | Should -BeTrue
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
    }
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'ends it: <name>' -ForEach @(
        @{ name = 'Send-LlmObsEvent'; script = 'Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path ' }
        @{ name = 'Send-LlmObsEvent -SpoolPath'; script = "Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -SpoolPath '{0}' -Path " }
        @{ name = 'Send-LlmObsEvent with a piped file'; script = 'Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -InputObject (Get-Item {1}) # ' }
    ) {
        $pipe = Join-Path $TestDrive "pipe-$([guid]::NewGuid().ToString('N').Substring(0, 6)).csv"
        mkfifo $pipe
        Stop-Waiting ($script.Replace('{0}', (Join-Path $TestDrive spool-of-pipe)).Replace('{1}', $pipe) + "'$pipe'")
    }

    It 'ends Add-LlmObsDatasetRecord, too' {
        Start-LlmObsEmulator
        $null = New-LlmObsProject p1
        $null = New-LlmObsDataset d1 -Project p1
        $pipe = Join-Path $TestDrive records.csv
        mkfifo $pipe
        Stop-Waiting "Set-LlmObsConfig -BaseUri $((Get-LlmObsEmulator).BaseUri); Add-LlmObsDatasetRecord -Dataset d1 -Project p1 -Path '$pipe'"
    }

    It 'is not needed where columns are completed' {
        $pipe = Join-Path $TestDrive columns.csv
        mkfifo $pipe
        $line = "Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path '$pipe' -InputColumn "
        { TabExpansion2 $line $line.Length } | Should -Not -Throw
    }
}
