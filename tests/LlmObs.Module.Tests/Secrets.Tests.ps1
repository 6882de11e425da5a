BeforeDiscovery {
    $module = Get-Module LlmObs
    if (-not $module) { $module = Import-Module $env:LLMOBS_TEST_MANIFEST -PassThru }
    $commands = @(Get-Command -Module LlmObs | ForEach-Object { @{ name = $_.Name } })
    $callers = @($commands | Where-Object { $_.name -notmatch 'Config|Emulator' -and (Get-Command $_.name).Parameters.ContainsKey('ProfileName') })
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    # Not a key, but long and unlike any other text, so that a part of it is found, too.
    $apiKey = 'canaryapi7f3e9b1c5d8a2e6f4b0c1d3e'
    $appKey = 'canaryapp2b8d4f6a9c1e3b5d7f0a2c4e6b8d0f1a'
    $token = 'canarytok6d1f3a5c7e9b0d2f4a6c8e1b3d5f7a9c'

    # The keys in the forms that they could have left in: part of the text, base64, and UTF-16 as hex (Export-Clixml of a SecureString).
    $needles = foreach ($key in $apiKey, $appKey, $token) {
        $part = $key.Substring(0, 24)
        $part
        [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($part)).TrimEnd('=')
        [Convert]::ToHexString([Text.Encoding]::Unicode.GetBytes($part))
        [Convert]::ToHexString([Text.Encoding]::UTF8.GetBytes($part))
    }

    function Find-Key([string] $text) {
        foreach ($needle in $needles) {
            $at = $text.IndexOf($needle, [StringComparison]::OrdinalIgnoreCase)
            if ($at -ge 0) { $text.Substring([Math]::Max(0, $at - 150), [Math]::Min(200, $text.Length - [Math]::Max(0, $at - 150))) }
        }
    }
}

