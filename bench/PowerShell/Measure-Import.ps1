#Requires -Version 7.6
<#
.SYNOPSIS
Imports a module into this fresh process, then some times again, and writes the time of the first import and of the others as a line of JSON.
#>
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $Module)

$ErrorActionPreference = 'Stop'
$name = [System.IO.Path]::GetFileNameWithoutExtension($Module)
$milliseconds = foreach ($import in 1..6) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Import-Module $Module
    $watch.Elapsed.TotalMilliseconds
    Remove-Module $name
}
[ordered]@{ milliseconds = $milliseconds[0]; again = $milliseconds[1..5] } | ConvertTo-Json -Compress
