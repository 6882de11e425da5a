#Requires -Version 7.6
<#
.SYNOPSIS
Runs one way of sending a file in this process, and writes its time as a line of JSON.

.PARAMETER Way
The script of the way; it takes -File and -BaseUri.

.PARAMETER WarmUp
A small file that the way sends first. Not given where memory is measured: a first call is what users make.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Way,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $BaseUri,
    [Parameter(Mandatory)] [string] $File,
    [string] $WarmUp
)

$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Memory.ps1
Import-Module $Module
Set-LlmObsConfig -BaseUri $BaseUri
$idle = (Get-Memory).Now
if ($WarmUp) {
    $null = & $Way -File $WarmUp -BaseUri $BaseUri
}

$watch = [System.Diagnostics.Stopwatch]::StartNew()
$null = & $Way -File $File -BaseUri $BaseUri
$watch.Stop()
$peak = (Get-Memory).Peak
[ordered]@{ milliseconds = $watch.Elapsed.TotalMilliseconds; idle = $idle; peak = $peak } | ConvertTo-Json -Compress
