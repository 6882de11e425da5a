#Requires -Version 7.6
<#
.SYNOPSIS
Measures Invoke-LlmObsExperiment against ForEach-Object -Parallel that stores nothing, and against the ideal for tasks that wait.

.DESCRIPTION
Everything is stored in an emulator of this process, whose work is part of what is measured. Each measurement is one object:
what was measured, the value, the bar, and whether it is held.

.EXAMPLE
pwsh -NoProfile -File bench/PowerShell/Measure-Run.ps1
#>
[CmdletBinding()]
param(
    [string] $Manifest,
    [int] $Count = 10000,
    [int] $ThrottleLimit = 4
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
if (-not $Manifest) {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $version = (Import-PowerShellDataFile (Join-Path $repository LlmObs.psd1)).ModuleVersion
    $Manifest = Join-Path $repository out LlmObs $version LlmObs.psd1
}

Import-Module $Manifest
Start-LlmObsEmulator

function New-Question([int] $count, [int] $size = 10) {
    $dataset = New-LlmObsProject bench | New-LlmObsDataset "questions $count $size"
    $text = 'x' * $size
    [void](1..$count | ForEach-Object { [pscustomobject]@{ input = "question $_ $text"; expected_output = "question $_" } } |
            Add-LlmObsDatasetRecord -Dataset $dataset -UploadThreshold ([long]::MaxValue))
    $dataset
}

function Measure-Seconds([scriptblock] $what) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    & $what | Out-Null
    $watch.Elapsed.TotalSeconds
}

function New-Measurement($what, $value, $bar, $isHeld) {
    [pscustomobject]@{ Measured = $what; Value = [math]::Round($value, 2); Bar = $bar; Held = $isHeld }
}

# Tasks that do nothing, with two evaluators, against PowerShell's own way, which stores nothing.
$dataset = New-Question $Count
$evaluators = (New-LlmObsEvaluator -ExactMatch), (New-LlmObsEvaluator -Contains '')
$ours = Measure-Seconds { $dataset | Invoke-LlmObsExperiment bench -ThrottleLimit $ThrottleLimit -Task { $_.Input } -Evaluator $evaluators -DiscardRow -CiMetadata:$false }
$plain = Measure-Seconds { 1..$Count | ForEach-Object -Parallel { $_ } -ThrottleLimit $ThrottleLimit }
New-Measurement "$Count records, seconds" $ours '' $true
New-Measurement "ForEach-Object -Parallel, seconds" $plain '' $true
New-Measurement 'times as fast' ($plain / $ours) 'at least 5' ($plain / $ours -ge 5)

# Tasks that wait, against the time that they take if nothing else did.
$waiting = New-Question 2000
$seconds = Measure-Seconds { $waiting | Invoke-LlmObsExperiment bench -ThrottleLimit 32 -Task { Start-Sleep -Milliseconds 100 } -DiscardRow -CiMetadata:$false }
$ideal = 2000 * 0.1 / 32
New-Measurement '2,000 records that wait 100 ms, against the ideal' ($seconds / $ideal) 'at most 1.15' ($seconds / $ideal -le 1.15)

# From Ctrl+C to the end of the pipeline, with tasks under way.
$shell = [powershell]::Create()
[void]$shell.AddScript('param($m, $d) Import-Module $m; $d | Invoke-LlmObsExperiment stopped -ThrottleLimit 8 -Task { Start-Sleep 600 } -CiMetadata:$false').AddArgument($Manifest).AddArgument($waiting)
$running = $shell.BeginInvoke()
while (-not (Get-LlmObsExperiment -Project $waiting.ProjectId | Where-Object { $_.LogicalName -eq 'stopped' -and $_.Status -eq 'running' }) -and -not $running.IsCompleted) { Start-Sleep -Milliseconds 50 }
Start-Sleep -Seconds 1
$stop = Measure-Seconds { $shell.Stop() }
$status = (Get-LlmObsExperiment -Project $waiting.ProjectId | Where-Object LogicalName -EQ stopped).Status
New-Measurement "stop, seconds; status $status" $stop 'at most 1' ($stop -le 1 -and $status -eq 'interrupted')
Stop-LlmObsEmulator
