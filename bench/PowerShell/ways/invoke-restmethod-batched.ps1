# The usual script of today: rows to hashtables, ConvertTo-Json, and Invoke-RestMethod for every 1,000 spans.
param([string] $File, [string] $BaseUri)

$ProgressPreference = 'SilentlyContinue' # its progress bar would cost more than the request
$address = "${BaseUri}api/v2/llm-obs/v1/experiments/bench/events"

function Send-Batch($Spans) {
    $body = @{ data = @{ type = 'events'; attributes = @{ spans = $Spans } } } | ConvertTo-Json -Depth 8 -Compress
    $null = Invoke-RestMethod -Uri $address -Method Post -ContentType 'application/json; charset=utf-8' -Body $body
}

$spans = [System.Collections.Generic.List[object]]::new()
foreach ($row in Import-Csv $File) {
    $meta = @{ input = $row.input; output = $row.output }
    if ($row.expected_output) {
        $meta.expected_output = $row.expected_output
    }

    if ($row.error_message) {
        $meta.error = @{ message = $row.error_message; type = $row.error_type }
    }

    $span = @{
        trace_id = $row.trace_id; span_id = $row.span_id; project_id = 'bench-project'; dataset_id = 'bench-dataset'; name = $row.name
        start_ns = [long]$row.start_ns; duration = [long]$row.duration; status = $row.status; meta = $meta
    }
    if ($row.tags) {
        $span.tags = $row.tags.Split(',')
    }

    $spans.Add($span)
    if ($spans.Count -eq 1000) {
        Send-Batch $spans
        $spans.Clear()
    }
}

if ($spans.Count) {
    Send-Batch $spans
}
