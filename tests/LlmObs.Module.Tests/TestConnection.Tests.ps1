BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $api = 'fake-api-key-000000000000000012ab'
    $app = 'fake-app-key-00000000000000000000000034cd'
    $token = 'ddpat_fake_token_000000000000000056ef'
}

Describe 'Test-LlmObsConnection' {
    BeforeEach { Clear-Session }
    AfterEach { Clear-Session }

    It 'says that both keys are good, and how long it took' {
        Start-LlmObsEmulator -ApiKey $api -AppKey $app
        Set-LlmObsConfig -ApiKey $api -AppKey $app
        $result = Test-LlmObsConnection
        $result | Should -BeOfType ([LlmObs.ConnectionTest])
        $result.IsSuccess, $result.IsReachable, $result.IsPermitted | Should -Be @($true, $true, $true)
        "$($result.ApiKey) $($result.AppKey) $($result.AccessToken)" | Should -Be 'Valid Valid NotNeeded'
        $result.Problem, $result.RecommendedAction, $result.Failure | Should -Be @($null, $null, $null)
        $result.RequestCount | Should -Be 3
        $result.Latency | Should -BeGreaterThan ([timespan]::Zero)
        $result.Elapsed | Should -BeGreaterOrEqual $result.Latency
        $result.BaseUri | Should -Be (Get-LlmObsEmulator).BaseUri
        $result.IsEmulator | Should -BeTrue
        Test-LlmObsConnection -Quiet | Should -BeExactly $true
    }

    It 'says which of the two keys is not good: <which>' -ForEach @(
        @{ which = 'the API key'; sent = @{ ApiKey = 'fake-wrong-key-00000000000000009999'; AppKey = 'fake-app-key-00000000000000000000000034cd' }; states = 'Refused NotTested'; shown = '9999'; requests = 1 }
        @{ which = 'the application key'; sent = @{ ApiKey = 'fake-api-key-000000000000000012ab'; AppKey = 'fake-wrong-key-00000000000000009999' }; states = 'Valid Refused'; shown = '9999'; requests = 2 }
    ) {
        Start-LlmObsEmulator -ApiKey $api -AppKey $app
        Set-LlmObsConfig @sent
        $result = Test-LlmObsConnection
        $result.IsSuccess, $result.IsReachable | Should -Be @($false, $true)
        "$($result.ApiKey) $($result.AppKey)" | Should -Be $states
        $result.Problem | Should -Match "\*\*\*\*$shown"
        $result.RecommendedAction | Should -Match ($requests -eq 1 ? '^Copy the key again' : '^Copy the application key again')
        $result.RequestCount | Should -Be $requests
        ($result | Format-List * | Out-String) | Should -Not -Match 'fake-wrong'
        $shown = $result | Out-String -Width 300
        $shown | Should -Match 'Problem\s+: .*key'
        $shown | Should -Match '(?m)^Elapsed\s+: \d+ ms\s*$'
        Test-LlmObsConnection -Quiet | Should -BeExactly $false
    }

    It 'says that good keys may not read LLM Observability' {
        Start-LlmObsEmulator -Fault @{ Status = 403; On = 'llm-obs' } -ApiKey $api -AppKey $app
        Set-LlmObsConfig -ApiKey $api -AppKey $app
        $result = Test-LlmObsConnection
        "$($result.ApiKey) $($result.AppKey) $($result.IsPermitted) $($result.IsSuccess)" | Should -Be 'Valid Valid False False'
        $result.Problem | Should -Match 'Both keys are valid'
        $result.RecommendedAction | Should -Match 'permission'
    }

    It 'tests a token in the place of the keys' {
        Start-LlmObsEmulator -AccessToken $token
        Set-LlmObsConfig -AccessToken $token
        $result = Test-LlmObsConnection
        "$($result.ApiKey) $($result.AppKey) $($result.AccessToken) $($result.IsSuccess)" | Should -Be 'NotNeeded NotNeeded Valid True'
        Set-LlmObsConfig -AccessToken 'ddpat_fake_other_000000000000000078aa'
        $result = Test-LlmObsConnection
        "$($result.AccessToken) $($result.IsSuccess)" | Should -Be 'Refused False'
        $result.Problem | Should -Match '\*\*\*\*78aa'
    }

    It 'needs no keys for an emulator that asks for none' {
        Start-LlmObsEmulator
        $result = Test-LlmObsConnection
        "$($result.ApiKey) $($result.AppKey) $($result.IsSuccess)" | Should -Be 'NotNeeded NotNeeded True'
    }

    It 'calls no key valid that an emulator did not check, and says that it is one' {
        Start-LlmObsEmulator
        Set-LlmObsConfig -ApiKey $api -AppKey $app -WarningAction Ignore
        $result = Test-LlmObsConnection
        "$($result.ApiKey) $($result.AppKey) $($result.AccessToken)" | Should -Be 'NotChecked NotChecked NotNeeded'
        $result.IsEmulator, $result.IsSuccess | Should -Be @($true, $true)
        $result | Out-String | Should -Match 'IsEmulator +: True'
        Set-LlmObsConfig -AccessToken $token -WarningAction Ignore
        (Test-LlmObsConnection).AccessToken | Should -Be 'NotChecked'
    }

    It 'calls a server that is no emulator none' {
        $server = New-Server
        $server.Answer(200, '{"data":[]}') | Out-Null
        (Test-LlmObsConnection).IsEmulator | Should -BeFalse
        $server.Dispose()
    }

    It 'says that an emulator asks for keys' {
        Start-LlmObsEmulator -ApiKey $api -AppKey $app
        $result = Test-LlmObsConnection
        $result.Problem | Should -Match 'requires keys'
        "$($result.ApiKey) $($result.AppKey)" | Should -Be 'Missing Missing'
        $failure = { Get-LlmObsExperiment -ErrorAction Stop } | Should -Throw -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Test-LlmObsConnection.*DD_API_KEY' -Because 'a list of profiles has no keys of the environment'
    }

    It 'says without a request that a key is missing' {
        $result = Test-LlmObsConnection
        "$($result.ApiKey) $($result.AppKey) $($result.IsSuccess) $($result.RequestCount)" | Should -Be 'Missing Missing False 0'
        $result.Problem | Should -Match 'No API key'
        $result.BaseUri | Should -Be 'https://api.datadoghq.com/'
        $result.Latency | Should -BeNullOrEmpty
    }

    It 'says that nothing listens there, without trying again' {
        $emulator = Start-LlmObsEmulator -PassThru
        Stop-LlmObsEmulator
        Set-LlmObsConfig -BaseUri $emulator.BaseUri -ApiKey $api -AppKey $app
        $result = Test-LlmObsConnection
        $result.IsSuccess, $result.IsReachable | Should -Be @($false, $false)
        $result.Failure | Should -Be 'ConnectionRefused'
        $result.RequestCount | Should -Be 1
        $result.Problem | Should -Match 'connection'
        $result.RecommendedAction | Should -Match 'firewall'
        "$($result.ApiKey)" | Should -Be 'NotTested'
    }

    It 'takes <status> for what it is: <kind>' -ForEach @(
        @{ status = 500; kind = 'ServerError' }, @{ status = 429; kind = 'RateLimited' }, @{ status = 302; kind = 'Redirected' }, @{ status = 404; kind = 'NotFound' }
    ) {
        $server = New-Server
        Set-LlmObsConfig -MaxRetryCount 5
        $server.Answer($status) | Out-Null
        $result = Test-LlmObsConnection
        $result.Failure | Should -Be $kind
        $result.IsReachable | Should -BeTrue
        $server.Requests.Count | Should -Be 1
        $server.Dispose()
    }

    It 'takes a list that wants a project for an open door' {
        $server = New-Server
        $server.Answer(400, '{"errors":[{"detail":"filter[project_id] is required"}]}') | Out-Null
        (Test-LlmObsConnection).IsPermitted | Should -BeTrue
        $server.Dispose()
    }

    It 'tests piped profiles, and says that one is not there' {
        Start-LlmObsEmulator -ProfileName one
        Start-LlmObsEmulator -ProfileName two
        (Get-LlmObsConfig | Test-LlmObsConnection).ProfileName | Should -Be @('one', 'two')
        { [pscustomobject]@{ ProfileName = 'one' } | Test-LlmObsConnection -ErrorAction Stop } | Should -Throw -ErrorId 'InputObjectNotBound,*'
        Test-LlmObsConnection three -Quiet -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeExactly $false
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ProfileNotFound,*'
    }

    It 'says each request with -Verbose, without a key' {
        Start-LlmObsEmulator -ApiKey $api -AppKey $app
        Set-LlmObsConfig -ApiKey $api -AppKey $app
        $lines = @(Test-LlmObsConnection -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] })
        "$($lines[0])" | Should -Match '^GET /api/v1/validate -> 200'
        "$($lines[1])" | Should -Match '^GET /api/v2/validate_keys -> 200'
        $lines.Count | Should -Be 3
        "$lines" | Should -Not -Match 'fake-'
    }
}