Describe 'A key in use' {
    BeforeAll {
        $folder = Join-Path $TestDrive 'left'
        [void](New-Item -ItemType Directory $folder)
        $listed = & $PSScriptRoot/Support/SecretCalls.ps1 -ListOnly
        $server = [LlmObs.Testing.ScriptedService]::new()
        # A service that repeats the keys wherever it can.
        $echo = "$apiKey and $appKey"
        $headers = @{ 'X-Echo' = $echo; 'X-Request-Id' = $apiKey; 'WWW-Authenticate' = $echo; 'Set-Cookie' = "key=$apiKey" }
        $said = "{`"errors`":[{`"title`":`"Bad key $apiKey`",`"detail`":`"$echo`",`"status`":`"$appKey`",`"source`":{`"pointer`":`"/$apiKey`",`"parameter`":`"$appKey`",`"header`":`"$apiKey`"}},`"$echo`"]}"
        $callers = $listed | Where-Object { $_ -notmatch 'Config|Emulator' -and (Get-Command $_).Parameters.ContainsKey('ProfileName') }
        $tokenServer = [LlmObs.Testing.ScriptedService]::new()
        foreach ($caller in $callers) {
            $tokenServer.Answer(400, "{`"errors`":[{`"title`":`"Bad token $token`"},`"Bearer $token`"]}", @{ 'X-Request-Id' = $token; 'WWW-Authenticate' = "Bearer $token" }, 0) | Out-Null
            $server.Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000","attributes":{"name":"n","result":{"values":[]}}}}', $headers, 0) | Out-Null
            $server.Answer(400, $said, $headers, 0) | Out-Null
            $server.Answer(503, "<html>$echo</html>", $headers, 0) | Out-Null
            $server.Answer(307, '', @{ Location = "http://elsewhere.example/?key=$apiKey" }, 0) | Out-Null
        }
        $env:CANARY_API = $apiKey
        $env:CANARY_APP = $appKey
        $env:CANARY_TOKEN = $token
        $shown = (pwsh -NoProfile -NonInteractive -File $PSScriptRoot/Support/SecretCalls.ps1 -Manifest $env:LLMOBS_TEST_MANIFEST -BaseUri $server.BaseUri -TokenUri $tokenServer.BaseUri -Folder $folder *>&1) -join "`n"
        Remove-Item Env:CANARY_API, Env:CANARY_APP, Env:CANARY_TOKEN
        $transcript = Get-Content -Raw (Join-Path $folder transcript.txt)
        $requests = $server.Requests
        $tokenRequests = $tokenServer.Requests
        $server.Dispose()
        $tokenServer.Dispose()
    }

    It 'was tried with <name>' -ForEach $commands {
        $listed | Should -Contain $name -Because 'every cmdlet is looked through: add it to Support/SecretCalls.ps1'
    }

    It 'was tried to the end' {
        $shown -match '(?m)^done\s*$' | Should -BeTrue -Because $shown.Substring([Math]::Max(0, $shown.Length - 500))
        (Get-ChildItem $folder -Recurse -File -Filter *.xml).Count | Should -BeGreaterThan 30
        Join-Path $folder journal journal.jsonl | Should -Exist
    }

    It 'is in the header of every request, and nowhere else in it' {
        $requests.Count | Should -BeGreaterOrEqual 16
        foreach ($request in $requests) {
            $request.Headers['DD-API-KEY'] | Should -BeExactly $apiKey
            $request.Headers['DD-APPLICATION-KEY'] | Should -BeExactly $appKey
            Find-Key $request.Path | Should -BeNullOrEmpty
            Find-Key $request.Body | Should -BeNullOrEmpty
            $request.Headers.Keys | Should -Not -Contain 'Authorization'
            foreach ($header in $request.Headers.Keys | Where-Object { $_ -notin 'DD-API-KEY', 'DD-APPLICATION-KEY' }) {
                Find-Key $request.Headers[$header] | Should -BeNullOrEmpty
            }
        }
    }

    It 'is not sent beside a token, which is in the header of every request and nowhere else in it' {
        $tokenRequests.Count | Should -BeGreaterOrEqual $callers.Count
        foreach ($request in $tokenRequests) {
            $request.Headers['Authorization'] | Should -BeExactly "Bearer $token"
            Find-Key $request.Path | Should -BeNullOrEmpty
            Find-Key $request.Body | Should -BeNullOrEmpty
            foreach ($header in $request.Headers.Keys | Where-Object { $_ -ne 'Authorization' }) {
                Find-Key $request.Headers[$header] | Should -BeNullOrEmpty -Because $header
            }
        }
    }

    It 'is not in anything shown' { Find-Key $shown | Should -BeNullOrEmpty }

    It 'is not in the transcript' { Find-Key $transcript | Should -BeNullOrEmpty }

    It 'is in no file: not in Export-Clixml, the journal or the spool' {
        foreach ($file in Get-ChildItem $folder -Recurse -File -Force) {
            # The emulator's lock is held for as long as it runs; it has stopped by now.
            Find-Key ([IO.File]::ReadAllText($file.FullName)) | Should -BeNullOrEmpty -Because $file.Name
        }
    }

    It 'is three asterisks in the debug output, as is every header that is not known to be harmless' {
        $expected = @(
            '> DD-API-KEY: \*\*\*\s', '> DD-APPLICATION-KEY: \*\*\*\s', '> Authorization: \*\*\*\s', '> User-Agent: LlmObs/', '> Content-Type: application/json'
            '< X-Echo: \*\*\*\s', '< Set-Cookie: \*\*\*\s', '< Location: \*\*\*\s', '< X-Request-Id: \*\*\*\s'
            "POST $([regex]::Escape($server.BaseUri))api/v2/llm-obs/v1/experiments \(attempt 1\)"
            'POST /api/v2/llm-obs/v1/experiments -> 400 BadRequest in \d+ ms'
        )
        foreach ($pattern in $expected) {
            $shown -match $pattern | Should -BeTrue -Because $pattern
            $transcript -match $pattern | Should -BeTrue -Because $pattern
        }
    }

    It 'does not keep the service''s words from being said' {
        $shown -match 'Bad key \*\*\*: \*\*\* and \*\*\*' | Should -BeTrue
        $shown -match 'Bad token \*\*\*' | Should -BeTrue
    }
}

Describe 'Debug output' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'says every attempt, and nothing without -Debug' {
        Set-LlmObsConfig -MaxRetryCount 2
        $server.Answer(503, '', @{ 'Retry-After' = '0' }, 0).Answer(429, '', @{ 'x-ratelimit-reset' = '0' }, 0) | Out-Null
        $said = Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed -Debug 5>&1 | Where-Object { $_ -is [System.Management.Automation.DebugRecord] }
        $said.Count | Should -Be 3
        $said[0].Message | Should -Match 'PATCH http://127\.0\.0\.1:\d+/api/v2/llm-obs/v1/experiments/e1000000-0000-4000-8000-000000000000 \(attempt 1\)'
        $said[0].Message | Should -Match '503 ServerError in \d+ ms; again in'
        $said[0].Message | Should -Match '< Retry-After: 0'
        $said[1].Message | Should -Match '(?s)\(attempt 2\).*429 RateLimited.*< x-ratelimit-reset: 0'
        $said[2].Message | Should -Match '(?s)\(attempt 3\).*-> 202'
        Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed 5>&1 | Where-Object { $_ -is [System.Management.Automation.DebugRecord] } | Should -BeNullOrEmpty
    }

    It 'says a request that got no answer' {
        $server.Drop() | Out-Null
        $said = Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed -Debug -ErrorAction SilentlyContinue 5>&1 | Where-Object { $_ -is [System.Management.Automation.DebugRecord] }
        $said.Message | Should -Match '(?s)> Content-Type: application/json.*ConnectionLost'
    }
}

