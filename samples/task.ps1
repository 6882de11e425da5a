# The task of an experiment: what your application answers to a record's input. This one has its answers from a file; put a call of
# your application in its place. A task runs in a runspace of its own: what it loads once, it keeps in $global:. Its second parameter,
# which this one has no use for, is the configuration.
param($Record)

if (-not $global:answers) {
    $global:answers = @{}
    Import-Csv (Join-Path $PSScriptRoot data/evaluation.csv) | ForEach-Object { $global:answers[$_.question] = $_.answer }
}

$global:answers[[string]$Record.Input] ?? "I can't say."
