#Requires -Version 7.6
<#
.SYNOPSIS
Fills two datasets and an experiment of an emulator, reads them back, and writes the time of each as a line of JSON.

.DESCRIPTION
The emulator is in a process of its own. All records are read twice: the first time of the process, and again. The memory is that of the whole session.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $BaseUri,
    [Parameter(Mandatory)] [string] $File,
    [Parameter(Mandatory)] [string] $FifthFile
)

$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Memory.ps1
Import-Module $Module
Set-LlmObsConfig -BaseUri $BaseUri
$project = New-LlmObsProject bench
$idle = (Get-Memory).Now

function Measure-Time([scriptblock] $what) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $null = & $what
    $watch.Elapsed.TotalMilliseconds
}

function Add-Record([string] $path) {
    $dataset = $project | New-LlmObsDataset "records of $(Split-Path $path -Leaf)"
    [ordered]@{
        Dataset = $dataset
        Time = Measure-Time { $dataset | Add-LlmObsDatasetRecord -Path $path -InputColumn input -ExpectedColumn output -MetadataColumn status }
    }
}

function Send-Span([string] $path) {
    $experiment = New-LlmObsExperiment "spans of $(Split-Path $path -Leaf)" -Project $project -DatasetId bench-dataset
    $null = $experiment | Send-LlmObsEvent -Path $path
    $experiment
}

# Records that are read are counted and discarded.
function Read-Record($dataset) { $dataset | Get-LlmObsDatasetRecord | Measure-Object | ForEach-Object Count }
function Read-Span($experiment) { $experiment | Get-LlmObsEvent | Measure-Object | ForEach-Object Count }

$fifth = Add-Record $FifthFile
$whole = Add-Record $File
$count = @{}
$first = Measure-Time { $script:count.first = Read-Record $whole.Dataset }
$count.warmUp = Read-Span (Send-Span $FifthFile)
$experiment = Send-Span $File
$times = [ordered]@{
    add = $whole.Time
    readFirst = $first
    readFifth = Measure-Time { $script:count.fifth = Read-Record $fifth.Dataset }
    read = Measure-Time { $script:count.whole = Read-Record $whole.Dataset }
    readSpans = Measure-Time { $script:count.spans = Read-Span $experiment }
}
[ordered]@{ times = $times; counts = $count; idle = $idle; peak = (Get-Memory).Peak } | ConvertTo-Json -Compress
