# 20,000 events a case, through Send-LlmObsEvent, against the emulator's faults and, where it can't play them, a relay's.
# SendResult counts an event as sent once its answer has arrived: once, however often it was stored. So what is stored is
# that, and once more each event of a request whose answer was lost.
BeforeDiscovery {
    function New-Case($name, $fault, $lost = $false) { @{ name = $name; fault = $fault; relay = $null; lost = $lost; rate = 1; count = 6; settings = @{} } }
    function New-RelayCase($name, $relay, $lost = $false, $settings = @{}) { @{ name = $name; fault = $null; relay = $relay; lost = $lost; rate = 1; count = 6; settings = $settings } }
    $kinds = @(
        New-Case '429 with a reset in seconds' @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = '1' } }
        New-Case '429 with a reset as epoch' @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = 'EPOCH' } }
        New-Case '429 with a reset as date' @{ Status = 429; Headers = @{ 'Retry-After' = 'DATE' } }
        New-Case '429 with a reset twice in one header' @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = '1, 1' } }
        New-Case '429 with a reset on two lines' @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = @('1', '1') } }
        New-Case '429 without a reset' @{ Status = 429 }
        New-Case 'a 429 of HTML' @{ Status = 429; Body = 'Html' }
        New-Case '408' @{ Status = 408 }
        New-Case '500' @{ Status = 500 }
        New-Case '502' @{ Status = 502; Body = 'Html' }
        New-Case '503' @{ Status = 503; Body = 'Empty' }
        New-Case '504' @{ Status = 504; Body = 'Garbage' }
        New-Case 'a 503 whose body is cut off' @{ Status = 503; Body = 'Truncated' }
        New-Case 'a 202 with garbage' @{ Body = 'Garbage' }
        New-Case 'a 202 whose body is cut off' @{ Body = 'Truncated' }
        New-Case 'a connection cut before storing' @{ Drop = 'BeforeStoring' }
        New-Case 'a connection cut after storing' @{ Drop = 'AfterStoring' } $true
        New-RelayCase 'a reset before the request' 'BeforeRequest'
        New-RelayCase 'a reset in the body' 'InBody'
        New-RelayCase 'a reset after the body' 'AfterBody'
        New-RelayCase 'an answer that is lost' 'LostAnswer' $true
        New-RelayCase 'an answer that is cut off' 'CutAnswer' $true
        New-RelayCase 'an answer that never comes' 'Stall' $false @{ TimeoutSec = 3 }
        New-RelayCase 'a proxy that resets' 'BeforeRequest' $false @{ Proxy = $true }
        New-RelayCase 'a proxy that answers 502' 'BadGateway' $false @{ Proxy = $true }
    )
    $cases = foreach ($kind in $kinds) {
        $kind
        foreach ($rate in 0.1, 0.3) {
            $mixed = $kind.Clone()
            $mixed.name += " at $(100 * $rate) percent"
            $mixed.rate = $rate
            $mixed.count = 0
            $mixed
        }
    }
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    if (-not ('LlmObs.Testing.FaultyRelay' -as [type])) { Add-Type -Path $PSScriptRoot/Support/FaultyRelay.cs }
    $events = 20000
    $file = Join-Path $TestDrive metrics.csv
    [IO.File]::WriteAllText($file, "span_id,label,score_value`n" + ((1..$events | ForEach-Object { "s$_,l,$_" }) -join "`n"))

    # An emulator with a journal of its own, with an experiment, and no retry too few.
    function Start-Case([LlmObs.EmulatorFault[]] $fault = @()) {
        $script:journal = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        Start-LlmObsEmulator -Path $script:journal -Fault $fault
        Set-LlmObsConfig -MaxRetryCount 20
        New-TestExperiment
    }

    function Assert-Stored($result, [int] $lost, $problem) {
        $problem | Should -BeNullOrEmpty
        $result.MetricCount, $result.FailedCount | Should -Be @($events, 0)
        $all, $different, $missing = [LlmObs.Testing.StoredEvents]::Count($journal, $events)
        $missing | Should -Be 0
        $different | Should -Be $events
        ($all - $different) | Should -Be $lost
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

Describe 'Of 20,000 events every one is stored, and twice only where the answer was lost' {
    AfterEach {
        if ($relay) { $relay.Dispose() }
        Clear-Session
    }

    It 'under <name>' -ForEach $cases {
        $script = @()
        if ($fault) {
            $now = [DateTimeOffset]::UtcNow
            $played = $fault.Clone()
            foreach ($header in $played.Headers ? @($played.Headers.Keys) : @()) {
                $played.Headers = @{ $header = switch ($played.Headers[$header]) { 'EPOCH' { "$($now.ToUnixTimeSeconds() + 2)" } 'DATE' { $now.AddSeconds(2).ToString('r') } default { $_ } } }
            }
            $played.On = '/events'
            if ($rate -lt 1) { $played.Rate = $rate } else { $played.Count = $count }
            $script = @([LlmObs.EmulatorFault]$played)
        }
        $experiment = Start-Case $script
        $to = (Get-LlmObsEmulator).BaseUri
        if ($relay = $relay ? [LlmObs.Testing.FaultyRelay]::new($to, $relay, $rate, $count, 0) : $null) {
            if ($settings.Proxy) { Set-LlmObsConfig -Proxy $relay.BaseUri } else { Set-LlmObsConfig -BaseUri $relay.BaseUri }
            if ($settings.TimeoutSec) { Set-LlmObsConfig -TimeoutSec $settings.TimeoutSec }
        }
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue
        # Of the emulator's own lost answers it is known which request they were to: each that was stored and sent again.
        $twice = if (-not $lost) { 0 } elseif ($relay) { $relay.LostEvents } else { $result.RetryCount * 1000 }
        Assert-Stored $result $twice $problem
        $result.RequestCount | Should -Be 20
        $hasRetried = if ($relay) { $relay.Played -gt 0 } else { $name -notmatch '202' -and $rate -eq 1 }
        if ($hasRetried) { $result.RetryCount | Should -BeGreaterThan 0 }
        if ($name -match '202') { $result.RetryCount | Should -Be 0 } # a success is never sent again
    }

    It 'under all of them at once, at 30 percent' {
        $experiment = Start-Case @(
            @{ On = '/events'; Status = 429; Rate = 0.05; Headers = @{ 'x-ratelimit-reset' = '1' } }, @{ On = '/events'; Status = 503; Rate = 0.05 }
            @{ On = '/events'; Status = 500; Rate = 0.05; Body = 'Html' }, @{ On = '/events'; Drop = 'BeforeStoring'; Rate = 0.05 }, @{ On = '/events'; Body = 'Garbage'; Rate = 0.05 }
        )
        $relay = [LlmObs.Testing.FaultyRelay]::new((Get-LlmObsEmulator).BaseUri, 'LostAnswer', 0.1, 0, 0)
        Set-LlmObsConfig -BaseUri $relay.BaseUri
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -BatchSize 250 -ErrorVariable problem -ErrorAction SilentlyContinue
        # A lost answer may have been a refusal; then nothing is there twice.
        $all, $different, $missing = [LlmObs.Testing.StoredEvents]::Count($journal, $events)
        $missing | Should -Be 0
        ($all - $different) | Should -BeLessOrEqual $relay.LostEvents
        $problem | Should -BeNullOrEmpty
        $result.MetricCount, $result.FailedCount, $result.RequestCount | Should -Be @($events, 0, 80)
    }

    It 'when connections are refused for 5 s' {
        $experiment = Start-Case
        $relay = [LlmObs.Testing.FaultyRelay]::new((Get-LlmObsEmulator).BaseUri, '', 0, 0, 5000)
        Set-LlmObsConfig -BaseUri $relay.BaseUri
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue
        Assert-Stored $result 0 $problem
    }
}

Describe 'Of 20,000 events that can''t be sent every one is given back, and sent again from the errors' {
    AfterEach { Clear-Session }

    It 'where <name>' -ForEach @(
        @{ name = 'nothing listens'; id = 'ConnectionRefused'; settings = @{ BaseUri = 'http://127.0.0.1:1' } }
        @{ name = 'the name can''t be resolved'; id = 'NameNotResolved'; settings = @{ BaseUri = 'https://nothing.invalid' } }
        @{ name = 'the proxy is not there'; id = 'ProxyFailed'; settings = @{ BaseUri = 'https://nothing.invalid'; Proxy = 'http://127.0.0.1:1' } }
    ) {
        Set-LlmObsConfig @settings -ApiKey fake-key-1 -AppKey fake-key-2 -MaxRetryCount 1
        $result = Send-LlmObsEvent -ExperimentId e1 -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue
        Clear-Session
        Assert-GivenBack $result $problem $id
    }

    It 'where no secure connection can be made' {
        $emulator = Start-LlmObsEmulator -PassThru
        Set-LlmObsConfig -BaseUri "https://127.0.0.1:$($emulator.Port)" -MaxRetryCount 1 -TimeoutSec 20
        $result = Send-LlmObsEvent -ExperimentId e1 -Path $file -BatchSize 5000 -ErrorVariable problem -ErrorAction SilentlyContinue
        Clear-Session
        Assert-GivenBack $result $problem 'TlsFailed'
    }

    It 'where every attempt meets <name>' -ForEach @(
        @{ name = '429'; id = 'RateLimited'; fault = @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = '0' } } }
        @{ name = '503'; id = 'ServerError'; fault = @{ Status = 503; Headers = @{ 'Retry-After' = '0' } } }
        @{ name = '401'; id = 'Unauthorized'; fault = @{ Status = 401 } }
        @{ name = '403'; id = 'Forbidden'; fault = @{ Status = 403 } }
        @{ name = '404'; id = 'NotFound'; fault = @{ Status = 404 } }
        @{ name = '307'; id = 'Redirected'; fault = @{ Status = 307; Headers = @{ Location = 'http://127.0.0.1:1/' } } }
        @{ name = 'a cut connection'; id = 'ConnectionLost'; fault = @{ Drop = 'BeforeStoring' } }
    ) {
        $fault.On = '/events'
        $fault.Rate = 1
        $experiment = Start-Case ([LlmObs.EmulatorFault]$fault)
        Set-LlmObsConfig -MaxRetryCount 1
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue
        Clear-Session
        Assert-GivenBack $result $problem $id
    }
}
