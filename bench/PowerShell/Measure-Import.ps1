#Requires -Version 7.6
<#
.SYNOPSIS
Imports a module into this fresh process, and writes how long that took as a line of JSON.
#>
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $Module)

$ErrorActionPreference = 'Stop'
$watch = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$watch.Stop()
[ordered]@{ milliseconds = $watch.Elapsed.TotalMilliseconds } | ConvertTo-Json -Compress
