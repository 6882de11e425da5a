#Requires -Version 7.6
<#
.SYNOPSIS
Fills a journalled emulator with the metrics of a file, aggregates over all of them, and writes times and averages as a line of JSON.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $File,
    [Parameter(Mandatory)] [string] $Journal,
    [int] $Runs = 5
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
Start-LlmObsEmulator -Path $Journal -AllowUnknownId
try {
    $experiment = New-LlmObsExperiment -Name bench -ProjectId bench-project -DatasetId bench-dataset
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $null = Send-LlmObsEvent -Experiment $experiment -Path $File
    $load = $watch.Elapsed.TotalMilliseconds
    $aggregate = @(foreach ($run in 1..$Runs) {
            $watch.Restart()
            $buckets = Invoke-LlmObsAggregate -Compute @{ average = 'score_value' } -GroupBy label
            $watch.Elapsed.TotalMilliseconds
        })
    $averages = @{}
    foreach ($bucket in $buckets) {
        $averages[$bucket.label] = $bucket.average
    }

    $stored = (Get-LlmObsEmulator).MetricCount
}
finally {
    Stop-LlmObsEmulator
}

[ordered]@{ load = $load; aggregate = $aggregate; stored = $stored; averages = $averages } | ConvertTo-Json -Compress
