# Unexpectedly large input. HostileSizes.Tests.ps1 runs this in a separate pwsh, which may use 200 MB more
# for each call than its input already takes: a call that needs more ends in an out-of-memory error. One line of JSON per case.
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', 'Folder', Justification = 'New-File writes there.')]
param([string] $Manifest, [string] $BaseUri, [string] $Folder, [string] $Only)

$ErrorActionPreference = 'Stop'
Import-Module $Manifest
Add-Type -Path $PSScriptRoot/HostileTypes.cs
Set-LlmObsConfig -BaseUri $BaseUri -MaxRetryCount 0
$most = 200MB
$place = $Folder

$metric = @{ span_id = 's'; label = 'l'; score_value = 1; timestamp_ms = 1768473000123 }
function Get-Row($metadata) { $metric + @{ metadata = $metadata } }
function New-File([string] $name, [scriptblock] $write) {
    $path = Join-Path $place $name
    $file = [IO.File]::Create($path)
    $stream = $name.EndsWith('.gz') ? [IO.Compression.GZipStream]::new($file, [IO.Compression.CompressionLevel]::Fastest) : $file
    $writer = [IO.StreamWriter]::new($stream)
    & $write $writer
    $writer.Dispose()
    $path
}
function Write-Repeated($writer, [string] $text, [int] $times) { for ($i = 0; $i -lt $times; $i++) { $writer.Write($text) } }

$head = "span_id,label,score_value,timestamp_ms,reasoning`n"
$line = '{"span_id":"s","label":"l","score_value":1,"timestamp_ms":1768473000123'
$megabyte = 'x' * 1MB
$large = [LlmObs.Testing.Large]::Object(1000000)

$cases = [ordered]@{
    'a value with 1,000,000 properties'      = { Get-Row $large }
    'an object with 1,000,000 properties'    = { $o = $large; $script:large = $null; foreach ($key in $metric.Keys) { $o.PSObject.Properties.Add([psnoteproperty]::new($key, $metric[$key]), $true) }; $o }
    'a hashtable with 1,000,000 keys'        = { Get-Row ([LlmObs.Testing.Large]::Table(1000000, 'k')) }
    '100,000 columns of meta'                = { @{ span_id = 's'; trace_id = 't'; name = 'n'; start_ns = 1; duration = 1; project_id = 'p'; dataset_id = 'd' } + [LlmObs.Testing.Large]::Table(100000, 'meta.k') }
    'a list of 1,000,000 numbers'            = { Get-Row @{ a = [int[]]::new(1000000) } }
    'a list without end'                     = { Get-Row @{ a = [LlmObs.Testing.EndlessList]::new() } }
    'a number of a million digits'           = { Get-Row @{ a = [bigint]::Pow(10, 1000000) } }
    'a text of 10 MB'                        = { $metric + @{ reasoning = 'x' * 10MB } }
    'JSON text with 1,000,000 names'         = { $b = [Text.StringBuilder]::new($line); for ($i = 0; $i -lt 1000000; $i++) { [void]$b.Append(',"n').Append($i).Append('":1') }; $b.Append('}').ToString() }
    'JSON text with 100,000 members of meta' = { $b = [Text.StringBuilder]::new('{"span_id":"s","trace_id":"t","name":"n","start_ns":1,"duration":1,"project_id":"p","dataset_id":"d"'); for ($i = 0; $i -lt 100000; $i++) { [void]$b.Append(',"meta.k').Append($i).Append('":1') }; $b.Append('}').ToString() }
    'a cell of 10 MB.csv'                    = { New-File a.csv { param($w) $w.Write($head + 's,l,1,1768473000123,"'); Write-Repeated $w $megabyte 10; $w.Write("`"`n") } }
    'a line of 10 MB.jsonl'                  = { New-File b.jsonl { param($w) $w.Write($line + ',"reasoning":"'); Write-Repeated $w $megabyte 10; $w.Write("`"}`n") } }
    'a line of 100 MB.jsonl'                 = { New-File c.jsonl { param($w) $w.Write($line + ',"reasoning":"'); Write-Repeated $w $megabyte 100; $w.Write("`"}`n") } }
    'a value of 100 MB.json'                 = { New-File d.json { param($w) $w.Write('[' + $line + ',"reasoning":"'); Write-Repeated $w $megabyte 100; $w.Write('"}]') } }
    'a quote that is open for 100 MB.csv'    = { New-File e.csv { param($w) $w.Write($head + 's,l,1,1768473000123,"'); Write-Repeated $w $megabyte 100 } }
    'a line of 300 MB in an archive.jsonl'   = { New-File f.jsonl.gz { param($w) $w.Write($line + ',"reasoning":"'); Write-Repeated $w $megabyte 300 } }
    '500 rows of 200 kB in an archive.csv'   = { New-File g.csv.gz { param($w) $w.Write("span_id,label,score_value,timestamp_ms,unknown`n"); Write-Repeated $w ('s,l,1,1768473000123,' + 'x' * 200kB + "`n") 500 } }
    '100,000 columns.csv'                    = { New-File h.csv { param($w) $w.Write('span_id,label,score_value,timestamp_ms'); for ($i = 0; $i -lt 100000; $i++) { $w.Write(",c$i") }; $w.Write("`ns,l,1,1768473000123" + ',' * 100000 + "`n") } }
}

foreach ($name in $cases.Keys) {
    if ($Only -and $name -notlike $Only) { continue }
    $made = & $cases[$name]
    [GC]::Collect([GC]::MaxGeneration, [GCCollectionMode]::Aggressive, $true, $true)
    # The runtime's present memory, used or not: it can't keep a limit below this.
    $before = [GC]::GetGCMemoryInfo([GCKind]::Any).TotalCommittedBytes
    [AppContext]::SetData('GCHeapHardLimit', [ulong]($before + $most))
    [GC]::RefreshMemoryLimit()
    $process = Get-Process -Id $PID
    $cpu = $process.TotalProcessorTime
    $said = @(
        if ($name -match '\.\w+$') { Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -LiteralPath $made -ErrorAction Continue 3>$null 2>&1 }
        else { try { , $made | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorAction Continue 3>$null 2>&1 } catch { $_ } }
    )
    $process.Refresh()
    $result = $said | Where-Object { $_ -is [LlmObs.SendResult] }
    [pscustomobject]@{
        name       = $name
        cpuSeconds = ($process.TotalProcessorTime - $cpu).TotalSeconds
        sent       = [long]($result.SpanCount + $result.MetricCount)
        bytes      = [long]$result.ByteCount
        errors     = @($said | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" })
    } | ConvertTo-Json -Compress
    [AppContext]::SetData('GCHeapHardLimit', [ulong]8GB)
    [GC]::RefreshMemoryLimit()
    $made = $null
    $Error.Clear()
}