Describe 'Keys go nowhere else' {
    BeforeEach { $server = New-Server; Set-LlmObsConfig -ApiKey $apiKey -AppKey $appKey }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'not to where an answer points, with <name>' -ForEach $callers {
        $common = @{ ErrorAction = 'SilentlyContinue' }
        $Folder = $TestDrive
        $calls = . $PSScriptRoot/Support/ServiceCalls.ps1
        $target = [LlmObs.Testing.ScriptedService]::new()
        $spool = Join-Path $TestDrive spool
        if ($name -eq 'Resume-LlmObsEvent') {
            Set-LlmObsConfig -ProfileName nobody -BaseUri http://127.0.0.1:1 -MaxRetryCount 0
            [void](@{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ProfileName nobody -ExperimentId e1000000-0000-4000-8000-000000000000 -SpoolPath $spool -ErrorAction SilentlyContinue)
        }
        foreach ($status in 301, 302, 303, 307, 308) {
            $server.Answer($status, '', @{ Location = $target.BaseUri; 'Content-Location' = $target.BaseUri; Refresh = "0; url=$($target.BaseUri)" }, 0) | Out-Null
            if ($name -eq 'Resume-LlmObsEvent') { Resume-LlmObsEvent -SpoolPath $spool -ErrorAction SilentlyContinue } else { [void](. $calls[$name]) }
        }
        $server.Requests.Count | Should -Be ($name -eq 'Invoke-LlmObsExperiment' ? 10 : 5)
        $target.Requests.Count | Should -Be 0
        $target.Dispose()
    }

    It 'not to a host that a piped object names' {
        $evil = [LlmObs.Testing.ScriptedService]::new()
        $names = @{
            BaseUri = $evil.BaseUri; Uri = $evil.BaseUri; Url = $evil.BaseUri; Address = $evil.BaseUri; Site = '127.0.0.1'; Host = '127.0.0.1'
            Endpoint = $evil.BaseUri; Proxy = $evil.BaseUri; ProfileName = 'evil'; Profile = 'evil'
        }
        $row = [pscustomobject](@{ name = 'n'; project_id = 'p'; Id = 'e1000000-0000-4000-8000-000000000000'; status = 'failed'; ExperimentId = 'e1000000-0000-4000-8000-000000000000'; span_id = 's'; label = 'l'; score_value = 1 } + $names)
        $row | New-LlmObsExperiment -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $row | Set-LlmObsExperiment -ErrorAction SilentlyContinue
        $row | Select-Object * -ExcludeProperty name, status | Send-LlmObsEvent -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
        $row | Invoke-LlmObsAggregate -ErrorAction SilentlyContinue
        $server.Requests.Count | Should -Be 4
        $evil.Requests.Count | Should -Be 0
        $evil.Dispose()
    }

    It 'and no cmdlet that calls the service takes an address, a profile or a key from the pipeline: <name>' -ForEach $callers {
        foreach ($parameter in (Get-Command $name).Parameters.Values | Where-Object Name -Match 'Uri|Site|Host|Proxy|Profile|Key|Address|Endpoint') {
            foreach ($set in $parameter.ParameterSets.Values) {
                $set.ValueFromPipeline -or $set.ValueFromPipelineByPropertyName | Should -BeFalse -Because $parameter.Name
            }
        }
    }

    It 'not over http to <address>' -ForEach @(
        @{ address = 'http://datadog.example/' }, @{ address = 'http://localhost.example/' }, @{ address = 'http://127.0.0.1.example/' }
        @{ address = 'http://0.0.0.0/' }, @{ address = 'http://10.1.2.3/' }, @{ address = 'http://[fe80::1]/' }, @{ address = 'http://128.0.0.1/' }, @{ address = 'HTTP://DATADOG.EXAMPLE' }
        @{ address = 'ws://datadog.example/' }, @{ address = 'file:///tmp/x' }, @{ address = '//datadog.example/' }, @{ address = 'http:datadog.example' }
    ) {
        $failure = { Set-LlmObsConfig -BaseUri $address } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        Set-LlmObsConfig -BaseUri $null
        $env:LLMOBS_BASE_URI = $address
        $failure = { New-LlmObsExperiment -Name n -ProjectId p } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'UnsafeBaseUri,*'
    }

    It 'an id cannot leave its place in the path: <path>' -ForEach @(
        @{ id = '../projects'; path = '..%2Fprojects' }, @{ id = '%2e%2e'; path = '%252e%252e' }, @{ id = '%2e%2e%2f'; path = '%252e%252e%252f' }
        @{ id = 'a?x=1'; path = 'a%3Fx%3D1' }, @{ id = 'a#b'; path = 'a%23b' }, @{ id = "a`r`nX-Evil: 1"; path = 'a%0D%0AX-Evil%3A%201' }
        @{ id = 'a\b'; path = 'a%5Cb' }, @{ id = '//evil.example/'; path = '%2F%2Fevil.example%2F' }, @{ id = 'http://evil.example'; path = 'http%3A%2F%2Fevil.example' }
        @{ id = 'a;b@c'; path = 'a%3Bb%40c' }, @{ id = '..;'; path = '..%3B' }
    ) {
        $row = [pscustomobject]@{ Id = $id; ExperimentId = $id; experiment_id = $id }
        [void]($row | Set-LlmObsExperiment -Status failed)
        [void]([pscustomobject]@{ Id = $id } | Set-LlmObsExperiment -Status failed)
        [void]([LlmObs.Experiment]@{ Id = $id } | Set-LlmObsExperiment -Status failed)
        [void](@{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -Experiment $row)
        [void](@{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -Experiment ([LlmObs.Experiment]@{ Id = $id }))
        $server.Requests.Path | Should -Be @(@("/api/v2/llm-obs/v1/experiments/$path") * 3 + @("/api/v2/llm-obs/v1/experiments/$path/events") * 2)
        $server.Answer(200, '{"data":[]}').Answer(200, '{"data":[]}').Answer(200, '{"data":[]}') | Out-Null
        Set-LlmObsExperiment $id -Status failed -ErrorAction SilentlyContinue # a name, then
        $server.Requests[5].Path | Should -BeLike "/api/v2/llm-obs/v1/experiments?filter%5Bname%5D=$path&*"
        $server.Requests | ForEach-Object { $_.Headers.Keys | Should -Not -Contain 'X-Evil' }
    }

    It 'an id that would change the path is refused: <id>' -ForEach @(@{ id = '.' }, @{ id = '..' }) {
        [pscustomobject]@{ Id = $id } | Set-LlmObsExperiment -Status failed -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent ([LlmObs.Experiment]@{ Id = $id }) -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        $server.Requests.Count | Should -Be 0
    }

    It 'a key that no header can carry is refused, from <way>' -ForEach @(@{ way = 'text' }, @{ way = 'SecureString' }, @{ way = 'the environment' }) {
        $bad = "$apiKey`r`nX-Evil: 1"
        $failure = switch ($way) {
            'text' { { Set-LlmObsConfig -ApiKey $bad } | Should -Throw -PassThru }
            'SecureString' { { Set-LlmObsConfig -AppKey (ConvertTo-SecureString $bad -AsPlainText -Force) } | Should -Throw -PassThru }
            default {
                Set-LlmObsConfig -ApiKey $null
                $env:DD_API_KEY = $bad
                { Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed } | Should -Throw -PassThru
            }
        }
        $failure.FullyQualifiedErrorId | Should -Match '^Invalid(Value|Key),'
        Find-Key ($failure | Format-List * -Force | Out-String) | Should -BeNullOrEmpty
        $server.Requests.Count | Should -Be 0
    }
}

Describe 'TLS' {
    AfterEach { Clear-Session }

    It 'has no switch to turn its checks off: <name>' -ForEach $commands {
        (Get-Command $name).Parameters.Keys | Where-Object { $_ -match 'Certificate|Tls|Ssl|Insecure|SkipC|Trust|Unsafe|AllowUnenc|NoVerif' } | Should -BeNullOrEmpty
    }

    It 'refuses a server that vouches for itself, says so, and sends it nothing' {
        $server = [LlmObs.Testing.SelfSignedServer]::new()
        Set-LlmObsConfig -BaseUri $server.BaseUri -ApiKey $apiKey -AppKey $appKey -MaxRetryCount 0 -TimeoutSec 20
        New-LlmObsExperiment -Name n -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'TlsFailed,*'
        $problem[0].CategoryInfo.Category | Should -Be 'SecurityError'
        "$($problem[0])" | Should -Match 'no secure connection could be made'
        "$($problem[0])" | Should -Match 'certificate'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'can''t be turned off'
        $server.ReceivedBytes | Should -Be 0
        $server.Connections | Should -Be 1
        $server.Dispose()
    }
}
