# Dot-sourced by the Pester files about runs of experiments, after TestSession.ps1.

# A dataset of the running emulator with so many questions, whose ids are q-1, q-2 and so on.
function New-Question([int] $count) {
    $made = New-LlmObsProject bot | New-LlmObsDataset questions
    [void](1..$count | ForEach-Object { @{ id = "q-$_"; input = "question $_"; expected_output = "answer $_"; metadata = @{ number = $_ } } } | Add-LlmObsDatasetRecord -Dataset $made)
    $made
}

# The spans that the emulator has of a run or an experiment.
function Get-Stored($run) { @(Get-LlmObsEvent -ExperimentId ($run.Experiment.Id ?? $run.Id)) }

# The records that spans are of, one for each span.
function Get-RecordId($spans) { $spans | ForEach-Object { $_.Tags -match '^dataset_record_id:' -replace '^dataset_record_id:' } }

# A process of its own that runs a script with the module, against the emulator of this one.
function Start-RunProcess([string] $script, [hashtable] $variables = @{}) {
    Start-ModuleProcess "`$ErrorActionPreference = 'Stop'; $script" (Get-LlmObsEmulator).BaseUri $variables
}
