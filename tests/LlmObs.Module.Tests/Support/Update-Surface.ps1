#Requires -Version 7.6
<#
.SYNOPSIS
Writes tests/LlmObs.Module.Tests/Surface.txt anew: the cmdlets, parameters, sets, aliases, output types and error ids of the assembled module.

.DESCRIPTION
Run it after a change of the surface that is meant, look at `git diff`, and commit the file with the change.

.EXAMPLE
dotnet build src/LlmObs.PowerShell; pwsh -NoProfile -File tests/LlmObs.Module.Tests/Support/Update-Surface.ps1
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$repository = Resolve-Path (Join-Path $PSScriptRoot ../../..)
$version = (Import-PowerShellDataFile (Join-Path $repository LlmObs.psd1)).ModuleVersion
Import-Module (Join-Path $repository "out/LlmObs/$version/LlmObs.psd1")
. $PSScriptRoot/Surface.ps1
$lines = Get-Surface LlmObs (Join-Path $repository docs/about_LlmObs_Errors.md)
[System.IO.File]::WriteAllText((Join-Path $PSScriptRoot ../Surface.txt), ($lines -join "`n") + "`n")
