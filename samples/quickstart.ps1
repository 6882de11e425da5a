#Requires -Version 7.6
<#
.SYNOPSIS
    An LLM experiment from beginning to end: create it, fill it, score it, close it.
.DESCRIPTION
    Read it from top to bottom, or run it line by line. It needs no Datadog account: where LLMOBS_BASE_URI does not name
    an emulator that runs already, it starts one inside this process.
.PARAMETER ModulePath
    The module's manifest. By default the one that 'dotnet build' assembles beside this repository's sources.
.PARAMETER ResultPath
    A file for a summary in JSON: what was sent where, and the averages that came back.
.EXAMPLE
    pwsh samples/quickstart.ps1
#>
[CmdletBinding()]
param(
    [string] $ModulePath,
    [string] $ResultPath
)

$ErrorActionPreference = 'Stop'
$data = [WildcardPattern]::Escape((Join-Path $PSScriptRoot 'data'))

if (-not $ModulePath) {
    $repository = Split-Path $PSScriptRoot
    $version = (Import-PowerShellDataFile -LiteralPath (Join-Path $repository 'LlmObs.psd1')).ModuleVersion
    $ModulePath = Join-Path $repository 'out' 'LlmObs' $version 'LlmObs.psd1'
    if (-not (Test-Path -LiteralPath $ModulePath)) {
        throw "The module is not built yet. Run 'dotnet build LlmObsPS.sln' first."
    }
}

Import-Module $ModulePath

# With an account you would say, once in a session:  Set-LlmObsConfig -Site datadoghq.eu -ApiKey ... -AppKey ...
# The emulator needs neither an account nor keys.
$startedHere = if (-not $env:LLMOBS_BASE_URI) { Start-LlmObsEmulator -PassThru }


'1. Create an experiment'

$settings = @{
    Name        = 'support-bot-quickstart'
    ProjectId   = '7c0e4a52-93b1-4f0d-8a86-2f6d1b5e9c37'
    DatasetId   = 'd41b7f60-5a2e-4c8b-b0f3-6e9a17c2d885'
    Description = 'Answers of a support bot, with and without articles at hand'
    Config      = @{ model = 'bot-large-2'; temperature = 0.2; retrieval = @{ top_k = 2 } }
    Metadata    = @{ team = 'support'; judge = 'rubric-v2' }
}
$experiment = New-LlmObsExperiment @settings
$experiment | Format-Table Name, Id


'2. Send spans: what the bot was asked and answered, from CSV and JSON Lines'

$sentSpans = $experiment | Send-LlmObsEvent -Path "$data/spans.*"
$sentSpans | Format-Table SpanCount, MetricCount, FailedCount, RequestCount, ByteCount, Elapsed


'3. Send metrics: how answers were scored, from JSON Lines and the pipeline'

$sentMetrics = @(
    $experiment | Send-LlmObsEvent -Path "$data/metrics.jsonl"
    Import-Csv "$data/metrics.csv" | Send-LlmObsEvent -Experiment $experiment
)
$sentMetrics | Format-Table SpanCount, MetricCount, FailedCount, RequestCount, ByteCount, Elapsed


'4. Send what a script has measured itself'

$question = @{
    Name           = 'answer_question'
    Input          = 'Can I use "Mossbridge" offline? 📴'
    Output         = 'Yes. Mark a folder with ''Keep on this device''.'
    ExpectedOutput = @{ answer = 'Mark the folder with ''Keep on this device''.' }
    Duration       = [timespan]::FromSeconds(1.25)
    Tag            = 'topic:offline', 'lang:en'
}
$answered = New-LlmObsSpan @question

$question = @{
    Name         = 'answer_question'
    Input        = 'What does the Business plan cost?'
    ErrorType    = 'TimeoutError'
    ErrorMessage = 'The model did not answer within 30 s.'
    Duration     = [timespan]::FromSeconds(30)
    Tag          = 'topic:plans', 'lang:en'
}
$unanswered = New-LlmObsSpan @question

$scores = @(
    $answered | New-LlmObsMetric -Label faithfulness -Score 0.96 -Assessment pass
    $answered | New-LlmObsMetric -Label answer_relevancy -Score 0.91 -Assessment pass
    $answered | New-LlmObsMetric -Label category -Category sync
    $answered | New-LlmObsMetric -Label rubric -Json @{ completeness = 4; tone = 5 }
    $unanswered | New-LlmObsMetric -Label correctness -Boolean $false -Assessment fail -Reasoning 'There is no answer.'
)
$scores | Format-Table Label, MetricType, Assessment, Value

$sentByHand = @($answered; $unanswered; $scores) | Send-LlmObsEvent -Experiment $experiment
$sentByHand | Format-Table SpanCount, MetricCount, FailedCount, RequestCount, ByteCount, Elapsed


'5. Average the scores, and see whether articles at hand have helped'

$scored = @{ ExperimentId = $experiment.Id; Label = 'faithfulness', 'answer_relevancy' }

$byLabel = Invoke-LlmObsAggregate @scored -Compute @{ avg_score = 'score_value' } -GroupBy label
$byLabel | Sort-Object label | Format-Table label, avg_score

$byName = Invoke-LlmObsAggregate @scored -Compute @{ avg_score = 'score_value' } -GroupBy name, label
$byName | Sort-Object label, name | Format-Table label, name, avg_score


'6. Close the experiment'

$experiment = $experiment | Set-LlmObsExperiment -Status completed
$experiment | Format-Table Name, Status


if ($ResultPath) {
    $averages = [ordered]@{}
    $byLabel | ForEach-Object { $averages[$_.label] = $_.avg_score }
    $byName | ForEach-Object { $averages["$($_.name)/$($_.label)"] = $_.avg_score }
    $sent = @($sentSpans; $sentMetrics; $sentByHand)
    [ordered]@{
        experiment_id = $experiment.Id
        spans         = [long] ($sent | Measure-Object SpanCount -Sum).Sum
        metrics       = [long] ($sent | Measure-Object MetricCount -Sum).Sum
        averages      = $averages
    } | ConvertTo-Json | Set-Content -LiteralPath $ResultPath
}

if ($startedHere) {
    $startedHere | Stop-LlmObsEmulator
}
