# The simplest thing that works: one request a span.
param([string] $File, [string] $BaseUri)

$ProgressPreference = 'SilentlyContinue'
$address = "${BaseUri}api/v2/llm-obs/v1/experiments/bench/events"
foreach ($row in Import-Csv $File) {
    $span = @{
        trace_id = $row.trace_id; span_id = $row.span_id; project_id = 'bench-project'; dataset_id = 'bench-dataset'; name = $row.name
        start_ns = [long]$row.start_ns; duration = [long]$row.duration; status = $row.status
        meta = @{ input = $row.input; output = $row.output }
    }
    $body = @{ data = @{ type = 'events'; attributes = @{ spans = @($span) } } } | ConvertTo-Json -Depth 8 -Compress
    $null = Invoke-RestMethod -Uri $address -Method Post -ContentType 'application/json; charset=utf-8' -Body $body
}
