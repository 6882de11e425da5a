#Requires -Version 7.6
<#
.SYNOPSIS
Starts an emulator on the journal of an earlier one in this fresh process, and writes how long it took as a line of JSON.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Journal
)

$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Memory.ps1
Import-Module $Module
$idle = (Get-Memory).Now
$watch = [System.Diagnostics.Stopwatch]::StartNew()
Start-LlmObsEmulator -Path $Journal
$watch.Stop()
try {
    $stored = (Get-LlmObsEmulator).MetricCount
    $peak = (Get-Memory).Peak
}
finally {
    Stop-LlmObsEmulator
}

[ordered]@{ milliseconds = $watch.Elapsed.TotalMilliseconds; stored = $stored; idle = $idle; peak = $peak } | ConvertTo-Json -Compress
