BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $readme = Get-Content (Join-Path $repository README.md) -Raw
    function Get-Block([string] $language) {
        [regex]::Matches($readme, "(?ms)^``````$language\n(.*?)^``````") | ForEach-Object { $_.Groups[1].Value }
    }
    # Runs text as a separate script, from the repository's folder, as a reader would; returns all its output.
    function Invoke-AsWritten([string] $script, [string[]] $arguments = @('-NoProfile'), [string] $folder = $repository) {
        $file = Join-Path $TestDrive script.ps1
        Set-Content $file $script
        Push-Location $folder
        try { $said = & pwsh @arguments -File $file 2>&1 | Out-String -Width 200 } finally { Pop-Location }
        [pscustomobject]@{ Said = $said; ExitCode = $LASTEXITCODE }
    }
}

Describe 'The README' {
    AfterEach { Clear-Session }

    It 'fits into 200 lines' {
        ($readme -split "`n").Count | Should -BeLessOrEqual 201
    }

    It 'leaves building to CONTRIBUTING, which names the version that is built' {
        $version = (Import-PowerShellDataFile (Join-Path $repository LlmObs.psd1)).ModuleVersion
        [regex]::Matches((Get-Content (Join-Path $repository CONTRIBUTING.md) -Raw), 'out/LlmObs/(\d[\d.]*)/').Groups.Where({ $_.Name -eq 1 }).Value | Select-Object -Unique | Should -Be $version
    }

    It 'names every cmdlet' {
        foreach ($name in (Get-Module LlmObs).ExportedCommands.Keys) {
            $verb, $noun = $name -split '-'
            $readme | Should -Match "$verb-(``, ``\w+-)*(, ``\w+-``)*|$name" -Because $name
            $readme | Should -Match $noun
        }
    }

    It 'has PowerShell lines that run as they are written' {
        $env:MY_API_KEY = 'fake-api-key-0000000000001234'
        $env:MY_APP_KEY = 'fake-app-key-0000000000005678'
        # Each statement on its own, as at a prompt, where each result is shown in its own way.
        $statements = Get-Block powershell | ForEach-Object { [scriptblock]::Create($_).Ast.EndBlock.Statements.Extent.Text }
        $statements.Count | Should -BeGreaterThan 12
        $lines = @('$ErrorActionPreference = "Stop"', "Import-Module '$env:LLMOBS_TEST_MANIFEST'") + ($statements | ForEach-Object { ". { $_ } | Out-Host" })
        # A folder of somebody who has the package and nothing of the repository.
        $run = Invoke-AsWritten ($lines -join "`n") -folder (New-Item -ItemType Directory (Join-Path $TestDrive empty)).FullName
        $run.ExitCode | Should -Be 0 -Because $run.Said
        foreach ($shown in [regex]::Matches($readme, '(?ms)^```\n(label .*?)^```').Groups.Where({ $_.Name -eq 1 }).Value) {
            foreach ($line in $shown.Trim() -split "`n") { $run.Said | Should -Match ('(?m)^' + (($line.Trim() -split '\s+' | ForEach-Object { [regex]::Escape($_) }) -join '\s+')) -Because 'the table that is shown is a real one' }
        }
        $run.Said | Should -Match '✅ pass: faithfulness, missing'
        $run.Said | Should -Match '\*\*\*\*1234\s+\*\*\*\*5678'
        $env:MY_API_KEY = $env:MY_APP_KEY = $null
    }

    It 'has an Azure DevOps step whose script runs in the agent''s wrapper' {
        $yaml = Get-Block yaml
        $yaml | Should -Match '(?m)^\s+pwsh: true$'
        $yaml | Should -Not -Match 'script:.*\$\(Datadog' -Because 'secrets come through env only'
        $body = [regex]::Match($yaml, '(?ms)script: \|\n(.*?)^    env:').Groups[1].Value
        $emulator = Start-LlmObsEmulator -AllowUnknownId:$false -PassThru
        New-LlmObsProject support-bot | New-LlmObsDataset faq | Out-Null
        $env:LLMOBS_BASE_URI = $emulator.BaseUri
        $env:BUILD_BUILDNUMBER = '20261121.1'
        # Somebody else's repository, with nothing but the result of an evaluation in it, on an agent that has the gallery's client.
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive elsewhere)).FullName
        Copy-Item (Join-Path $repository samples/data/evaluation.csv) $folder
        $modules, $standIn = (Join-Path $TestDrive modules), (Join-Path $TestDrive gallery Microsoft.PowerShell.PSResourceGet)
        [void](New-Item -ItemType Directory $modules, $standIn)
        Copy-Item (Join-Path $PSScriptRoot Support/PSResourceGetStandIn.psm1) (Join-Path $standIn Microsoft.PowerShell.PSResourceGet.psm1)
        $path = $env:PSModulePath
        $env:PSModulePath = $modules, (Split-Path $standIn), $path -join [IO.Path]::PathSeparator
        $env:LLMOBS_TEST_FEED = ''
        try {
            $run = Invoke-AsWritten ("`$ErrorActionPreference = 'stop'; `$ProgressPreference = 'SilentlyContinue'`n" + ($body -replace '(?m)^ {8}')) @('-NoLogo', '-NoProfile', '-NonInteractive') $folder
        } finally {
            $env:PSModulePath = $path
        }
        $run.ExitCode | Should -Be 0 -Because $run.Said
        $run.Said | Should -Match 'completed'
        $run.Said | Should -Match 'faithfulness \| 0\.\d+ \|'
        $run.Said | Should -Match '✅ pass: faithfulness'
        $stored = Get-LlmObsEmulator
        $stored.ExperimentCount | Should -Be 1
        $stored.SpanCount, $stored.MetricCount | Should -Be @(40, 40)
        $env:BUILD_BUILDNUMBER = $null
    }
}
