#Requires -Version 7.6
<#
.SYNOPSIS
Publishes the package LlmObs.<version>.nupkg of a folder, if its version is that of the tag and the manifest.

.DESCRIPTION
The key of the repository comes through $env:GALLERY_API_KEY, so that it is in no command line.

.EXAMPLE
tools/package/Publish-ModulePackage.ps1 -Folder out -Tag v0.1.0 -WhatIf
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # The folder that the package is in.
    [Parameter(Mandatory)] [string] $Folder,
    # The tag that asked for the release: v and the version.
    [Parameter(Mandatory)] [string] $Tag,
    # The name of a registered repository.
    [string] $Repository = 'PSGallery'
)

$ErrorActionPreference = 'Stop'
$manifest = Import-PowerShellDataFile (Join-Path $PSScriptRoot .. .. LlmObs.psd1)
$version = @($manifest.ModuleVersion, $manifest.PrivateData.PSData.Prerelease | Where-Object { $_ }) -join '-'
if ($Tag -ne "v$version") {
    throw "The tag is '$Tag', and LlmObs.psd1 names version $version. Tag it v$version, or change ModuleVersion first."
}

$package = Join-Path $Folder "LlmObs.$version.nupkg"
if (-not (Test-Path -LiteralPath $package)) {
    throw "There is no '$package'. Make it with: ./build.ps1 -Task Package -Destination $Folder"
}

if (-not $env:GALLERY_API_KEY) {
    throw 'GALLERY_API_KEY is not set. Put a key of the gallery into the secrets of the repository.'
}

if ($PSCmdlet.ShouldProcess($package, "Publish to $Repository")) {
    Publish-PSResource -NupkgPath $package -Repository $Repository -ApiKey $env:GALLERY_API_KEY
}
