BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $html = @{ 'Content-Type' = 'text/html' }
    $page = '<!DOCTYPE html><html><body>Sign in to the guest network</body></html>'
    $key = 'fake-api-key-000000000000000012ab'
}

Describe 'A sign-in page in the place of the service' {
    BeforeEach { Clear-Session }
    AfterEach { Clear-Session }

    It 'takes no event for sent, and a spool keeps them' {
        $server = New-Server
        $null = $server.Answer(200, $page, $html, 0)
        $spool = Join-Path $TestDrive spool
        $rows = 1..3 | ForEach-Object { [pscustomobject]@{ span_id = "s$_"; label = 'l'; score_value = $_; timestamp_ms = 1772600000000 } }
        $result = $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -SpoolPath $spool -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.FailedCount, $result.MetricCount | Should -Be @(3, 0)
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ForeignAnswer,*'
        "$($problem[0])" | Should -BeLike '*Sign in to the guest network*'
        $server.Requests.Count | Should -Be 1
        $resumed = Resume-LlmObsEvent -SpoolPath $spool
        $resumed.MetricCount | Should -Be 3
        $server.Requests.Count | Should -Be 2
        $server.Dispose()
    }

    It 'is no valid key, and no service that was reached' {
        $server = New-Server
        Set-LlmObsConfig -ApiKey $key -AppKey $key
        $null = $server.Answer(200, $page, $html, 0)
        $result = Test-LlmObsConnection
        $result.IsSuccess, $result.IsReachable | Should -Be @($false, $false)
        "$($result.ApiKey) $($result.Failure)" | Should -Be 'NotTested ForeignAnswer'
        $server.Dispose()
    }

    It 'nor is an answer that does not say so: <body>' -ForEach @(@{ body = '{}' }, @{ body = '[]' }, @{ body = '{"valid":"yes"}' }, @{ body = '' }, @{ body = 'ok' }) {
        $server = New-Server
        Set-LlmObsConfig -ApiKey $key -AppKey $key
        $null = $server.Answer(200, $body)
        $result = Test-LlmObsConnection
        "$($result.IsSuccess) $($result.ApiKey) $($result.Failure)" | Should -Be 'False NotTested UnreadableAnswer'
        $server.Dispose()
    }

    It 'replaces no file: <name>' -ForEach @(
        @{ name = 'a page'; body = '<html>Sign in</html>'; type = 'text/html'; id = 'ForeignAnswer' }
        @{ name = 'JSON'; body = '{"data":[]}'; type = 'application/json'; id = 'ForeignAnswer' }
        @{ name = 'nothing'; body = ''; type = 'text/csv'; id = 'UnreadableAnswer' }
        @{ name = 'a file larger than -MaxBytes'; body = "id,input`n1,abc`n"; type = 'text/csv'; id = 'AnswerTooLarge' }
    ) {
        $server = New-Server
        $null = $server.Answer(200, $body, @{ 'Content-Type' = $type }, 0)
        $file = Join-Path $TestDrive "kept-$([guid]::NewGuid().ToString('N').Substring(0, 6)).csv"
        'good' | Set-Content $file
        $dataset = [LlmObs.Dataset]@{ Id = 'd'; Name = 'n'; ProjectId = 'p' }
        Export-LlmObsDataset $dataset $file -MaxBytes 10 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        Get-Content $file | Should -Be 'good'
        @(Get-ChildItem $TestDrive -Filter '*.part').Count | Should -Be 0
        $server.Dispose()
    }
}

Describe 'What looks like a key or a password in a setting' {
    BeforeEach { Clear-Session }
    AfterEach { Clear-Session }

    It 'is masked in the error: <name>' -ForEach @(
        @{ name = 'a key in DD_SITE'; set = { $env:DD_SITE = $key }; call = { Get-LlmObsExperiment } }
        @{ name = 'a key as -Site'; set = {}; call = { Set-LlmObsConfig -Site $key } }
        @{ name = 'a password in LLMOBS_BASE_URI'; set = { $env:LLMOBS_BASE_URI = 'https://me:hunter/2@host' }; call = { Get-LlmObsExperiment } }
        @{ name = 'a password in -BaseUri'; set = {}; call = { Set-LlmObsConfig -BaseUri 'https://me:hunter2@host' } }
        @{ name = 'a key in a variable that was not replaced'; set = { $env:DD_API_KEY = "`$($key)" }; call = { Get-LlmObsExperiment } }
        @{ name = 'a key in quotes'; set = { $env:DD_API_KEY = "'$key'" }; call = { Get-LlmObsExperiment } }
    ) {
        . $set
        $problem = try { & $call -ErrorAction Stop } catch { $_ }
        $problem.FullyQualifiedErrorId | Should -Match '^(UnknownSite|UnsafeBaseUri|InvalidKey|InvalidValue),'
        $text = $problem.ErrorDetails.Message, $problem.ErrorDetails.RecommendedAction, $problem.Exception -join "`n"
        $text | Should -Not -Match 'hunter|0000000012ab'
    }
}
