#Requires -Version 7.6
<#
.SYNOPSIS
    Makes the picture of a report that the README shows, from the data of the quickstart.
.DESCRIPTION
    Runs samples/quickstart.ps1 against an emulator of its own, and lets Chromium draw the page that it ends with. Build the module first.
.PARAMETER Path
    The picture. docs/report.png by default.
.PARAMETER Scheme
    The colours that the page is drawn in.
.PARAMETER Browser
    Chromium, Chrome or Edge: its path, or its name on PATH. The environment variable CHROMIUM, else chromium, by default.
.EXAMPLE
    pwsh tools/picture/New-ReportPicture.ps1
#>
[CmdletBinding()]
param(
    [string] $Path = (Join-Path $PSScriptRoot ../../docs/report.png),

    [ValidateSet('Light', 'Dark')]
    [string] $Scheme = 'Light',

    [string] $Browser = ($env:CHROMIUM ? $env:CHROMIUM : 'chromium')
)

$ErrorActionPreference = 'Stop'
$target = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "llmobs-picture-$([guid]::NewGuid())")).FullName
try {
    $page = Join-Path $folder report.html
    & (Join-Path $PSScriptRoot ../../samples/quickstart.ps1) -ReportPath $page | Out-Null
    $arguments = @(
        '--headless', '--disable-gpu', '--no-sandbox', '--hide-scrollbars', '--force-device-scale-factor=1', '--window-size=1180,1240'
        "--user-data-dir=$(Join-Path $folder profile)", "--screenshot=$target", "--blink-settings=preferredColorScheme=$($Scheme -eq 'Dark' ? 0 : 1)"
        [uri]::new($page).AbsoluteUri
    )
    $said = & $Browser @arguments 2>&1
    if ($LASTEXITCODE -ne 0 -or -not (Test-Path -LiteralPath $target)) {
        throw "$Browser made no picture: $said"
    }

    Get-Item -LiteralPath $target
} finally {
    Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore
}
