#Requires -Version 7.6
<#
.SYNOPSIS
Times the first and the second call of Send-LlmObsEvent in this fresh process, and writes both as a line of JSON.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $BaseUri
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
Set-LlmObsConfig -BaseUri $BaseUri
$span = [pscustomobject]@{
    trace_id = '000102030405060708090a0b0c0d0e0f'; span_id = '0001020304050607'; name = 'question 1'; start_ns = 1760000000000000000
    duration = 1500000; status = 'ok'; input = 'How do I reset my password?'; output = 'Choose "Forgot password" on the sign-in page.'
}
$milliseconds = foreach ($call in 1, 2) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $null = $span | Send-LlmObsEvent -ExperimentId 5eed0000-0000-4000-8000-00000000be9c -ProjectId bench-project -DatasetId bench-dataset
    $watch.Elapsed.TotalMilliseconds
}
[ordered]@{ milliseconds = $milliseconds[0]; second = $milliseconds[1] } | ConvertTo-Json -Compress
