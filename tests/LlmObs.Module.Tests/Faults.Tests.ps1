# 20,000 events a case, through Send-LlmObsEvent, against the emulator's faults and, where it can't play them, a relay's. Waits
# take no time: the client's clock is the test's.
# SendResult counts an event as sent once its answer has arrived: once, however often it was stored. So what is stored is
# that, and once more each event of a request whose answer was lost.
BeforeDiscovery {
    function New-Case($name, $fault, $with = @{}) {
        $case = @{ name = $name; fault = $fault; relay = $null; lost = $false; rate = 1; settings = @{}; send = @{}; waits = $null; again = $true }
        foreach ($key in $with.Keys) { $case[$key] = $with[$key] }
        $case
    }
    function New-RelayCase($name, $relay, $with = @{}) { New-Case $name $null ($with + @{ relay = $relay }) }
    $alone = @{ ThrottleLimit = 1 } # time passes for all requests under way, so there is one
    $kinds = @(
        New-Case '429 with a reset in seconds' @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = '7' } } @{ waits = 7, 7.25 }
        New-Case '429 with a reset as epoch' @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = 'EPOCH' } } @{ waits = 0, 20.25 }
        New-Case '429 with a reset as date' @{ Status = 429; Headers = @{ 'Retry-After' = 'DATE' } } @{ waits = 0, 20.25 }
        New-Case '429 with a reset twice in one header' @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = '7, 7' } } @{ waits = 7, 7.25 }
        New-Case '429 with a reset on two lines' @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = @('3', '7') } } @{ waits = 7, 7.25 }
        New-Case '429 with a reset of an hour' @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = '3600' } } @{ waits = 60, 60 }
        New-Case '429 without a reset' @{ Status = 429 }
        New-Case 'a 429 of HTML' @{ Status = 429; Body = 'Html' }
        New-Case '408' @{ Status = 408 }
        New-Case '500' @{ Status = 500 }
        New-Case '502' @{ Status = 502; Body = 'Html' }
        New-Case '503' @{ Status = 503; Body = 'Empty' }
        New-Case '504' @{ Status = 504; Body = 'Garbage' }
        New-Case 'a 503 whose body is cut off' @{ Status = 503; Body = 'Truncated' }
        New-Case 'a 202 with garbage' @{ Body = 'Garbage' } @{ again = $false }
        New-Case 'a 202 whose body is cut off' @{ Body = 'Truncated' } @{ again = $false }
        New-Case 'a connection cut before storing' @{ Drop = 'BeforeStoring' }
        New-Case 'a connection cut after storing' @{ Drop = 'AfterStoring' } @{ lost = $true }
        New-RelayCase 'a reset before the request' 'BeforeRequest'
        New-RelayCase 'a reset in the body' 'InBody'
        New-RelayCase 'a reset after the body' 'AfterBody'
        New-RelayCase 'an answer that is lost' 'LostAnswer' @{ lost = $true }
        New-RelayCase 'an answer that is cut off' 'CutAnswer' @{ lost = $true }
        New-RelayCase 'stalls of 30 s' 'SlowAnswer' @{ send = $alone; again = $false }
        New-RelayCase 'stalls longer than the time limit' 'Stall' @{ send = $alone }
        New-RelayCase 'answers after the time limit' 'LateAnswer' @{ lost = $true; send = $alone }
        New-RelayCase 'a proxy that resets' 'BeforeRequest' @{ settings = @{ Proxy = $true } }
        New-RelayCase 'a proxy that answers 502' 'BadGateway' @{ settings = @{ Proxy = $true } }
    )
    $cases = foreach ($kind in $kinds) {
        foreach ($rate in 1, 0.1, 0.3) {
            $case = $kind.Clone()
            $case.rate = $rate
            if ($rate -lt 1) { $case.name += ", $(100 * $rate) percent" }
            $case
        }
    }
    $mixes = foreach ($rate in 0.1, 0.3) {
        @{ percent = 100 * $rate; relay = 'BeforeRequest,InBody,AfterBody,LostAnswer,CutAnswer,BadGateway'; rate = $rate; at = 4 }
        @{ percent = 100 * $rate; relay = 'BeforeRequest,InBody,AfterBody,LostAnswer,CutAnswer,BadGateway,SlowAnswer,Stall,LateAnswer'; rate = $rate; at = 1 }
    }
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    if (-not ('LlmObs.Testing.FaultyRelay' -as [type])) { Add-Type -Path $PSScriptRoot/Support/WaitlessTime.cs, $PSScriptRoot/Support/FaultyRelay.cs }
    if (-not ('LlmObs.Testing.StoredEvents' -as [type])) { Add-Type -Path $PSScriptRoot/Support/StoredEvents.cs }
    $events = 20000
    $limit = 59 # seconds; no wait is as long
    $file = Join-Path $TestDrive metrics.csv
    [IO.File]::WriteAllText($file, "span_id,label,score_value`n" + ((1..$events | ForEach-Object { "s$_,l,$_" }) -join "`n"))
    $clients = (Get-Command Send-LlmObsEvent).ImplementingType.Assembly.GetType('LlmObs.PowerShell.Session.ClientTable')

    # A clock on which nothing waits, an emulator with a journal of its own, and an experiment in it.
    function Start-Case([hashtable[]] $faults = @()) {
        $script:clock = [LlmObs.Testing.WaitlessTime]::new($limit)
        $clients::UseTime($clock)
        $script:journal = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        Start-LlmObsEmulator -Path $script:journal -Fault @($faults | ForEach-Object { [LlmObs.EmulatorFault] $_ })
        Set-LlmObsConfig -MaxRetryCount 20 -TimeoutSec $limit
        New-TestExperiment
    }

    function Assert-Stored($result, [int] $lost, $problem) {
        $problem | Should -BeNullOrEmpty
        $result.MetricCount, $result.FailedCount | Should -Be @($events, 0)
        $all, $different, $missing = [LlmObs.Testing.StoredEvents]::Count($journal, $events)
        $missing | Should -Be 0
        $different | Should -Be $events
        ($all - $different) | Should -Be $lost -Because 'stored twice is only what was stored and not answered'
        (Get-LlmObsEmulator).MetricCount | Should -Be $all
    }

    # The last resort: nothing could be sent, and the errors hold everything.
    function Assert-GivenBack($result, $problem, [string] $id) {
        $result.MetricCount, $result.FailedCount | Should -Be @(0, $events)
        $problem | ForEach-Object { $_.FullyQualifiedErrorId | Should -BeLike "$id,*" }
        $experiment = Start-Case
        Assert-Stored ($problem.TargetObject | Send-LlmObsEvent -Experiment $experiment) 0 $null
    }
}

