# Events that can't be sent are returned: 20,000 events per case, and each is stored once in the end.
BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/FaultCases.ps1
    $file = New-EventFile metrics.csv 1 $events

    # The last resort: nothing could be sent, and the errors hold everything.
    function Assert-GivenBack($result, $problem, [string] $id) {
        $result.MetricCount, $result.FailedCount | Should -Be @(0, $events)
        @($problem).Count | Should -Be 1 -Because 'one cause is one error'
        $problem | ForEach-Object { $_.FullyQualifiedErrorId | Should -BeLike "$id,*" }
        $experiment = Start-Case
        Assert-Stored ($problem.TargetObject | Send-LlmObsEvent -Experiment $experiment) 0 $null
    }
}

AfterAll { $clients::UseTime([TimeProvider]::System) }

Describe 'Of 20,000 events that can''t be sent every one is given back, and sent again from the errors' {
    AfterEach {
        if ($passage) { $passage.Dispose() }
        Clear-Session
    }

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
            $result = Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue -WarningVariable warning -WarningAction SilentlyContinue
        }
        finally {
            $server.Dispose()
        }
        Clear-Session
        "$warning" | Should -Match 'is not tried: its events are in the error at the end'
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
        $result = Send-LlmObsEvent -Experiment $experiment -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        Clear-Session
        Assert-GivenBack $result $problem $id
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
        foreach ($start in 0..19) { $left.Enqueue((New-EventFile "$start.csv" (1000 * $start + 1) (1000 * $start + 1000))) }
        while ($left.Count) {
            $profileName = $random.Next(100) -lt $percent ? 'wrong' : 'default'
            $next = $left.Dequeue()
            $options = @{ ExperimentId = $experiment.Id; ProfileName = $profileName; ErrorVariable = 'problem'; ErrorAction = 'SilentlyContinue' }
            $result = if ($next -is [string]) { Send-LlmObsEvent -Path $next @options } else { $next | Send-LlmObsEvent @options }
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

Describe 'A proxy of the environment that is not there' {
    It 'is what the error names, and not the service''s host' {
        $line = "Import-Module '$env:LLMOBS_TEST_MANIFEST'; Set-LlmObsConfig -BaseUri https://nothing.invalid -ApiKey fake-key-1 -AppKey fake-key-2 -MaxRetryCount 0; " +
            'try { New-LlmObsExperiment -Name n -ProjectId p -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }'
        $start = New-ShellStart '-NoProfile', '-NonInteractive', '-Command', $line
        $start.Environment['HTTPS_PROXY'] = 'http://127.0.0.1:1'
        $start.Environment['NO_PROXY'] = $null
        $process = [Diagnostics.Process]::Start($start)
        $said = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $said | Should -Match 'ProxyFailed'
        $said | Should -Match '127\.0\.0\.1:1 of the environment'
    }
}
