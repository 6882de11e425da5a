# Dot-sourced by the tests of faults: 20,000 events, a clock without waits, and the expected content of an emulator.
if (-not ('LlmObs.Testing.FaultyRelay' -as [type])) { Add-Type -Path $PSScriptRoot/../../Support/WaitlessTime.cs, $PSScriptRoot/FaultyRelay.cs }
if (-not ('LlmObs.Testing.StoredEvents' -as [type])) { Add-Type -Path $PSScriptRoot/StoredEvents.cs }
$events = 20000
$limit = 59 # seconds; no wait is as long
$clients = (Get-Command Send-LlmObsEvent).ImplementingType.Assembly.GetType('LlmObs.PowerShell.Session.ClientCache')

function New-EventFile([string] $name, [int] $first, [int] $last) {
    $path = Join-Path $TestDrive $name
    [IO.File]::WriteAllText($path, "span_id,label,score_value`ns" + (($first..$last) -join ",l,1`ns") + ',l,1')
    $path
}

function Start-Case([hashtable[]] $faults = @()) {
    # An emulator with a journal of its own, and an experiment in it.
    $script:clock = [LlmObs.Testing.WaitlessTime]::new($limit)
    $clients::UseTime($clock)
    $script:journal = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
    Start-LlmObsEmulator -Path $script:journal -Fault @($faults | ForEach-Object { [LlmObs.EmulatorFault] $_ })
    Set-LlmObsConfig -MaxRetryCount 20 -TimeoutSec $limit
    New-TestExperiment
}

function Assert-Stored($result, [int] $lost, $problem) {
    $problem | Should -BeNullOrEmpty
    $result.MetricCount, $result.FailedCount | Should -Be @($events, 0)
    $all, $different, $missing = [LlmObs.Testing.StoredEvents]::Count($journal, $events)
    $missing | Should -Be 0
    $different | Should -Be $events
    ($all - $different) | Should -Be $lost -Because 'stored twice is only what was stored and not answered'
    (Get-LlmObsEmulator).MetricCount | Should -Be $all
}
