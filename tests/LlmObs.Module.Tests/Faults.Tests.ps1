# 20,000 events a case, through Send-LlmObsEvent, against the emulator's faults and, where it can't play them, a relay's. Waits
# take no time: the client's clock is the test's.
# SendResult counts an event as sent once its answer has arrived: once, however often it was stored. So what is stored is
# that, and once more each event of a request whose answer was lost.
BeforeDiscovery {
    function New-Case($name, $fault, $with = @{}) {
        $case = @{ name = $name; fault = $fault; relay = $null; lost = $false; rate = 0; settings = @{}; send = @{}; waits = $null; again = $true }
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
        foreach ($rate in 0.1, 0.3) {
            $case = $kind.Clone()
            $case.rate = $rate
            $case.name += ", $(100 * $rate) percent"
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
    . $PSScriptRoot/Support/FaultCases.ps1
    $file = New-EventFile metrics.csv 1 $events
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
            $played.Rate = $rate
            $faults = @($played)
        }
        $experiment = Start-Case $faults
        if ($relay) {
            $passage = [LlmObs.Testing.FaultyRelay]::new((Get-LlmObsEmulator).BaseUri, $relay, $rate, $clock, $limit)
            if ($settings.Proxy) { Set-LlmObsConfig -Proxy $passage.BaseUri } else { Set-LlmObsConfig -BaseUri $passage.BaseUri }
        }
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file @send -ErrorVariable problem -ErrorAction SilentlyContinue
        # Each request that the emulator has stored and not answered was sent again.
        $twice = if (-not $lost) { 0 } elseif ($relay) { $passage.LostEvents } else { $result.RetryCount * 1000 }
        Assert-Stored $result $twice $problem
        $result.RequestCount | Should -Be 20
        # A wait that is drawn as less than a millisecond is none; and once one request has met its limit, each of the others may wait with it.
        $clock.WaitsSec.Count | Should -BeLessOrEqual ($result.RetryCount + ($fault.Status -eq 429 ? $result.RequestCount : 0))
        if (-not $again) { $result.RetryCount | Should -Be 0 -Because 'a success is never sent again' }
        elseif ($relay -eq 'BeforeRequest') { $passage.Played | Should -BeGreaterThan 0 } # some connections are made in advance and carry no request
        elseif ($relay) { $result.RetryCount | Should -BeGreaterOrEqual $passage.Played }
        elseif ($rate -gt 0.2) { $result.RetryCount | Should -BeGreaterThan 0 }
        foreach ($wait in $clock.WaitsSec) {
            # A request that waits with one that was limited waits for what is left of its time, and up to a second more.
            $earlier, $later = $fault.Status -eq 429 ? (0.25, 1) : (0, 0)
            if ($waits) { $wait | Should -BeGreaterOrEqual ($waits[0] - $earlier); $wait | Should -BeLessOrEqual ($waits[1] + $later) }
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
        $passage = [LlmObs.Testing.FaultyRelay]::new((Get-LlmObsEmulator).BaseUri, $relay, $rate / 2, $clock, $limit)
        Set-LlmObsConfig -BaseUri $passage.BaseUri
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -BatchSize 250 -ThrottleLimit $at -ErrorVariable problem -ErrorAction SilentlyContinue
        Assert-Stored $result $passage.LostEvents $problem
        $result.RequestCount | Should -Be 80
        $result.RetryCount | Should -BeGreaterThan 0
    }

    It 'when connections are refused for 5 s' {
        $experiment = Start-Case
        $passage = [LlmObs.Testing.FaultyRelay]::new((Get-LlmObsEmulator).BaseUri, '', 0, $clock, $limit)
        $passage.CloseFor([timespan]::FromSeconds(5))
        Set-LlmObsConfig -BaseUri $passage.BaseUri
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue
        Assert-Stored $result 0 $problem
        $result.RetryCount | Should -BeGreaterThan 0
    }
}
