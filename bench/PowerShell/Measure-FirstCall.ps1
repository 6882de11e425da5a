#Requires -Version 7.6
<#
.SYNOPSIS
Times the first and the second call of Send-LlmObsEvent in this fresh process, one metric each, and writes both as a line of JSON.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $BaseUri
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$env:LLMOBS_BASE_URI = $BaseUri
$metric = [pscustomobject]@{ span_id = '0001020304050607'; label = 'faithfulness'; score_value = 0.5 }
$milliseconds = foreach ($call in 1, 2) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $null = $metric | Send-LlmObsEvent -ExperimentId 5eed0000-0000-4000-8000-00000000be9c
    $watch.Elapsed.TotalMilliseconds
}
[ordered]@{ milliseconds = $milliseconds[0]; second = $milliseconds[1] } | ConvertTo-Json -Compress
