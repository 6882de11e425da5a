# The task of an experiment: your application's answer to a record's input. This one takes its answers from a file; replace that with a
# call of your application. A task runs in a separate runspace: it keeps data that it loads once in $global:. Its second parameter,
# which this one does not need, is the configuration.
param($Record)

if (-not $global:answers) {
    $global:answers = @{}
    Import-Csv (Join-Path $PSScriptRoot data/evaluation.csv) | ForEach-Object { $global:answers[$_.question] = $_.answer }
}

$global:answers[[string]$Record.Input] ?? "I can't say."
