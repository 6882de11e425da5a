#Requires -Version 7.6
<#
.SYNOPSIS
    LLM experiments from beginning to end: make a dataset, run an experiment on it, score it, and compare a second one with it.
.DESCRIPTION
    Read it from top to bottom, or run it line by line. It needs no Datadog account: if LLMOBS_BASE_URI does not name
    a running emulator, it starts one inside this process.
.PARAMETER ModulePath
    The module's manifest; by default the one that 'dotnet build' assembles in this repository.
.PARAMETER ReportPath
    The page with both runs of the bot side by side; by default report.html in the current folder.
.PARAMETER ResultPath
    A file for a summary in JSON: the objects that were made, the counts that were sent, and the averages.
.EXAMPLE
    pwsh samples/quickstart.ps1
#>
[CmdletBinding()]
param(
    [string] $ModulePath,
    [string] $ReportPath = 'report.html',
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

# With an account you would run once per session:  Set-LlmObsConfig -Site datadoghq.eu -ApiKey ... -AppKey ...
# The emulator needs neither an account nor keys.
$startedHere = if (-not $env:LLMOBS_BASE_URI) { Start-LlmObsEmulator -PassThru }


'1. Make a dataset of questions and right answers, from CSV'

$project = New-LlmObsProject -Name 'support-bot' -Description 'Answers questions about Mossbridge'
$dataset = $project | New-LlmObsDataset -Name 'support questions' -Metadata @{ source = 'help desk' }
$added = $dataset | Add-LlmObsDatasetRecord -Path "$data/evaluation.csv" -InputColumn question -ExpectedColumn truth -MetadataColumn id, category
$added | Format-Table CreatedCount, SkippedCount, FailedCount, RequestCount

$shown = @{ Label = 'Input'; Expression = 'Input'; Width = 36 }, @{ Label = 'ExpectedOutput'; Expression = 'ExpectedOutput'; Width = 42 }
$dataset | Get-LlmObsDatasetRecord | Where-Object Input -Match '^[ -~]{10,35}\?$' | Select-Object -First 3 | Format-Table $shown


'2. Create an experiment on it'

$settings = @{
    Name        = 'support-bot-quickstart'
    Dataset     = $dataset
    Description = 'Answers of a support bot, with and without articles at hand'
    Config      = @{ model = 'bot-large-2'; temperature = 0.2; retrieval = @{ top_k = 2 } }
    Metadata    = @{ team = 'support'; judge = 'rubric-v2' }
}
$experiment = New-LlmObsExperiment @settings
$experiment | Format-Table LogicalName, Id, DatasetVersion


'3. Send spans: what the bot was asked and answered, from CSV and JSON Lines'

$sentSpans = $experiment | Send-LlmObsEvent -Path "$data/spans.*"
$sentSpans | Format-Table


'4. Send metrics: how answers were scored, from JSON Lines and the pipeline'

$sentMetrics = @(
    $experiment | Send-LlmObsEvent -Path "$data/metrics.jsonl"
    Import-Csv "$data/metrics.csv" | Send-LlmObsEvent -Experiment $experiment
)
$sentMetrics | Format-Table


'5. Send what a script has measured itself'

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
$sentByHand | Format-Table


'6. Average the scores, and see whether articles at hand have helped'

$scored = @{ Experiment = $experiment; Label = 'faithfulness', 'answer_relevancy' }

$byLabel = Invoke-LlmObsAggregate @scored -Compute @{ avg_score = 'score_value' } -GroupBy label
$byLabel | Sort-Object label | Format-Table label, avg_score

$byName = Invoke-LlmObsAggregate @scored -Compute @{ avg_score = 'score_value' } -GroupBy name, label
$byName | Sort-Object label, name | Format-Table label, name, avg_score


'7. Close the experiment'

$experiment = $experiment | Set-LlmObsExperiment -Status completed
$experiment | Format-Table LogicalName, Status


'8. Run a second experiment, from a table of answers and scores, and compare it with the first'

$settings = @{
    Name               = 'support-bot-quickstart-candidate'
    Dataset            = $dataset
    ParentExperiment = $experiment
    Config             = @{ model = 'bot-small-3'; temperature = 0.2 }
}
$candidate = New-LlmObsExperiment @settings
$columns = @{
    InputColumn    = 'question'
    OutputColumn   = 'answer'
    ExpectedColumn = 'truth'
    MetricColumn   = 'faithfulness', 'is_correct', 'category'
    IdColumn       = 'id'
    DurationColumn = 'latency_ms'
}
$sentTable = $candidate | Send-LlmObsEvent -Path "$data/evaluation.csv" @columns
$sentTable | Format-Table
$candidate = $candidate | Set-LlmObsExperiment -Status completed

$comparison = Invoke-LlmObsAggregate -Experiment $experiment, $candidate -Label faithfulness -Compute @{ faithfulness = 'score_value' } -GroupBy experiment_id
$experiment, $candidate | ForEach-Object {
    $average = ($comparison | Where-Object experiment_id -EQ $_.Id).faithfulness
    [pscustomobject]@{ Experiment = $_.LogicalName; Model = $_.Config.model; Faithfulness = [Math]::Round($average, 3) }
} | Format-Table


'9. Run a bot over the dataset, twice, and see whether the second version is better'

# A bot without a model: it returns the article that shares most words with the question. Its second version also looks at shorter words.
$articles = @((Import-Csv "$data/evaluation.csv").truth | Sort-Object -Unique)
$bot = {
    param($Record, $Config)
    $words = [regex]::Matches($Record.Input.ToLowerInvariant(), "\w{$($Config.shortest_word),}").Value
    $using:articles | Sort-Object -Stable -Descending { $article = $_; @($words | Where-Object { $article.Contains($_, 'OrdinalIgnoreCase') }).Count } |
        Select-Object -First 1
}
$runs = 8, 4 | ForEach-Object {
    $settings = @{
        Name      = 'support-bot-quickstart-run'
        Config    = @{ shortest_word = $_ }
        Task      = $bot
        Evaluator = (New-LlmObsEvaluator -ExactMatch), (New-LlmObsEvaluator -Similarity -Threshold 0.5)
    }
    $dataset | Invoke-LlmObsExperiment @settings
}
$runs | ForEach-Object {
    [pscustomobject]@{ Experiment = $_.Experiment.LogicalName; ShortestWord = $_.Experiment.Config.shortest_word; Rows = $_.RowCount; Right = $_.Metrics[0].Rate }
} | Format-Table

$verdicts = Compare-LlmObsExperiment $runs[0] $runs[1] | Where-Object Label -NE duration
$verdicts | Format-Table


'10. Write a page of it, to be mailed or kept: plots, verdicts, and every answer beside the one before'

$report = $runs[1] | Export-LlmObsReport -Path $ReportPath -Baseline $runs[0] -Title 'The bot that looks at shorter words' -PassThru
"The report: $($report.FullName)"
''

if ($ResultPath) {
    $averages = [ordered]@{}
    $byLabel | ForEach-Object { $averages[$_.label] = $_.avg_score }
    $byName | ForEach-Object { $averages["$($_.name)/$($_.label)"] = $_.avg_score }
    $sent = @($sentSpans; $sentMetrics; $sentByHand)
    [ordered]@{
        report        = $report.FullName
        experiment_id = $experiment.Id
        spans         = [long] ($sent | Measure-Object SpanCount -Sum).Sum
        metrics       = [long] ($sent | Measure-Object MetricCount -Sum).Sum
        averages      = $averages
        project_id    = $project.Id
        dataset_id    = $dataset.Id
        records       = $added.CreatedCount
        candidate     = [ordered]@{
            experiment_id = $candidate.Id
            spans         = $sentTable.SpanCount
            metrics       = $sentTable.MetricCount
            faithfulness  = ($comparison | Where-Object experiment_id -EQ $candidate.Id).faithfulness
        }
        runs          = @($runs | ForEach-Object { [ordered]@{ experiment_id = $_.Experiment.Id; rows = $_.RowCount; right = $_.Metrics[0].Rate } })
        verdict       = [ordered]@{ label = $verdicts[0].Label; pairs = $verdicts[0].PairCount; delta = $verdicts[0].Delta }
    } | ConvertTo-Json | Set-Content -LiteralPath $ResultPath
}

if ($startedHere) {
    $startedHere | Stop-LlmObsEmulator
}
