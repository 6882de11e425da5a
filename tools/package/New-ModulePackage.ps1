#Requires -Version 7.6
<#
.SYNOPSIS
Makes of the assembled module the package that the PowerShell Gallery takes, LlmObs.<version>.nupkg.

.DESCRIPTION
A nuspec is written of the manifest and the changelog, and NuGet's own packer (dotnet pack) makes the package of it. Its tags
are those that Find-PSResource looks for: what the package is, and each cmdlet that it brings.

The package is published with: Publish-PSResource -NupkgPath <package> -Repository PSGallery -ApiKey <key>

.EXAMPLE
tools/package/New-ModulePackage.ps1 -ModuleFolder out/LlmObs/0.1.0 -Destination out

.OUTPUTS
System.IO.FileInfo. The package.
#>
[CmdletBinding()]
[OutputType([System.IO.FileInfo])]
param(
    # The assembled module: the folder that the manifest is in.
    [Parameter(Mandatory)]
    [string] $ModuleFolder,

    # Where the package goes.
    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
$repository = Split-Path (Split-Path $PSScriptRoot)
. $PSScriptRoot/ReleaseNotes.ps1
. $PSScriptRoot/Nuspec.ps1

$folder = (Resolve-Path -LiteralPath $ModuleFolder).ProviderPath
$manifestPath = Join-Path $folder 'LlmObs.psd1'
$manifest = Import-PowerShellDataFile -LiteralPath $manifestPath

# Refuses a package that the gallery would refuse, before anything is uploaded.
[void](Test-ModuleManifest -Path ([WildcardPattern]::Escape($manifestPath)))

$name = (Get-Item -LiteralPath $manifestPath).BaseName
$notes = Get-ReleaseNote -Path (Join-Path $repository 'CHANGELOG.md') -Version $manifest.ModuleVersion
$version = @($manifest.ModuleVersion, $manifest.PrivateData.PSData.Prerelease | Where-Object { $_ }) -join '-'

$work = Join-Path ([IO.Path]::GetTempPath()) "llmobs-package-$([guid]::NewGuid())"
[void](New-Item -ItemType Directory $work)
try {
    $nuspec = Join-Path $work "$name.nuspec"
    ConvertTo-Nuspec -Name $name -Version $version -Manifest $manifest -ReleaseNote $notes | Set-Content -LiteralPath $nuspec
    $dotnet = $env:DOTNET_HOST_PATH ? $env:DOTNET_HOST_PATH : 'dotnet'
    # A module is no library: its assemblies are not in lib/, and none is meant to be referenced (NU5100, NU5128). The gallery
    # shows the licence of the manifest's LicenseUri (NU5125).
    $said = & $dotnet pack (Join-Path $repository 'src/LlmObs.PowerShell') --no-build --output $work "-p:NuspecFile=$nuspec" "-p:NuspecBasePath=$folder" '-p:NoWarn=NU5100%3BNU5110%3BNU5111%3BNU5125%3BNU5128' --nologo
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet pack failed with exit code ${LASTEXITCODE}:`n$($said -join "`n")"
    }

    [void](New-Item -ItemType Directory $Destination -Force)
    Copy-Item -LiteralPath (Join-Path $work "$name.$version.nupkg") -Destination $Destination -Force
    Get-Item -LiteralPath (Join-Path $Destination "$name.$version.nupkg")
} finally {
    Remove-Item -LiteralPath $work -Recurse -Force
}
