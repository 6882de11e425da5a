#Requires -Version 7.6
<#
.SYNOPSIS
Builds, tests, analyses and packs the module. For work inside PowerShell; it only calls dotnet.

.EXAMPLE
./build.ps1
Assembles the module in out/LlmObs/<version>/.

.EXAMPLE
./build.ps1 -Task Test
Runs everything that `dotnet test LlmObsPS.sln` runs.

.EXAMPLE
./build.ps1 -Task Package
Makes out/LlmObs.<version>.nupkg, the package that the PowerShell Gallery takes.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Analyze', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # Packs what is assembled already.
    [switch] $NoBuild,

    # Where the package goes.
    [string] $Destination = (Join-Path $PSScriptRoot 'out')
)

$ErrorActionPreference = 'Stop'
# The runtimes of hosted build agents: there a process, and with it the first call, is new each time.
$precompiledRuntimes = 'linux-x64', 'win-x64'
$eslintVersion = '10.15.0'
$solution = Join-Path $PSScriptRoot 'LlmObsPS.sln'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args -join ' ') failed with exit code $LASTEXITCODE."
    }
}

function Test-PageScript {
    # The linter comes by npm into out/, and stays there.
    $reports = Join-Path $PSScriptRoot 'src/LlmObs.Evaluation/Reports'
    $place = Join-Path $PSScriptRoot 'out/eslint'
    $program = Join-Path $place 'node_modules/eslint/bin/eslint.js'
    if (-not (Get-Command npm, node -ErrorAction Ignore | Select-Object -Skip 1)) {
        throw 'npm is not installed, and brings the linter of the page''s script. Install Node.'
    }

    if (-not (Test-Path -LiteralPath $program)) {
        [void](New-Item -ItemType Directory -Force $place)
        & npm install --prefix $place --no-save --no-package-lock --no-audit --no-fund --loglevel=error "eslint@$eslintVersion"
        if ($LASTEXITCODE -ne 0) {
            throw "npm did not bring eslint $eslintVersion."
        }
    }

    & node $program --config (Join-Path $reports 'eslint.config.mjs') --max-warnings 0 (Join-Path $reports 'report.js')
    if ($LASTEXITCODE -ne 0) {
        throw 'eslint has findings in report.js.'
    }
}

foreach ($step in $Task) {
    switch ($step) {
        'Build' { Invoke-DotNet build $solution --configuration $Configuration }
        'Test' { Invoke-DotNet test $solution }
        'Package' {
            if (-not $NoBuild) { Invoke-DotNet build (Join-Path $PSScriptRoot 'src/LlmObs.PowerShell') --configuration $Configuration "-p:PrecompiledRuntimes=$($precompiledRuntimes -join '+')" }
            $version = (Import-PowerShellDataFile (Join-Path $PSScriptRoot 'LlmObs.psd1')).ModuleVersion
            $assembled = Join-Path $PSScriptRoot "out/LlmObs/$version"
            $slow = $precompiledRuntimes.Where{ -not (Test-Path (Join-Path $assembled "deps/$_/LlmObs.Client.dll")) }
            if ($slow) {
                Write-Warning "The package holds no code compiled for $($slow -join ' and '): the module is whole there, but its first call takes longer. Build without -NoBuild, where the package feed has the compiler (microsoft.netcore.app.crossgen2)."
            }

            & (Join-Path $PSScriptRoot 'tools/package/New-ModulePackage.ps1') -ModuleFolder $assembled -Destination $Destination
        }
        'Clean' {
            Invoke-DotNet clean $solution --configuration $Configuration --verbosity quiet
            Remove-Item (Join-Path $PSScriptRoot 'out'), (Join-Path $PSScriptRoot 'TestResults') -Recurse -Force -ErrorAction Ignore
        }
        'Analyze' {
            if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) {
                throw 'PSScriptAnalyzer is not installed. Install it with: Install-PSResource PSScriptAnalyzer'
            }

            # The manifest is looked at where its files are beside it: in the assembled module, out/LlmObs. The rest of out/ is not ours.
            $findings = Get-ChildItem $PSScriptRoot -Recurse -Include *.ps1, *.psd1, *.psm1 |
                Where-Object { $_.FullName -notmatch '[\\/](bin|obj|node_modules|out[\\/](?!LlmObs)[^\\/]+)[\\/]' -and $_.FullName -ne (Join-Path $PSScriptRoot 'LlmObs.psd1') } |
                ForEach-Object { Invoke-ScriptAnalyzer -Path $_.FullName -Settings (Join-Path $PSScriptRoot 'PSScriptAnalyzerSettings.psd1') }
            $findings
            if ($findings) {
                throw "PSScriptAnalyzer has $(@($findings).Count) findings."
            }

            Test-PageScript
        }
    }
}
