#Requires -Version 7.6
<#
.SYNOPSIS
Runs some ways in turns in this one process, and writes the times of each, in their order, as a line of JSON.

.PARAMETER Ways
The scripts of the ways, with commas between them; each takes -File and -BaseUri.

.PARAMETER Modules
The modules to import, with commas between them.

.PARAMETER WarmUp
A small file that each way takes before the first turn. Without it, the first turn is the first in the process.

.PARAMETER Turns
How often each of them runs.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Ways,
    [Parameter(Mandatory)] [string] $Modules,
    [Parameter(Mandatory)] [string] $BaseUri,
    [Parameter(Mandatory)] [string] $File,
    [string] $WarmUp,
    [Parameter(Mandatory)] [int] $Turns
)

$ErrorActionPreference = 'Stop'
Import-Module $Modules.Split(',')
Set-LlmObsConfig -BaseUri $BaseUri
$times = @(foreach ($way in $Ways.Split(',')) {
        if ($WarmUp) {
            $null = & $way -File $WarmUp -BaseUri $BaseUri
        }

        @{ Way = $way; Times = [System.Collections.Generic.List[double]]::new() }
    })
foreach ($turn in 1..$Turns) {
    foreach ($one in $times) {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $null = & $one.Way -File $File -BaseUri $BaseUri
        $one.Times.Add($watch.Elapsed.TotalMilliseconds)
    }
}
[ordered]@{ times = @($times.ForEach({ , $_.Times.ToArray() })) } | ConvertTo-Json -Compress
