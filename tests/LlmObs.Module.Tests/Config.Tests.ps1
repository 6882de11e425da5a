BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $fakeApi = 'fake-api-key-000000000000000012ab'
    $fakeApp = 'fake-app-key-00000000000000000000000034cd'
}

Describe 'Set-LlmObsConfig' {
    BeforeEach { Clear-Session }

    It 'makes a profile and writes it only with -PassThru' {
        Set-LlmObsConfig -Site datadoghq.eu | Should -BeNullOrEmpty
        $settings = Set-LlmObsConfig -ProfileName eu -Site datadoghq.eu -TimeoutSec 5 -MaxRetryCount 2 -PassThru
        $settings | Should -BeOfType ([LlmObs.SessionProfile])
        $settings.ProfileName | Should -Be 'eu'
        $settings.TimeoutSec | Should -Be 5
        $settings.MaxRetryCount | Should -Be 2
    }

    It 'merges what is not given' {
        Set-LlmObsConfig -Site us5 -ApiKey $fakeApi -TimeoutSec 7
        Set-LlmObsConfig -AppKey $fakeApp
        $settings = Get-LlmObsConfig -ProfileName default
        $settings.Site | Should -Be 'us5.datadoghq.com'
        $settings.TimeoutSec | Should -Be 7
        $settings.MaxRetryCount | Should -Be 5
        $settings.ApiKey | Should -Be '****12ab'
        $settings.AppKey | Should -Be '****34cd'
    }

    It 'replaces a profile as a whole: one that was read stays as it was' {
        $before = Set-LlmObsConfig -Site us3 -PassThru
        Set-LlmObsConfig -Site us5
        $before.Site | Should -Be 'us3.datadoghq.com'
        { $before.Site = 'x' } | Should -Throw "*'Site'*ReadOnly*"
    }

    It 'clears with null' {
        Set-LlmObsConfig -Site us3 -ApiKey $fakeApi -BaseUri https://proxy.example/dd
        Set-LlmObsConfig -Site $null -ApiKey $null -BaseUri $null
        $settings = Get-LlmObsConfig default
        $settings.Site | Should -BeNullOrEmpty
        $settings.ApiKey | Should -BeNullOrEmpty
        $settings.BaseUri | Should -BeNullOrEmpty
    }

    It 'takes keys as SecureString or text' {
        $secure = ConvertTo-SecureString $fakeApi -AsPlainText -Force
        (Set-LlmObsConfig -ApiKey $secure -PassThru).ApiKey | Should -Be '****12ab'
        (Set-LlmObsConfig -ApplicationKey $fakeApp -PassThru).AppKey | Should -Be '****34cd'
    }

    It 'shows nothing of a key but its last four characters' {
        Set-LlmObsConfig -ApiKey $fakeApi -AppKey $fakeApp
        $settings = Get-LlmObsConfig default
        $shown = @(
            $settings | Format-List * -Force | Out-String
            $settings | ConvertTo-Json -Depth 5
            $settings | Format-Table | Out-String
            "$settings"
            [System.Management.Automation.PSSerializer]::Serialize($settings, 5)
        ) -join "`n"
        $shown | Should -Match '\*\*\*\*12ab'
        $shown | Should -Not -Match ([regex]::Escape($fakeApi.Substring(0, 20)))
        $shown | Should -Not -Match ([regex]::Escape($fakeApp.Substring(0, 20)))
    }

    It 'refuses an empty key: <kind>' -ForEach @(
        @{ kind = 'text'; key = '' }, @{ kind = 'a SecureString'; key = [securestring]::new() }, @{ kind = 'blanks'; key = ' ' }
    ) {
        Set-LlmObsConfig -ApiKey $fakeApi
        { Set-LlmObsConfig -ApiKey $key } | Should -Throw -ErrorId 'InvalidValue,*' -ExpectedMessage '*empty*'
        (Get-LlmObsConfig default).ApiKey | Should -Be '****12ab'
    }

    It 'shows nothing at all of a short key' {
        (Set-LlmObsConfig -ApiKey 'short-key' -PassThru).ApiKey | Should -Be '****'
    }

    It 'refuses a key with a line break, without repeating it' {
        $failure = { Set-LlmObsConfig -ApiKey "fake-key`r`nX-Evil: 1" } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        ($failure | Format-List * -Force | Out-String) | Should -Not -Match 'X-Evil'
    }

    It 'takes the site <site> as <name>' -ForEach @(
        @{ site = 'datadoghq.com'; name = 'datadoghq.com' }
        @{ site = 'us3.datadoghq.com'; name = 'us3.datadoghq.com' }
        @{ site = 'us5.datadoghq.com'; name = 'us5.datadoghq.com' }
        @{ site = 'datadoghq.eu'; name = 'datadoghq.eu' }
        @{ site = 'ap1.datadoghq.com'; name = 'ap1.datadoghq.com' }
        @{ site = 'ap2.datadoghq.com'; name = 'ap2.datadoghq.com' }
        @{ site = 'uk1.datadoghq.com'; name = 'uk1.datadoghq.com' }
        @{ site = 'ddog-gov.com'; name = 'ddog-gov.com' }
        @{ site = 'us2.ddog-gov.com'; name = 'us2.ddog-gov.com' }
        @{ site = 'app.datadoghq.com'; name = 'datadoghq.com' }
        @{ site = 'APP.DATADOGHQ.EU'; name = 'datadoghq.eu' }
        @{ site = 'app.ddog-gov.com'; name = 'ddog-gov.com' }
        @{ site = 'https://us5.datadoghq.com/llm/experiments?x=1'; name = 'us5.datadoghq.com' }
        @{ site = 'https://api.ap1.datadoghq.com/'; name = 'ap1.datadoghq.com' }
        @{ site = 'eu1'; name = 'datadoghq.eu' }
    ) {
        (Set-LlmObsConfig -Site $site -PassThru).Site | Should -Be $name
    }

    It 'refuses an unknown site by listing the known ones' {
        $failure = { Set-LlmObsConfig -Site datadog.example } | Should -Throw -PassThru
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        foreach ($known in 'datadoghq.com', 'us2.ddog-gov.com', 'uk1.datadoghq.com') {
            $failure.ErrorDetails.RecommendedAction | Should -Match ([regex]::Escape($known))
        }
        Get-LlmObsConfig | Should -BeNullOrEmpty
    }

    It 'takes the base address <address>' -ForEach @(
        @{ address = 'https://dd.example' }, @{ address = 'http://127.0.0.1:8126' }, @{ address = 'http://localhost:8126/' }, @{ address = 'http://[::1]:8126' }
    ) {
        (Set-LlmObsConfig -BaseUri $address -PassThru).BaseUri | Should -Be ([uri]($address.TrimEnd('/') + '/'))
    }

    It 'refuses the base address <address>' -ForEach @(
        @{ address = 'http://dd.example' }, @{ address = 'http://10.0.0.1' }, @{ address = 'ftp://127.0.0.1' }, @{ address = 'dd.example' }
        @{ address = 'https://user:pass@dd.example' }, @{ address = 'http://127.0.0.1.example.com' }
    ) {
        $failure = { Set-LlmObsConfig -BaseUri $address } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
    }

    It 'refuses a proxy whose address carries a password' {
        $failure = { Set-LlmObsConfig -Proxy http://user:fake-password@proxy.example:3128 } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        "$failure" | Should -Not -Match 'fake-password'
    }

    It 'warns that calls still go to an emulator: <what>' -ForEach @(
        @{ what = 'a site'; given = @{ Site = 'eu1' }; named = '-Site' }
        @{ what = 'keys'; given = @{ ApiKey = 'fake-api-key-000000000000000012ab'; AppKey = 'fake-app-key-0000000034cd' }; named = '-ApiKey, -AppKey' }
        @{ what = 'a token'; given = @{ AccessToken = 'ddpat_fake_token_000000000000000056ef' }; named = '-AccessToken' }
    ) {
        $emulator = Start-LlmObsEmulator -PassThru
        Set-LlmObsConfig @given -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Count | Should -Be 1
        "$warnings" | Should -BeLike "*emulator at $($emulator.BaseUri); $named will take effect once it is stopped: Stop-LlmObsEmulator -Port $($emulator.Port)."
    }

    It 'does not warn of an emulator that what is given counts for, or of another profile' {
        Start-LlmObsEmulator -ApiKey $fakeApi -AppKey $fakeApp
        $warnings = $(
            Set-LlmObsConfig -ApiKey $fakeApi -AppKey $fakeApp
            Set-LlmObsConfig -TimeoutSec 5
            Set-LlmObsConfig -ApiKey $null
            Set-LlmObsConfig -ProfileName other -Site eu1
            Set-LlmObsConfig -Site eu1 -BaseUri https://dd.example) 3>&1
        $warnings | Should -BeNullOrEmpty
    }

    It 'does nothing under -WhatIf' {
        Set-LlmObsConfig -Site eu -WhatIf
        Get-LlmObsConfig | Should -BeNullOrEmpty
    }

    It 'completes sites and profiles' {
        (TabExpansion2 'Set-LlmObsConfig -Site us' 25).CompletionMatches.CompletionText | Should -Be @('us3.datadoghq.com', 'us5.datadoghq.com', 'us2.ddog-gov.com')
        Set-LlmObsConfig -ProfileName staging
        Set-LlmObsConfig -ProfileName 'my stage'
        (TabExpansion2 'New-LlmObsExperiment -ProfileName s' 35).CompletionMatches.CompletionText | Should -Be 'staging'
        (TabExpansion2 'Get-LlmObsConfig -ProfileName m' 31).CompletionMatches.CompletionText | Should -Be "'my stage'"
    }
}

Describe 'Get- and Remove-LlmObsConfig' {
    BeforeEach { Clear-Session }

    It 'lists all profiles, or those that a wildcard names' {
        'prod', 'stage-1', 'stage-2' | ForEach-Object { Set-LlmObsConfig -ProfileName $_ }
        (Get-LlmObsConfig).ProfileName | Should -Be @('prod', 'stage-1', 'stage-2')
        (Get-LlmObsConfig stage*).ProfileName | Should -Be @('stage-1', 'stage-2')
        Get-LlmObsConfig nothing* | Should -BeNullOrEmpty
    }

    It 'shows what the environment gives, and says so' {
        $env:DD_SITE = 'eu1'; $env:DD_API_KEY = $fakeApi; $env:DD_APP_KEY = $fakeApp
        $shown = Get-LlmObsConfig
        $shown.ProfileName, $shown.Site, $shown.ApiKey, $shown.AppKey | Should -Be @('default', 'datadoghq.eu', '****12ab', '****34cd')
        $shown.FromEnvironment | Should -Be @('DD_SITE', 'DD_API_KEY', 'DD_APP_KEY')
        Set-LlmObsConfig -Site us5 -ApiKey 'fake-api-key-of-a-profile-56ef'
        $shown = Get-LlmObsConfig default
        $shown.Site, $shown.ApiKey, $shown.AppKey | Should -Be @('us5.datadoghq.com', '****56ef', '****34cd')
        $shown.FromEnvironment | Should -Be @('DD_APP_KEY')
        $env:LLMOBS_BASE_URI = 'http://127.0.0.1:9'
        (Get-LlmObsConfig d*).BaseUri | Should -Be 'http://127.0.0.1:9/'
    }

    It 'shows a token of the environment only if the profile has no key' {
        $env:DD_ACCESS_TOKEN = 'ddpat_fake_token_000000000000000056ef'; $env:DD_API_KEY = $fakeApi
        $shown = Get-LlmObsConfig
        $shown.AccessToken, $shown.ApiKey | Should -Be @('****56ef', $null)
        Set-LlmObsConfig -AppKey $fakeApp
        $shown = Get-LlmObsConfig
        $shown.AccessToken, $shown.ApiKey | Should -Be @($null, '****12ab')
    }

    It 'shows the profiles, and one error, if a variable can not be used' {
        $env:DD_SITE = 'nowhere.example'
        'a', 'b' | ForEach-Object { Set-LlmObsConfig -ProfileName $_ }
        $shown = Get-LlmObsConfig -ErrorVariable problem -ErrorAction SilentlyContinue
        $shown.ProfileName | Should -Be @('a', 'b')
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnknownSite,*'
    }

    It 'says which profiles there are where one is not' {
        Set-LlmObsConfig -ProfileName prod
        Get-LlmObsConfig prd -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ProfileNotFound,*'
        "$($problem[0])" | Should -Match "'prod'"
    }

    It 'forgets profiles, piped ones too' {
        'a', 'b', 'c' | ForEach-Object { Set-LlmObsConfig -ProfileName $_ }
        Get-LlmObsConfig a | Remove-LlmObsConfig
        Remove-LlmObsConfig -ProfileName b -WhatIf
        (Get-LlmObsConfig).ProfileName | Should -Be @('b', 'c')
    }
}

Describe 'The settings of a call' {
    BeforeEach { Clear-Session }

    It 'come from the environment, read at the call, where no profile gives them' {
        $server = [LlmObs.Testing.ScriptedService]::new()
        $env:LLMOBS_BASE_URI = $server.BaseUri
        $env:DD_API_KEY = $fakeApi
        $env:DD_APP_KEY = $fakeApp
        $server.Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000"}}').Answer(200, '{"data":{"id":"e2000000-0000-4000-8000-000000000000"}}') | Out-Null
        (New-LlmObsExperiment -Name n -ProjectId p).Id | Should -Be 'e1000000-0000-4000-8000-000000000000'
        $server.Requests[-1].Headers['DD-API-KEY'] | Should -Be $fakeApi
        $env:DD_API_KEY = 'another-fake-api-key'
        (New-LlmObsExperiment -Name n -ProjectId p).Id | Should -Be 'e2000000-0000-4000-8000-000000000000'
        $server.Requests[-1].Headers['DD-API-KEY'] | Should -Be 'another-fake-api-key'
        $server.Requests[-1].Headers['DD-APPLICATION-KEY'] | Should -Be $fakeApp
        $server.Dispose()
    }

    It 'use the site of DD_SITE' {
        $env:DD_SITE = 'app.datadoghq.eu'
        $shown = pwsh -NoProfile -NonInteractive -Command "Import-Module '$env:LLMOBS_TEST_MANIFEST'; New-LlmObsExperiment -Name n -ProjectId p -WhatIf"
        $shown -join '' | Should -Match ([regex]::Escape('POST https://api.datadoghq.eu/api/v2/llm-obs/v1/experiments '))
    }

    It 'give experiments and results the address of their web page' {
        # Nothing listens at the proxy, so nothing leaves this machine.
        Set-LlmObsConfig -Site datadoghq.eu -ApiKey $fakeApi -AppKey $fakeApp -Proxy http://127.0.0.1:9 -MaxRetryCount 0
        $result = @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorAction SilentlyContinue
        $result.FailedCount | Should -Be 1
        $result.Url | Should -Be 'https://app.datadoghq.eu/llm/experiments/e1000000-0000-4000-8000-000000000000'
    }

    It 'give no address of a page that Datadog does not have' {
        Start-LlmObsEmulator
        $project = New-LlmObsProject page-test
        $made = New-LlmObsExperiment -Name n -ProjectId $project.Id
        $made.Url | Should -BeNullOrEmpty
        (@{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -Experiment $made).Url | Should -BeNullOrEmpty
    }

    It 'say that DD_SITE is wrong' {
        $env:DD_SITE = 'nowhere.example'
        $failure = { New-LlmObsExperiment -Name n -ProjectId p } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'UnknownSite,*'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'datadoghq.eu'
    }

    It 'prefer the profile to the environment' {
        $server = New-Server
        $env:LLMOBS_BASE_URI = 'http://127.0.0.1:1'
        $env:DD_API_KEY = 'from-the-environment'
        Set-LlmObsConfig -ApiKey $fakeApi -AppKey $fakeApp
        $server.Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000"}}') | Out-Null
        New-LlmObsExperiment -Name n -ProjectId p | Out-Null
        $server.Requests[-1].Headers['DD-API-KEY'] | Should -Be $fakeApi
        $server.Dispose()
    }

    It 'are those of the profile that is named' {
        $one = [LlmObs.Testing.ScriptedService]::new()
        $two = [LlmObs.Testing.ScriptedService]::new()
        Set-LlmObsConfig -ProfileName one -BaseUri $one.BaseUri
        Set-LlmObsConfig -ProfileName two -BaseUri $two.BaseUri
        $two.Answer(200, '{"data":{"id":"e2000000-0000-4000-8000-000000000000"}}') | Out-Null
        (New-LlmObsExperiment -Name n -ProjectId p -ProfileName two).Id | Should -Be 'e2000000-0000-4000-8000-000000000000'
        $one.Requests.Count | Should -Be 0
        $failure = { New-LlmObsExperiment -Name n -ProjectId p -ProfileName three } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'ProfileNotFound,*'
        $one.Dispose(); $two.Dispose()
    }

    It 'are seen by every runspace' {
        $server = New-Server
        1..4 | ForEach-Object { $server.Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000"}}') } | Out-Null
        $manifest = $env:LLMOBS_TEST_MANIFEST
        $ids = 1..4 | ForEach-Object -Parallel { Import-Module $using:manifest; (New-LlmObsExperiment -Name "n$_" -ProjectId p).Id } -ThrottleLimit 4
        $ids | Should -Be @('e1000000-0000-4000-8000-000000000000', 'e1000000-0000-4000-8000-000000000000', 'e1000000-0000-4000-8000-000000000000', 'e1000000-0000-4000-8000-000000000000')
        $server.Dispose()
    }

    It 'without keys fail before any request, with three ways to supply them' {
        # The address of a service that is not on this machine; nothing may be asked of it.
        Set-LlmObsConfig -Site datadoghq.eu -Proxy http://127.0.0.1:9
        foreach ($call in {
                New-LlmObsExperiment -Name n -ProjectId p }, {
                Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed }, {
                @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 }, {
                Invoke-LlmObsAggregate }) {
            $failure = $call | Should -Throw -PassThru
            $failure.FullyQualifiedErrorId | Should -BeLike 'MissingKeys,*'
            $failure.CategoryInfo.Category | Should -Be 'AuthenticationError'
            foreach ($way in 'Set-LlmObsConfig', 'DD_API_KEY and DD_APP_KEY', 'Get-Secret') {
                $failure.ErrorDetails.RecommendedAction | Should -Match $way
            }

            ($failure.ErrorDetails.RecommendedAction -split '\r?\n').Count | Should -BeGreaterThan 3 -Because 'each way is to be copied'
        }
    }
}
