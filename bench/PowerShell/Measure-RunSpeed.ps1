#Requires -Version 7.6
<#
.SYNOPSIS
Runs an experiment several times in this process, and writes how many seconds each took, as JSON. Measure-Run.ps1 starts it, a process each time.
#>
param([string] $Manifest, [string] $Dataset, [int] $Count, [int] $ThrottleLimit, [int] $Runs)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module $Manifest
$records = Get-LlmObsDataset -Project bench -Name $Dataset
$evaluators = (New-LlmObsEvaluator -ExactMatch), (New-LlmObsEvaluator -Contains '')
$seconds = foreach ($number in 1..$Runs) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $run = $records | Invoke-LlmObsExperiment bench -ThrottleLimit $ThrottleLimit -Task { $_.Input } -Evaluator $evaluators -CiMetadata:$false
    $watch.Elapsed.TotalSeconds
    if ($run.Rows.Count -ne $Count -or $run.Status -ne 'completed') { throw "The run ended as $($run.Status) with $($run.Rows.Count) rows." }
}
@{ seconds = @($seconds) } | ConvertTo-Json -Compress
