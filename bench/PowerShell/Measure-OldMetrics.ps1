#Requires -Version 7.6
<#
.SYNOPSIS
Sends a file of metrics that the emulator refuses as too old, and writes the time, the errors and their targets as a line of JSON.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $BaseUri,
    [Parameter(Mandatory)] [string] $File
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
Set-LlmObsConfig -BaseUri $BaseUri
$experiment = New-LlmObsExperiment old -Project (New-LlmObsProject bench) -DatasetId bench-dataset
$watch = [System.Diagnostics.Stopwatch]::StartNew()
$null = $experiment | Send-LlmObsEvent -Path $File -ErrorAction SilentlyContinue -ErrorVariable problems -WarningAction SilentlyContinue
$watch.Stop()
$lines = ($problems | Out-String -Stream | Where-Object { $_ }).Count
[ordered]@{
    milliseconds = $watch.Elapsed.TotalMilliseconds
    errors = @($problems).Count
    targets = [int]($problems | ForEach-Object { @($_.TargetObject).Count } | Measure-Object -Sum).Sum
    lines = $lines
} | ConvertTo-Json -Compress