AfterAll { $clients::UseTime([TimeProvider]::System) }

Describe 'Of 20,000 events every one is stored, and twice only where the answer was lost' {
    AfterEach {
        if ($passage) { $passage.Dispose() }
        Clear-Session
    }

    It 'under <name>' -ForEach $cases {
        $passage = $null
        $faults = @()
        if ($fault) {
            $played = $fault.Clone()
            foreach ($header in $played.Headers ? @($played.Headers.Keys) : @()) {
                $soon = [DateTimeOffset]::UtcNow.AddSeconds(20)
                $value = $played.Headers[$header]
                $played.Headers = @{ $header = if ($value -eq 'EPOCH') { "$($soon.ToUnixTimeSeconds())" } elseif ($value -eq 'DATE') { $soon.ToString('r') } else { $value } }
            }
            $played.On = '/events'
            if ($rate -lt 1) { $played.Rate = $rate } else { $played.Count = 6 }
            $faults = @($played)
        }
        $experiment = Start-Case $faults
        if ($relay) {
            $passage = [LlmObs.Testing.FaultyRelay]::new((Get-LlmObsEmulator).BaseUri, $relay, $rate, $(if ($rate -lt 1) { 0 } else { 6 }), $clock, $limit)
            if ($settings.Proxy) { Set-LlmObsConfig -Proxy $passage.BaseUri } else { Set-LlmObsConfig -BaseUri $passage.BaseUri }
        }
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file @send -ErrorVariable problem -ErrorAction SilentlyContinue
        # Each request that the emulator has stored and not answered was sent again.
        $twice = if (-not $lost) { 0 } elseif ($relay) { $passage.LostEvents } else { $result.RetryCount * 1000 }
        Assert-Stored $result $twice $problem
        $result.RequestCount | Should -Be 20
        $clock.Waits.Count | Should -BeLessOrEqual $result.RetryCount # a wait that is drawn as less than a millisecond is none
        if (-not $again) { $result.RetryCount | Should -Be 0 -Because 'a success is never sent again' }
        elseif ($relay -eq 'BeforeRequest') { if ($rate -eq 1) { $result.RetryCount | Should -BeGreaterThan 0 } } # some connections are made in advance and carry none
        elseif ($relay) { $result.RetryCount | Should -BeGreaterOrEqual $passage.Played }
        elseif ($rate -eq 1) { $result.RetryCount | Should -Be 6 }
        foreach ($wait in $clock.Waits) {
            if ($waits) { $wait | Should -BeGreaterOrEqual $waits[0]; $wait | Should -BeLessOrEqual $waits[1] }
            else { $wait | Should -BeLessOrEqual 30 -Because 'a backoff is cut there' }
        }
    }

    It 'under a mix of all, <percent> percent, <at> at a time' -ForEach $mixes {
        $share = $rate / 12
        $experiment = Start-Case @(
            @{ On = '/events'; Status = 429; Rate = $share; Headers = @{ 'x-ratelimit-reset' = '1' } }, @{ On = '/events'; Status = 429; Rate = $share; Body = 'Html' }
            @{ On = '/events'; Status = 503; Rate = $share }, @{ On = '/events'; Status = 500; Rate = $share; Body = 'Html' }
            @{ On = '/events'; Drop = 'BeforeStoring'; Rate = $share }, @{ On = '/events'; Body = 'Garbage'; Rate = $share }
        )
        $passage = [LlmObs.Testing.FaultyRelay]::new((Get-LlmObsEmulator).BaseUri, $relay, $rate / 2, 0, $clock, $limit)
        Set-LlmObsConfig -BaseUri $passage.BaseUri
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -BatchSize 250 -ThrottleLimit $at -ErrorVariable problem -ErrorAction SilentlyContinue
        Assert-Stored $result $passage.LostEvents $problem
        $result.RequestCount | Should -Be 80
        $result.RetryCount | Should -BeGreaterThan 0
    }

    It 'when connections are refused for 5 s' {
        $experiment = Start-Case
        $passage = [LlmObs.Testing.FaultyRelay]::new((Get-LlmObsEmulator).BaseUri, '', 0, 0, $clock, $limit)
        $passage.CloseFor([timespan]::FromSeconds(5))
        Set-LlmObsConfig -BaseUri $passage.BaseUri
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue
        Assert-Stored $result 0 $problem
        $result.RetryCount | Should -BeGreaterThan 0
    }

    It 'with <percent> percent of the calls to <name>, once their events are sent again from the errors' -ForEach $(
        foreach ($percent in 10, 30) {
            @{ percent = $percent; name = 'a name that can''t be resolved'; id = 'NameNotResolved'; wrong = @{ BaseUri = 'https://nothing.invalid' } }
            @{ percent = $percent; name = 'a proxy that is not there'; id = 'ProxyFailed'; wrong = @{ BaseUri = 'https://nothing.invalid'; Proxy = 'http://127.0.0.1:1' } }
            @{ percent = $percent; name = 'a server with another certificate'; id = 'TlsFailed'; wrong = @{ BaseUri = 'TLS' } }
        }
    ) {
        $experiment = Start-Case
        $passage = [LlmObs.Testing.SelfSignedServer]::new()
        if ($wrong.BaseUri -eq 'TLS') { $wrong = @{ BaseUri = $passage.BaseUri } }
        Set-LlmObsConfig wrong @wrong -ApiKey fake-key-1 -AppKey fake-key-2 -MaxRetryCount 2 -TimeoutSec $limit
        $random = [Random]::new($percent)
        $sent = 0
        $failures = 0
        $left = [System.Collections.Generic.Queue[object]]::new()
        foreach ($start in 0..19) { $left.Enqueue(@(1..1000 | ForEach-Object { @{ span_id = "s$(1000 * $start + $_)"; label = 'l'; score_value = $_ } })) }
        while ($left.Count) {
            $profileName = $random.Next(100) -lt $percent ? 'wrong' : 'default'
            $result = $left.Dequeue() | Send-LlmObsEvent -ExperimentId $experiment.Id -ProfileName $profileName -ErrorVariable problem -ErrorAction SilentlyContinue
            $sent += $result.MetricCount
            ($result.MetricCount + $result.FailedCount) | Should -Be 1000
            foreach ($one in $problem) {
                $failures++
                $one.FullyQualifiedErrorId | Should -BeLike "$id,*"
                $left.Enqueue($one.TargetObject)
            }
        }
        $failures | Should -BeGreaterThan 0
        Assert-Stored @{ MetricCount = $sent; FailedCount = 0 } 0 $null
    }
}

