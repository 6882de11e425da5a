#Requires -Version 7.6
<#
.SYNOPSIS
Simulates agents that send to a service which is far away, limits its rate, and fails now and then.

.DESCRIPTION
The service is a sink on loopback that answers each request after 200 ms; a token bucket answers 429 with x-ratelimit-reset, as Datadog does;
one request in a hundred fails with 503. Agents are processes of their own that know nothing of each other. Each case is one object.

.EXAMPLE
pwsh -NoProfile -File bench/PowerShell/Measure-Scale.ps1
#>
[CmdletBinding()]
param(
    [string] $Manifest,
    # Spans that each agent sends in the cases without a rate limit.
    [int] $Count = 100000,
    # Requests a second that the service takes in the cases with one.
    [double] $Rate = 20
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$repository = Split-Path (Split-Path $PSScriptRoot)
if (-not $Manifest) {
    $version = (Import-PowerShellDataFile (Join-Path $repository LlmObs.psd1)).ModuleVersion
    $Manifest = Join-Path $repository out LlmObs $version LlmObs.psd1
}

dotnet build (Join-Path $repository bench LlmObs.Bench.Sink) --configuration Release --verbosity quiet --nologo | Out-Null
$sinkProgram = Get-ChildItem (Join-Path $repository bench LlmObs.Bench.Sink bin Release) -Recurse -Filter LlmObs.Bench.Sink.dll | Select-Object -First 1 -ExpandProperty FullName
$folder = Join-Path ([IO.Path]::GetTempPath()) "llmobs-scale-$PID"
[void](New-Item -ItemType Directory $folder)

function New-SpanFile([int] $count) {
    $path = Join-Path $folder "spans-$count.csv"
    if (-not (Test-Path $path)) {
        $writer = [IO.StreamWriter]::new($path)
        $writer.WriteLine('span_id,trace_id,name,start_ns,duration,input,output')
        $text = 'How do I reset my password and who else will hear of it? ' * 6
        for ($i = 0; $i -lt $count; $i++) { $writer.WriteLine("s$i,t$i,answer,1768473000000000000,1000000,$i $text,$text") }
        $writer.Dispose()
    }
    $path
}

# Each agent is a process that reports when it is ready: the start of PowerShell is not measured.
$agentScript = Join-Path $folder agent.ps1
Set-Content $agentScript @'
param($Manifest, $BaseUri, $File, $Options)
$ProgressPreference = $WarningPreference = 'SilentlyContinue'
Import-Module $Manifest
Set-LlmObsConfig -BaseUri $BaseUri -ApiKey fake-api-key-0000000000000000 -AppKey fake-app-key-0000000000000000
$options = $Options | ConvertFrom-Json -AsHashtable
@{ span_id = 's'; label = 'warm'; score_value = 1 } | Send-LlmObsEvent -Experiment 00000000-0000-4000-8000-00000000000a | Out-Null
'ready'
[void][Console]::ReadLine()
$result = Send-LlmObsEvent -Experiment 00000000-0000-4000-8000-00000000000b -ProjectId p -DatasetId d -Path $File @options -ErrorVariable problems -ErrorAction SilentlyContinue
@{ seconds = $result.Elapsed.TotalSeconds; events = $result.SpanCount; problem = "$($problems | Select-Object -First 1)"; failed = $result.FailedCount; requests = $result.RequestCount; retries = $result.RetryCount } | ConvertTo-Json -Compress
'@

function Start-Child([string] $program, [string[]] $arguments) {
    $start = [Diagnostics.ProcessStartInfo]::new($program)
    $arguments | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    [Diagnostics.Process]::Start($start)
}

function Measure-Case([string] $name, [int] $agentCount, [int] $count, [string[]] $sinkOptions, [hashtable] $options = @{}, [double] $ideal = 0) {
    $sink = Start-Child dotnet (@($sinkProgram) + $sinkOptions)
    $agents = @()
    try {
        $address = "http://127.0.0.1:$($sink.StandardOutput.ReadLine().Split(' ')[1])"
        $file = New-SpanFile $count
        $agents = @(1..$agentCount | ForEach-Object {
                $own = $options.Clone()
                if ($own.SpoolPath) { $own.SpoolPath = Join-Path $folder "spool-$_"; [void](New-Item -ItemType Directory $own.SpoolPath -Force) }
                Start-Child pwsh @('-NoProfile', '-NonInteractive', '-File', $agentScript, $Manifest, $address, $file, ($own | ConvertTo-Json -Compress))
            })
        $agents | ForEach-Object { while (($line = $_.StandardOutput.ReadLine()) -ne 'ready') { if ($null -eq $line) { throw 'An agent ended before it was ready.' } } }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $agents | ForEach-Object { $_.StandardInput.WriteLine() }
        $results = @($agents | ForEach-Object { $_.StandardOutput.ReadToEnd() | ConvertFrom-Json })
        $seconds = $watch.Elapsed.TotalSeconds
        $results.problem | Where-Object { $_ } | Select-Object -First 1 | ForEach-Object { Write-Warning "${name}: $_" }
        $counts = Invoke-RestMethod $address
        $sent = ($results | Measure-Object events -Sum).Sum
        [pscustomobject]@{
            Case = $name; Agents = $agentCount; Events = $sent; Failed = ($results | Measure-Object failed -Sum).Sum; Seconds = [math]::Round($seconds, 1)
            EventsPerSecond = [math]::Round($sent / $seconds); OfIdeal = $ideal ? [math]::Round($sent / $seconds / $ideal, 2) : $null
            Requests = $counts.requests; Limited = $counts.limited; Failures = $counts.failed
            FirstAgent = [math]::Round(($results | Measure-Object seconds -Minimum).Minimum, 1); LastAgent = [math]::Round(($results | Measure-Object seconds -Maximum).Maximum, 1)
        }
    }
    finally {
        $agents + $sink | Where-Object { $_ -and -not $_.HasExited } | ForEach-Object { $_.Kill() }
    }
}

$far = '--delay', '200'
$limited = '--delay', '200', '--rate', "$Rate", '--fault', '1'
try {
    # The limit of a round trip of 200 ms: requests at once, over 200 ms, times the events of one.
    foreach ($throttle in 4, 8, 16) { Measure-Case "200 ms, -ThrottleLimit $throttle" 1 $Count $far @{ ThrottleLimit = $throttle } ($throttle * 1000 / 0.2) }
    Measure-Case '200 ms, -SpoolPath' 1 $Count $far @{ SpoolPath = 'spool' } (4 * 1000 / 0.2)
    Measure-Case 'at once' 1 $Count @('--delay', '0')
    Measure-Case 'at once, -SpoolPath' 1 $Count @('--delay', '0') @{ SpoolPath = 'spool' }
    # The service accepts this many requests a second from all senders; batches of 100 events keep the files small.
    foreach ($agentCount in 1, 2, 4, 8) { Measure-Case "$Rate requests a second, 1 % of 503" $agentCount ([int](3000 * $Rate / $agentCount)) $limited @{ BatchSize = 100 } (100 * $Rate) }
}
finally {
    Remove-Item $folder -Recurse -Force
}
