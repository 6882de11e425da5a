BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $apiKey = 'fake-api-key-0000000000001234'
    $appKey = 'fake-app-key-0000000000005678'
    $repository = Split-Path (Split-Path $PSScriptRoot)

    # A vault as SecretManagement is one: a SecureString for text, a credential for a credential, a hashtable whose text is secure.
    function Get-Secret {
        param([Parameter(Mandatory, Position = 0)] [string] $Name, [switch] $AsPlainText)
        $vault = @{ DatadogApiKey = $apiKey; DatadogAppKey = $appKey }
        if ($Name -eq 'Datadog') {
            return @{ ApiKey = ConvertTo-SecureString $apiKey -AsPlainText -Force; AppKey = ConvertTo-SecureString $appKey -AsPlainText -Force }
        }
        if ($Name -like '*Login') {
            return [pscredential]::new('datadog', (ConvertTo-SecureString $vault[$Name.Replace('Login', 'Key')] -AsPlainText -Force))
        }
        $AsPlainText ? $vault[$Name] : (ConvertTo-SecureString $vault[$Name] -AsPlainText -Force)
    }

    # The keys that reach the service, and the profile that a user sees.
    function Assert-Key {
        $server.Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000","attributes":{}}}') | Out-Null
        New-LlmObsExperiment n -ProjectId p | Out-Null
        $server.Requests[-1].Headers['DD-API-KEY'] | Should -BeExactly $apiKey
        $server.Requests[-1].Headers['DD-APPLICATION-KEY'] | Should -BeExactly $appKey
    }
}

Describe 'Keys come from <name>' -ForEach @(
    @{ name = 'Get-Secret'; line = { Set-LlmObsConfig -ApiKey (Get-Secret DatadogApiKey) -AppKey (Get-Secret DatadogAppKey) } }
    @{ name = 'Get-Secret -AsPlainText'; line = { Set-LlmObsConfig -ApiKey (Get-Secret DatadogApiKey -AsPlainText) -AppKey (Get-Secret DatadogAppKey -AsPlainText) } }
    @{ name = 'Get-Secret of credentials'; line = { Set-LlmObsConfig -ApiKey (Get-Secret DatadogApiLogin) -AppKey (Get-Secret DatadogAppLogin) } }
    @{ name = 'Get-Secret of a hashtable'; line = { $keys = Get-Secret Datadog; Set-LlmObsConfig @keys } }
    @{ name = 'the environment, by a profile'; line = { Set-LlmObsConfig -ApiKey $env:MY_API_KEY -AppKey $env:MY_APP_KEY } }
    @{ name = 'the environment, as it is'; line = { $env:DD_API_KEY = $apiKey; $env:DD_APP_KEY = $appKey } }
) {
    BeforeAll {
        Clear-Session
        $env:MY_API_KEY = $apiKey; $env:MY_APP_KEY = $appKey
        $server = New-Server
    }
    AfterAll { $env:MY_API_KEY = $env:MY_APP_KEY = $null; $server.Dispose(); Clear-Session }

    It 'and reach the service' {
        . $line
        Assert-Key
    }

    It 'and are shown by their last characters at most' {
        $shown = Get-LlmObsConfig | Format-List * | Out-String
        $shown | Should -Not -Match ([regex]::Escape($apiKey.Substring(0, 16)))
        if (-not $env:DD_API_KEY) { $shown | Should -Match '\*\*\*\*1234' }
    }
}

