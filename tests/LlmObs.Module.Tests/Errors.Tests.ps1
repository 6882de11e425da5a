BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
}

Describe 'A call that fails' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'with <status> is <id>, <category>, and says the service''s own words' -ForEach @(
        @{ status = 400; id = 'BadRequest'; category = 'InvalidData' }
        @{ status = 401; id = 'Unauthorized'; category = 'AuthenticationError' }
        @{ status = 403; id = 'Forbidden'; category = 'PermissionDenied' }
        @{ status = 404; id = 'NotFound'; category = 'ObjectNotFound' }
        @{ status = 409; id = 'Conflict'; category = 'ResourceExists' }
        @{ status = 413; id = 'PayloadTooLarge'; category = 'LimitsExceeded' }
        @{ status = 429; id = 'RateLimited'; category = 'LimitsExceeded' }
        @{ status = 500; id = 'ServerError'; category = 'ResourceUnavailable' }
        @{ status = 503; id = 'ServerError'; category = 'ResourceUnavailable' }
        @{ status = 302; id = 'Redirected'; category = 'ConnectionError' }
        @{ status = 418; id = 'UnexpectedStatus'; category = 'InvalidResult' }
    ) {
        $words = '{"errors":[{"title":"Oh","detail":"the words of the service","status":"x","source":{"pointer":"/data/attributes/name"}}]}'
        1..4 | ForEach-Object { $server.Answer($status, $words) } | Out-Null
        foreach ($call in { New-LlmObsExperiment -Name n -ProjectId p -ErrorVariable +problem }, { Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed -ErrorVariable +problem },
            { Invoke-LlmObsAggregate -ErrorVariable +problem }) {
            $problem = @()
            $ErrorActionPreference = 'SilentlyContinue'
            . $call | Should -BeNullOrEmpty
            $ErrorActionPreference = 'Stop'
            $problem.Count | Should -Be 1
            $problem[0].FullyQualifiedErrorId | Should -BeLike "$id,LlmObs.PowerShell.Commands.*"
            $problem[0].CategoryInfo.Category | Should -Be $category
            "$($problem[0])" | Should -Match 'Oh: the words of the service \(at /data/attributes/name\)'
            $problem[0].Exception | Should -BeOfType ([LlmObs.LlmObsException])
            $problem[0].Exception.StatusCode | Should -Be $status
            $problem[0].Exception.Errors[0].Detail | Should -Be 'the words of the service'
            $problem[0].ErrorDetails.RecommendedAction | Should -Match '^\p{Lu}.{20,}\.$' -Because 'it is a sentence that says what to do'
        }
    }

    It 'names its target' {
        1..2 | ForEach-Object { $server.Answer(404, '') } | Out-Null
        New-LlmObsExperiment -Name mine -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].TargetObject | Should -Be 'mine'
        $experiment = [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000' }
        $experiment | Set-LlmObsExperiment -Status failed -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].TargetObject | Should -Be $experiment
    }

    It 'may bring <name>' -ForEach @(
        @{ name = 'texts instead of objects'; body = '{"errors":["Rate limit reached"]}'; says = 'Rate limit reached' }
        @{ name = 'an item without status and detail'; body = '{"errors":[{"title":"Generic Error"}]}'; says = 'Generic Error' }
        @{ name = 'a page of HTML'; body = "<html><style>x</style><body><h1>Too Many`nRequests</h1></body></html>"; says = 'Too Many Requests' }
        @{ name = 'nothing'; body = ''; says = 'no reason was given' }
        @{ name = 'a message alone'; body = '{"message":"nope","code":7}'; says = 'answered with 429: nope.' }
        @{ name = 'other JSON'; body = '{"reason":"nope"}'; says = '{"reason":"nope"}' }
    ) {
        $server.Answer(429, $body) | Out-Null
        New-LlmObsExperiment -Name n -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'RateLimited,*'
        "$($problem[0])" | Should -Match ([regex]::Escape($says))
    }

    It 'does not stop the next one' {
        $server.Answer(400, '').Answer(200, '{"data":{"id":"e2000000-0000-4000-8000-000000000000"}}') | Out-Null
        $made = [pscustomobject]@{ name = 'a'; project_id = 'p' }, [pscustomobject]@{ name = 'b'; project_id = 'p' } | New-LlmObsExperiment -ErrorAction SilentlyContinue
        $made.Id | Should -Be 'e2000000-0000-4000-8000-000000000000'
    }

    It 'stops the script under -ErrorAction Stop' {
        $server.Answer(400, '') | Out-Null
        { New-LlmObsExperiment -Name n -ProjectId p -ErrorAction Stop } | Should -Throw -ErrorId 'BadRequest,*'
    }
}

