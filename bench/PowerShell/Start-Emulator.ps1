#Requires -Version 7.6
<#
.SYNOPSIS
Runs an emulator in this process, and writes its address. For each line that comes in it writes its memory as a line of JSON, after
a collection of garbage; it ends with its input.
#>
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $Module)

$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Memory.ps1
Import-Module $Module
$emulator = Start-LlmObsEmulator -AllowUnknownId -PassThru
try {
    [Console]::Out.WriteLine($emulator.BaseUri.AbsoluteUri)
    while ($null -ne [Console]::In.ReadLine()) {
        $peak = (Get-Memory).Peak
        [GC]::Collect(2, [GCCollectionMode]::Aggressive, $true, $true)
        [Console]::Out.WriteLine(([ordered]@{ now = (Get-Memory).Now; peak = $peak } | ConvertTo-Json -Compress))
    }
} finally {
    Stop-LlmObsEmulator
}