Describe 'Of 20,000 events that can''t be sent every one is given back, and sent again from the errors' {
    AfterEach { Clear-Session }

    It 'where <name>' -ForEach @(
        @{ name = 'nothing listens'; id = 'ConnectionRefused'; settings = @{ BaseUri = 'http://127.0.0.1:1' } }
        @{ name = 'the name can''t be resolved'; id = 'NameNotResolved'; settings = @{ BaseUri = 'https://nothing.invalid' } }
        @{ name = 'the proxy is not there'; id = 'ProxyFailed'; settings = @{ BaseUri = 'https://nothing.invalid'; Proxy = 'http://127.0.0.1:1' } }
        @{ name = 'the certificate is another one'; id = 'TlsFailed'; settings = @{ BaseUri = 'TLS' } }
    ) {
        $null = Start-Case
        $server = [LlmObs.Testing.SelfSignedServer]::new()
        try {
            if ($settings.BaseUri -eq 'TLS') { $settings = @{ BaseUri = $server.BaseUri } }
            Set-LlmObsConfig @settings -ApiKey fake-key-1 -AppKey fake-key-2 -MaxRetryCount 1
            $result = Send-LlmObsEvent -ExperimentId e1 -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue
        }
        finally {
            $server.Dispose()
        }
        Clear-Session
        Assert-GivenBack $result $problem $id
    }

    It 'where every attempt meets <name>' -ForEach @(
        @{ name = '429'; id = 'RateLimited'; fault = @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = '0' } } }
        @{ name = '503'; id = 'ServerError'; fault = @{ Status = 503 } }
        @{ name = '401'; id = 'Unauthorized'; fault = @{ Status = 401 } }
        @{ name = '403'; id = 'Forbidden'; fault = @{ Status = 403 } }
        @{ name = '404'; id = 'NotFound'; fault = @{ Status = 404 } }
        @{ name = '307'; id = 'Redirected'; fault = @{ Status = 307; Headers = @{ Location = 'http://127.0.0.1:1/' } } }
        @{ name = 'a cut connection'; id = 'ConnectionLost'; fault = @{ Drop = 'BeforeStoring' } }
    ) {
        $experiment = Start-Case @($fault + @{ On = '/events'; Rate = 1 })
        Set-LlmObsConfig -MaxRetryCount 1
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue
        Clear-Session
        Assert-GivenBack $result $problem $id
    }
}

Describe 'A proxy of the environment that is not there' {
    It 'is what the error names, and not the service''s host' {
        $start = [Diagnostics.ProcessStartInfo]::new((Get-Process -Id $PID).Path)
        $line = "Import-Module '$env:LLMOBS_TEST_MANIFEST'; Set-LlmObsConfig -BaseUri https://nothing.invalid -ApiKey fake-key-1 -AppKey fake-key-2 -MaxRetryCount 0; " +
            'try { New-LlmObsExperiment -Name n -ProjectId p -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }'
        foreach ($argument in '-NoProfile', '-NonInteractive', '-Command', $line) { $start.ArgumentList.Add($argument) }
        $start.Environment['HTTPS_PROXY'] = 'http://127.0.0.1:1'
        $start.Environment['NO_PROXY'] = $null
        $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        $said = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $said | Should -Match 'ProxyFailed'
        $said | Should -Match '127\.0\.0\.1:1 of the environment'
    }
}