Describe 'A service that can''t be reached' {
    AfterEach { Clear-Session }

    It 'is <id>' -ForEach @(
        @{ id = 'ConnectionRefused'; settings = @{ BaseUri = 'http://127.0.0.1:1' } }
        @{ id = 'NameNotResolved'; settings = @{ BaseUri = 'https://nothing.invalid'; ApiKey = 'fake-key-1'; AppKey = 'fake-key-2' } }
        @{ id = 'ProxyFailed'; settings = @{ BaseUri = 'https://nothing.invalid'; Proxy = 'http://127.0.0.1:1'; ApiKey = 'fake-key-1'; AppKey = 'fake-key-2' } }
    ) {
        Set-LlmObsConfig @settings -MaxRetryCount 0
        New-LlmObsExperiment -Name n -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
    }

    It 'is TlsFailed where it speaks no TLS' {
        $emulator = Start-LlmObsEmulator -PassThru
        Set-LlmObsConfig -ProfileName tls -BaseUri "https://127.0.0.1:$($emulator.Port)" -MaxRetryCount 0 -TimeoutSec 20
        New-LlmObsExperiment -ProfileName tls -Name n -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'TlsFailed,*'
    }

    It 'is Timeout where it is silent' {
        $server = New-Server
        $server.Answer(200, '', $null, 60000) | Out-Null
        Set-LlmObsConfig -TimeoutSec 0.3
        New-LlmObsExperiment -Name n -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Timeout,*'
        "$($problem[0])" | Should -Match 'none came within 0.3 s'
        $server.Dispose()
    }

    It 'is ConnectionLost where it breaks off' {
        $server = New-Server
        $server.Drop() | Out-Null
        New-LlmObsExperiment -Name n -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ConnectionLost,*'
        $server.Dispose()
    }
}

Describe 'Repeating' {
    BeforeEach { $server = New-Server; Set-LlmObsConfig -MaxRetryCount 3 }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'creates again only where the service surely did not act: <status> gives <count> requests' -ForEach @(
        @{ status = 429; count = 2 }, @{ status = 500; count = 1 }, @{ status = 503; count = 1 }, @{ status = 408; count = 1 }
    ) {
        $server.Answer($status, '', @{ 'Retry-After' = '0' }, 0).Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000"}}') | Out-Null
        New-LlmObsExperiment -Name n -ProjectId p -ErrorAction SilentlyContinue | Out-Null
        $server.Requests.Count | Should -Be $count
    }

    It 'sends events again after <status>' -ForEach @(@{ status = 429 }, @{ status = 408 }, @{ status = 500 }, @{ status = 502 }, @{ status = 503 }, @{ status = 504 }) {
        $server.Answer($status, '', @{ 'x-ratelimit-reset' = '0' }, 0) | Out-Null
        $result = @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000
        $result.MetricCount, $result.RequestCount, $result.RetryCount | Should -Be @(1, 1, 1)
        $server.Requests[1].Body | Should -BeExactly $server.Requests[0].Body
    }

    It 'ends after as many retries as are allowed' {
        1..9 | ForEach-Object { $server.Answer(503, '', @{ 'Retry-After' = '0' }, 0) } | Out-Null
        Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed -ErrorVariable problem -ErrorAction SilentlyContinue
        $server.Requests.Count | Should -Be 4
        $problem[0].Exception.Attempts | Should -Be 4
        "$($problem[0])" | Should -Match 'after 4 attempts'
    }

    It 'never follows a redirect' {
        $target = [LlmObs.Testing.ScriptedService]::new()
        Set-LlmObsConfig -ApiKey fake-key-1 -AppKey fake-key-2
        $server.Answer(307, '', @{ Location = $target.BaseUri }, 0) | Out-Null
        Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Redirected,*'
        $target.Requests.Count | Should -Be 0
        $target.Dispose()
    }

    It 'asks no more after a refusal that all further requests would meet' {
        $server.Answer(404, '{"errors":[{"title":"no such experiment"}]}') | Out-Null
        $rows = 1..6 | ForEach-Object { @{ span_id = "s$_"; label = 'l'; score_value = 1 } }
        $result = $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 2 -ThrottleLimit 1 -ErrorVariable problem -ErrorAction SilentlyContinue
        $server.Requests.Count | Should -Be 1
        $result.FailedCount | Should -Be 6
        ($problem.TargetObject | ForEach-Object { $_ }).Count | Should -Be 6
    }
}
