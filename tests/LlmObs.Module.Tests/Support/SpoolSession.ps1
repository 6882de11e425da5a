# Dot-sourced by the Pester files about the spool, after TestSession.ps1.
function New-MetricFile([string] $name, [int] $count) {
    $file = Join-Path $TestDrive $name
    $text = [System.Text.StringBuilder]::new("span_id,label,score_value`n")
    foreach ($number in 1..$count) { [void]$text.Append("s$number,l,$number`n") }
    [IO.File]::WriteAllText($file, $text.ToString())
    $file
}

# The emulator's journal, which it may still be writing.
function Read-Journal([string] $journal) {
    $file = [IO.FileStream]::new((Join-Path $journal journal.jsonl), 'Open', 'Read', 'ReadWrite')
    $reader = [IO.StreamReader]::new($file)
    try { $reader.ReadToEnd() } finally { $reader.Dispose() }
}

# How often each span id of the journal is stored: 's12' -> 1.
function Get-Stored([string] $journal) {
    $stored = [System.Collections.Generic.Dictionary[string, int]]::new()
    foreach ($match in [regex]::Matches((Read-Journal $journal), '"span_id":"(s\d+)"')) {
        $id = $match.Groups[1].Value
        $stored[$id] = $stored.ContainsKey($id) ? $stored[$id] + 1 : 1
    }
    $stored
}

# A process of its own that runs a line with the module, against a service of this one.
function Start-Sender([string] $script, [string] $baseUri) { Start-ModuleProcess "`$ErrorActionPreference = 'Continue'; $script" $baseUri }

# Waits for a condition; false if the process ends before.
function Wait-While([Diagnostics.Process] $process, [scriptblock] $until) { Wait-Until $until { $process.HasExited } }

function Get-Left([string] $spool) { @(Get-ChildItem $spool -File -ErrorAction Ignore | ForEach-Object Name) }

# A send that is stopped while its first two requests wait for their answers, as Ctrl+C would.
function Stop-Midway([string] $file, [string] $spool, [string] $more = '-BatchSize 100') {
    $server = New-Server
    1..50 | ForEach-Object { $server.Answer(202, '', $null, 60000) } | Out-Null
    $shell = [powershell]::Create()
    [void]$shell.AddScript("Import-Module '$env:LLMOBS_TEST_MANIFEST'; Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path '$file' -SpoolPath '$spool' $more -ThrottleLimit 2")
    $running = $shell.BeginInvoke()
    Wait-Until { $server.Requests.Count -ge 2 } { $running.IsCompleted } | Should -BeTrue
    $shell.Stop()
    $shell.Dispose()
    $server.Dispose()
}

# The numbers of the span ids that reached a server, in their order.
function Get-Number($server) {
    $server.Requests.Body | ForEach-Object { [regex]::Matches($_, '"span_id":"s(\d+)"') | ForEach-Object { [int]$_.Groups[1].Value } }
}

# Other bytes of the same length in a file, which keeps its time.
function Set-FileByte([string] $file, [byte[]] $bytes) {
    $time = (Get-Item $file).LastWriteTimeUtc
    [IO.File]::WriteAllBytes($file, $bytes)
    (Get-Item $file).LastWriteTimeUtc = $time
}