Describe 'Keys come from Read-Host -AsSecureString' {
    It 'where somebody types them' {
        if (-not ('LlmObs.Testing.AnsweringHost' -as [type])) { Add-Type -Path (Join-Path $PSScriptRoot 'Support/AnsweringHost.cs') }
        $server = New-Server
        $terminal = [LlmObs.Testing.AnsweringHost]::new()
        $apiKey, $appKey | ForEach-Object { $terminal.Type($_) }
        $runspace = [runspacefactory]::CreateRunspace($terminal, [initialsessionstate]::CreateDefault2())
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        try {
            [void]$shell.AddScript('param($module) Import-Module $module; Set-LlmObsConfig -ApiKey (Read-Host -AsSecureString) -AppKey (Read-Host "Application key" -AsSecureString)').AddArgument($env:LLMOBS_TEST_MANIFEST)
            [void]$shell.Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
        } finally { $shell.Dispose(); $runspace.Dispose() }
        Assert-Key
        $terminal.Shown -join '' | Should -Not -Match 'fake-ap'
        $server.Dispose(); Clear-Session
    }

    It 'and of digits only they need quotes, which is said' {
        $failure = { Set-LlmObsConfig -ApiKey 00000000000000000000000000000000 } | Should -Throw -PassThru
        "$failure" | Should -Match 'quotes'
        "$failure" | Should -Not -Match 'Int32'
    }

    It 'and not where nobody can: that is an error at once' {
        $said = '' | pwsh -NoProfile -NonInteractive -Command "Import-Module '$env:LLMOBS_TEST_MANIFEST'; try { Set-LlmObsConfig -ApiKey (Read-Host -AsSecureString); 'set' } catch { 'refused: ' + `$_ }"
        @($said)[-1] | Should -Match '^refused: .*NonInteractive'
    }
}

Describe 'A pipeline''s secrets' {
    AfterEach { Clear-Session }

    It 'that Azure Pipelines did not replace are named, and nothing is sent: <where>' -ForEach @(
        @{ where = 'in the environment'; id = 'InvalidKey'; set = { $env:DD_API_KEY = '$(DatadogApiKey)'; $env:DD_APP_KEY = 'fake' }; call = { New-LlmObsExperiment n -ProjectId p } }
        @{ where = 'on the command line'; id = 'InvalidValue'; set = {}; call = { Set-LlmObsConfig -ApiKey '$(DatadogApiKey)' } }
    ) {
        $server = New-Server
        . $set
        $problem = try { & $call } catch { $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike "$id,*"
        "$($problem.ErrorDetails.Message)" | Should -BeLike '*$(DatadogApiKey)*variable of the pipeline*'
        $server.Requests.Count | Should -Be 0
        $server.Dispose()
    }

    It 'that GitHub does not have are empty, and missing' {
        $env:DD_API_KEY = ''; $env:DD_APP_KEY = ''
        $problem = try { New-LlmObsExperiment n -ProjectId p } catch { $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'MissingKeys,*'
        $problem.ErrorDetails.RecommendedAction | Should -Match '(?s)DD_API_KEY.*Get-Secret'
    }

    It 'that are missing end <name> before it sends or runs anything' -ForEach @(
        (. $PSScriptRoot/Support/ServiceCalls.ps1).Keys.Where({ $_ -ne 'Test-LlmObsConnection' }) | ForEach-Object { @{ name = $_ } }
    ) {
        Set-LlmObsConfig -BaseUri https://llmobs.invalid -MaxRetryCount 0
        $Folder = $TestDrive
        $common = @{ ErrorAction = 'SilentlyContinue' }
        $calls = . $PSScriptRoot/Support/ServiceCalls.ps1
        $problem = try { . $calls[$name] } catch { $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'MissingKeys,*'
    }

    It 'are taken from the environment by both samples' {
        foreach ($sample in 'azure-pipelines.yml', 'github-actions.yml') {
            $yaml = Get-Content (Join-Path $repository samples $sample) -Raw
            $yaml | Should -Match '(?m)^\s+DD_API_KEY: \$'
            $yaml | Should -Not -Match 'Set-LlmObsConfig'
        }
    }
}

Describe 'The pages show each way' {
    It '<way>' -ForEach @(
        @{ way = 'Get-Secret' }, @{ way = 'Read-Host -AsSecureString|Read-Host ''API key'' -AsSecureString' }, @{ way = '\$env:MY_API_KEY' }, @{ way = 'DD_API_KEY' }
    ) {
        (Get-Content (Join-Path $repository README.md) -Raw) | Should -Match $way
        (Get-Content (Join-Path $repository docs/Set-LlmObsConfig.md) -Raw) | Should -Match $way
    }
}
