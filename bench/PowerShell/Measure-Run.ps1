#Requires -Version 7.6
<#
.SYNOPSIS
Measures Invoke-LlmObsExperiment: against ForEach-Object -Parallel that stores nothing, against the runner of dd-trace-js, against the ideal for
tasks that wait, and its memory, and how long stopping takes.

.DESCRIPTION
Everything is stored in an emulator, in a separate process. Each measurement is one object: its name, the value, the bar, and true if the bar
is met. The module is built in Release with its dependencies compiled for this machine, in out/bench. Node and npm provide dd-trace; without them,
measurements that need it are left out, with a note.

.EXAMPLE
pwsh -NoProfile -File bench/PowerShell/Measure-Run.ps1

.EXAMPLE
pwsh -NoProfile -File bench/PowerShell/Measure-Run.ps1 -Update

Writes the figures into bench/RESULTS.md, under "Runs".
#>
[CmdletBinding()]
param(
    # The module; without it, the present one is built.
    [string] $Manifest,
    [int] $Count = 10000,
    [int] $LargeCount = 100000,
    [int] $ThrottleLimit = 4,
    # The number of measurements of each side, in turns; the median counts.
    [int] $Rounds = 3,
    # How often each process of a runner runs.
    [int] $Runs = 6,
    [ValidateSet('Speed', 'Wait', 'Memory', 'Stop')] [string[]] $Only = ('Speed', 'Wait', 'Memory', 'Stop'),
    [switch] $Update
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$repository = Split-Path (Split-Path $PSScriptRoot)
$work = Join-Path $repository out bench
if (-not $Manifest) {
    $version = (Import-PowerShellDataFile (Join-Path $repository LlmObs.psd1)).ModuleVersion
    $folder = Join-Path $work module LlmObs $version
    $runtime = [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
    dotnet build (Join-Path $repository src LlmObs.PowerShell LlmObs.PowerShell.csproj) --configuration Release --nologo --verbosity quiet `
        "-p:ModuleOutput=$folder$([IO.Path]::DirectorySeparatorChar)" "-p:PrecompiledRuntimes=$runtime" | Out-Host
    if ($LASTEXITCODE) { throw 'The module can not be built.' }
    $Manifest = Join-Path $folder LlmObs.psd1
}

# The sink: an emulator in a process of its own, which ends with its input.
$start = [Diagnostics.ProcessStartInfo]::new('pwsh', [string[]]('-NoProfile', '-NonInteractive', '-Command', "Import-Module '$Manifest'; (Start-LlmObsEmulator -PassThru).BaseUri.AbsoluteUri; [void][Console]::In.ReadToEnd()"))
$start.RedirectStandardInput = $start.RedirectStandardOutput = $true
$sink = [Diagnostics.Process]::Start($start)
$env:LLMOBS_BASE_URI = $sink.StandardOutput.ReadLine()
Import-Module $Manifest

function New-Question([int] $count, [int] $size) {
    $dataset = New-LlmObsProject bench | New-LlmObsDataset "questions $count $size"
    $text = 'x' * $size
    [void](1..$count | ForEach-Object { [pscustomobject]@{ input = "question $_ $text"; expected_output = "question $_" } } |
            Add-LlmObsDatasetRecord -Dataset $dataset -UploadThreshold ([long]::MaxValue))
    $dataset
}

function Measure-Time([scriptblock] $what) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    & $what | Out-Null
    $watch.Elapsed.TotalSeconds
}

function Get-Median([double[]] $values) { ($values | Sort-Object)[[math]::Floor(($values.Count - 1) / 2)] }

function New-Measurement([string] $what, [double] $value, [string] $bar, $isHeld) {
    [pscustomobject]@{ Measured = $what; Value = [math]::Round($value, 2); Bar = $bar; Held = $isHeld }
}

function Install-Tracer {
    # The folder with dd-trace and its script; nothing if it is not available.
    $folder = (New-Item -ItemType Directory -Force (Join-Path $work typescript)).FullName
    Copy-Item (Join-Path $repository bench TypeScript package.json), (Join-Path $repository bench TypeScript run.js) $folder
    foreach ($program in 'node', 'npm') { if (-not (Get-Command $program -ErrorAction Ignore)) { return } }
    npm install --prefix $folder --no-audit --no-fund --no-package-lock --loglevel=error 2>&1 | Out-Host
    if (-not $LASTEXITCODE) { $folder }
}

$results = @(
    try {
        if ('Speed' -in $Only) {
            # Tasks that do nothing, with two evaluators, in turns with a program that does less and one that does the same. Each of the two runners
            # is a process of its own that runs several times: the first run compiles its code, later ones show what the work takes.
            $dataset = New-Question $Count 10
            $tracer = Install-Tracer
            $first, $later, $plain, $theirFirst, $theirLater = @(), @(), @(), @(), @()
            foreach ($round in 1..$Rounds) {
                $said = pwsh -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot Measure-RunSpeed.ps1) $Manifest $dataset.Name $Count $ThrottleLimit $Runs |
                    Select-Object -Last 1 | ConvertFrom-Json
                $first += $said.seconds[0]
                $later += Get-Median ($said.seconds | Select-Object -Skip 1)
                $plain += Measure-Time { 1..$Count | ForEach-Object -Parallel { $_ } -ThrottleLimit $ThrottleLimit }
                if ($tracer) {
                    $said = node (Join-Path $tracer run.js) $env:LLMOBS_BASE_URI $dataset.Name $ThrottleLimit $Runs | Select-Object -Last 1 | ConvertFrom-Json
                    if ($said.rows -ne $Count) { throw "The run of dd-trace ended with $($said.rows) rows." }
                    $theirFirst += $said.seconds[0]
                    $theirLater += Get-Median ($said.seconds | Select-Object -Skip 1)
                }
            }
            $seconds = Get-Median $first
            New-Measurement "$Count records, two included evaluators, all stored, the first run of a process: seconds" $seconds '' $null
            New-Measurement 'a later run: seconds' (Get-Median $later) '' $null
            New-Measurement "1..$Count | ForEach-Object -Parallel { `$_ }, which stores nothing: seconds" (Get-Median $plain) '' $null
            New-Measurement 'a first run, times as fast as that' ((Get-Median $plain) / $seconds) 'at least 5' ((Get-Median $plain) / $seconds -ge 5)
            if ($tracer) {
                New-Measurement "dd-trace-js $($said.version), the same records, evaluators and sink, the first run of a process: seconds" (Get-Median $theirFirst) '' $null
                New-Measurement 'a later run of it: seconds' (Get-Median $theirLater) '' $null
                New-Measurement 'a first run, times as fast as a first one of it' ((Get-Median $theirFirst) / $seconds) '' $null
                $times = (Get-Median $theirLater) / (Get-Median $later)
                New-Measurement 'a later run, times as fast as a later one of it' $times 'at least 3' ($times -ge 3)
            } else { Write-Warning 'node or npm is not there, or dd-trace could not be installed: it is not measured.' }
        }

        if ('Wait' -in $Only) {
            # Tasks that wait, compared with the time of the waits alone.
            $waiting = New-Question 2000 10
            $ideal = 2000 * 0.1 / 32
            $seconds = Get-Median (1..$Rounds | ForEach-Object { Measure-Time { $waiting | Invoke-LlmObsExperiment bench -ThrottleLimit 32 -Task { Start-Sleep -Milliseconds 100 } -DiscardRow -CiMetadata:$false } })
            New-Measurement '2,000 records whose task sleeps 100 ms, -ThrottleLimit 32: times the ideal' ($seconds / $ideal) 'at most 1.15' ($seconds / $ideal -le 1.15)
        }

        if ('Memory' -in $Only) {
            # A new process: its peak minus its memory after the import of the module.
            $large = New-Question $LargeCount 1000
            $file = Join-Path $work memory.jsonl
            $child = @"
. '$PSScriptRoot/Memory.ps1'
Import-Module '$Manifest'
`$dataset = Get-LlmObsDataset -Project bench -Name '$($large.Name)'
`$idle = (Get-Memory).Now
`$run = `$dataset | Invoke-LlmObsExperiment memory -ThrottleLimit $ThrottleLimit -Task { `$_.Input } -ResultPath '$file' -DiscardRow -CiMetadata:`$false
[Math]::Round(((Get-Memory).Peak - `$idle) / 1MB)
`$run.RowCount
"@
            $peak, $rows = pwsh -NoProfile -NonInteractive -Command $child
            if ([int]$rows -ne $LargeCount) { throw "The run ended with $rows rows." }
            Remove-Item $file
            New-Measurement "$LargeCount records of 1 KB, -ResultPath, -DiscardRow: MB above idle at most" $peak 'at most 150' ([int]$peak -le 150)
        }

        if ('Stop' -in $Only) {
            # From Ctrl+C to the end of the pipeline, with tasks under way.
            $waiting ??= New-Question 2000 10
            $stops = foreach ($round in 1..$Rounds) {
                $shell = [powershell]::Create()
                [void]$shell.AddScript('param($m, $d, $n) Import-Module $m; $d | Invoke-LlmObsExperiment $n -ThrottleLimit 8 -Task { Start-Sleep 600 } -CiMetadata:$false').AddArgument($Manifest).AddArgument($waiting).AddArgument("stopped $round")
                $running = $shell.BeginInvoke()
                while (-not (Get-LlmObsExperiment -Project $waiting.ProjectId -LogicalName "stopped $round" | Where-Object Status -EQ running) -and -not $running.IsCompleted) { Start-Sleep -Milliseconds 50 }
                Start-Sleep -Seconds 1
                Measure-Time { $shell.Stop() }
                $shell.Dispose()
                $status = (Get-LlmObsExperiment -Project $waiting.ProjectId -LogicalName "stopped $round").Status
                if ($status -ne 'interrupted') { throw "The run that was stopped has the status $status." }
            }
            New-Measurement 'Ctrl+C with 8 tasks under way, status interrupted stored: seconds' (Get-Median $stops) 'at most 1' ((Get-Median $stops) -le 1)
        }
    } finally {
        $sink.StandardInput.Close()
        if (-not $sink.WaitForExit(5000)) { $sink.Kill() }
    }
)
$results

if ($Update) {
    # The section behind the mark is this script's; Program.cs of the bench keeps it.
    $file = Join-Path $repository bench RESULTS.md
    $mark = '<!-- Runs: written by Measure-Run.ps1 -Update. -->'
    $load = $IsLinux ? ", load average $((Get-Content /proc/loadavg) -split ' ' | Select-Object -First 1)" : ''
    $lines = $results | ForEach-Object {
        $held = if ($null -eq $_.Held) { '' } elseif ($_.Held) { 'met' } else { 'missed' }
        "| $($_.Measured.Replace('|', '\|')) | $($_.Value.ToString([cultureinfo]::InvariantCulture)) | $($_.Bar) | $held |"
    }
    $section = @(
        $mark, '', '## Runs', ''
        "Measured on $(Get-Date -Format yyyy-MM-dd) with ``pwsh -NoProfile -File bench/PowerShell/Measure-Run.ps1 -Update``: $([Environment]::ProcessorCount) processors$load, PowerShell $($PSVersionTable.PSVersion), medians of $Rounds."
        '', '| what | reached | bar | |', '| --- | --- | --- | --- |'
    ) + $lines
    # What other benches have written behind it, up to their mark, stays.
    $all = Get-Content $file -Raw
    $start = $all.IndexOf($mark)
    if ($start -lt 0) { $start = $all.Length }
    $end = $all.IndexOf('<!--', [math]::Min($start + $mark.Length, $all.Length))
    $behind = $end -lt 0 ? '' : "`n`n" + $all.Substring($end).TrimEnd()
    Set-Content $file ($all.Substring(0, $start).TrimEnd() + "`n`n" + ($section -join "`n") + $behind)
}
