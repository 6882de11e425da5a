#Requires -Version 7.6
<#
.SYNOPSIS
Runs two ways in turns in this one process, and writes the times of each as a line of JSON.

.PARAMETER Way
The script of the one way; it takes -File and -BaseUri.

.PARAMETER Reference
The script of the other, which goes first in each turn.

.PARAMETER WarmUp
A small file that the way sends before the first turn.

.PARAMETER Turns
How often each of them runs.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Way,
    [Parameter(Mandatory)] [string] $Reference,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $BaseUri,
    [Parameter(Mandatory)] [string] $File,
    [Parameter(Mandatory)] [string] $WarmUp,
    [Parameter(Mandatory)] [int] $Turns
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
Set-LlmObsConfig -BaseUri $BaseUri
$null = & $Way -File $WarmUp -BaseUri $BaseUri

$times = @{ $Way = [System.Collections.Generic.List[double]]::new(); $Reference = [System.Collections.Generic.List[double]]::new() }
foreach ($turn in 1..$Turns) {
    foreach ($script in $Reference, $Way) {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $null = & $script -File $File -BaseUri $BaseUri
        $times[$script].Add($watch.Elapsed.TotalMilliseconds)
    }
}
[ordered]@{ way = $times[$Way]; reference = $times[$Reference] } | ConvertTo-Json -Compress
