BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $api = 'fake-api-key-000000000000000012ab'
    $app = 'fake-app-key-00000000000000000000000034cd'
    $token = 'ddpat_fake_token_000000000000000056ef'
    function Get-SentHeader($server) {
        # The credentials that were sent.
        foreach ($name in 'Authorization', 'DD-API-KEY', 'DD-APPLICATION-KEY') {
            if ($server.Requests[-1].Headers.ContainsKey($name)) { "${name}: $($server.Requests[-1].Headers[$name])" }
        }
    }
}

Describe 'An access token' {
    BeforeEach { Clear-Session; $server = New-Server; 1..3 | ForEach-Object { $server.Answer(200, '{"data":{"id":"e1"}}') } | Out-Null }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'goes alone, as text or SecureString' {
        Set-LlmObsConfig -AccessToken $token
        New-LlmObsExperiment -Name n -ProjectId p | Out-Null
        Get-SentHeader $server | Should -Be "Authorization: Bearer $token"
        Set-LlmObsConfig -AccessToken (ConvertTo-SecureString $token -AsPlainText -Force)
        New-LlmObsExperiment -Name n -ProjectId p | Out-Null
        Get-SentHeader $server | Should -Be "Authorization: Bearer $token"
    }

    It 'takes the place of the keys, and they that of the token' {
        Set-LlmObsConfig -ApiKey $api -AppKey $app
        $settings = Set-LlmObsConfig -AccessToken $token -PassThru
        "$($settings.ApiKey)|$($settings.AppKey)|$($settings.AccessToken)" | Should -Be '||****56ef'
        $settings = Set-LlmObsConfig -ApiKey $api -PassThru
        "$($settings.ApiKey)|$($settings.AccessToken)" | Should -Be '****12ab|'
    }

    It 'stays where other settings change, and goes with null' {
        Set-LlmObsConfig -AccessToken $token
        (Set-LlmObsConfig -TimeoutSec 5 -PassThru).AccessToken | Should -Be '****56ef'
        (Set-LlmObsConfig -AccessToken $null -PassThru).AccessToken | Should -BeNullOrEmpty
    }

    It 'is refused beside a key' {
        $failure = { Set-LlmObsConfig -AccessToken $token -ApiKey $api } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        ($failure | Format-List * -Force | Out-String) | Should -Not -Match 'fake_token'
    }

    It 'is refused with a line break, without being repeated' {
        $failure = { Set-LlmObsConfig -AccessToken "$token`r`nX-Evil: 1" } | Should -Throw -PassThru
        ($failure | Format-List * -Force | Out-String) | Should -Not -Match 'fake_token|X-Evil'
    }

    It 'comes from <variable>, and goes before keys of the environment' -ForEach @(@{ variable = 'DD_ACCESS_TOKEN' }, @{ variable = 'DD_BEARER_TOKEN' }) {
        [Environment]::SetEnvironmentVariable($variable, $token)
        $env:DD_API_KEY = $api
        $env:DD_APP_KEY = $app
        New-LlmObsExperiment -Name n -ProjectId p | Out-Null
        Get-SentHeader $server | Should -Be "Authorization: Bearer $token"
    }

    It 'of the environment gives way to keys of the profile' {
        $env:DD_ACCESS_TOKEN = $token
        Set-LlmObsConfig -ApiKey $api -AppKey $app
        New-LlmObsExperiment -Name n -ProjectId p | Out-Null
        Get-SentHeader $server | Should -Be @("DD-API-KEY: $api", "DD-APPLICATION-KEY: $app")
    }

    It 'of the profile goes before keys of the environment' {
        $env:DD_API_KEY = $api
        $env:DD_APP_KEY = $app
        Set-LlmObsConfig -AccessToken $token
        New-LlmObsExperiment -Name n -ProjectId p | Out-Null
        Get-SentHeader $server | Should -Be "Authorization: Bearer $token"
    }

    It 'is shown by its last four characters only' {
        Set-LlmObsConfig -AccessToken $token
        $settings = Get-LlmObsConfig default
        $shown = @(
            $settings | Format-List * -Force | Out-String
            $settings | Format-Table | Out-String -Width 300
            $settings | ConvertTo-Json -Depth 5
            "$settings"
            [System.Management.Automation.PSSerializer]::Serialize($settings, 5)
        ) -join "`n"
        $shown | Should -Match '\*\*\*\*56ef'
        $shown | Should -Not -Match 'fake_token'
    }

    It 'does not follow a redirect' {
        $target = [LlmObs.Testing.ScriptedService]::new()
        $other = [LlmObs.Testing.ScriptedService]::new()
        Set-LlmObsConfig -BaseUri $other.BaseUri -AccessToken $token
        $other.Answer(307, '', @{ Location = $target.BaseUri }, 0) | Out-Null
        New-LlmObsExperiment -Name n -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Redirected,*'
        $target.Requests.Count | Should -Be 0
        $target.Dispose()
        $other.Dispose()
    }

    It 'is named where keys are missing' {
        Clear-Session
        $failure = { New-LlmObsExperiment -Name n -ProjectId p } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'MissingKeys,*'
        $failure.ErrorDetails.RecommendedAction | Should -Match '-AccessToken'
    }

    It 'opens an emulator that asks for it, in every cmdlet that reads and writes' {
        Clear-Session
        Start-LlmObsEmulator -AccessToken $token
        New-LlmObsExperiment -Name n -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Unauthorized,*'
        Set-LlmObsConfig -AccessToken $token
        $experiment = New-TestExperiment
        @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -Experiment $experiment | ForEach-Object MetricCount | Should -Be 1
        (Get-LlmObsExperiment).Id | Should -Be $experiment.Id
        Get-LlmObsEmulator | Format-List * | Out-String | Should -Not -Match 'fake_token'
    }
}
