BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $data = Join-Path $PSScriptRoot Data ToolFiles
    function Get-Sent { Get-Attribute $server }
}

Describe 'Results of other tools' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'sends <file> by one line' -ForEach @(
        @{ file = 'azure-ai-evaluation.json'; labels = 'outputs.relevance.relevance'; values = 5
            line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -RowPath rows -InputColumn inputs.query -OutputColumn outputs.response -ExpectedColumn inputs.ground_truth -MetricColumn outputs.relevance.relevance @common } }
        @{ file = 'promptfoo.json'; labels = 'score', 'score', 'success', 'success', 'correct', 'correct'; values = 1, 0, $true, $false, 1, 0
            line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -RowPath results.results -InputColumn vars.question -OutputColumn response.output -MetricColumn score, success, @{ '*' = 'namedScores.*' } -IdColumn id -DurationColumn latencyMs @common } }
        @{ file = 'ragas.jsonl'; labels = 'faithfulness', 'answer_relevancy', 'answer_relevancy'; values = 1, 0.9, 0.8
            line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn user_input -OutputColumn response -ExpectedColumn reference -MetricColumn faithfulness, answer_relevancy @common } }
        @{ file = 'deepeval.json'; labels = 'Answer Relevancy', 'Answer Relevancy', 'Faithfulness', 'Faithfulness'; values = 0.9, 0.2, 1, 1
            line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -RowPath testCases -InputColumn input -OutputColumn actualOutput -ExpectedColumn expectedOutput -MetricColumn metricsData -IdColumn name @common } }
        @{ file = 'mlflow-eval-results-table.json'; labels = 'toxicity/v1/score'; values = 0.01
            line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn inputs -OutputColumn outputs -ExpectedColumn ground_truth -MetricColumn toxicity/v1/score @common } }
        @{ file = 'lm-eval-samples.jsonl'; labels = 'exact_match', 'exact_match'; values = 1, 0
            line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn doc.question -OutputColumn 'filtered_resps[0]' -ExpectedColumn target -MetricColumn exact_match -IdColumn doc_id @common } }
        @{ file = 'openai-evals.jsonl'; labels = 'data.correct', 'data.correct'; values = $true, $false; noInput = $true
            line = { Get-Content $file | ConvertFrom-Json | Where-Object type -EQ match | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 -OutputColumn data.sampled -ExpectedColumn data.expected -MetricColumn data.correct -IdColumn sample_id @common } }
        @{ file = 'inspect-log.json'; labels = 'scores.match.value', 'scores.match.value'; values = 'C', 'I'
            line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -RowPath samples -InputColumn input -OutputColumn 'messages[-1].content' -ExpectedColumn target -MetricColumn scores.match.value -IdColumn id @common } }
        @{ file = 'langsmith.jsonl'; labels = 'correctness', 'correctness'; values = 1, 0
            line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn inputs.question -OutputColumn outputs.answer -ExpectedColumn reference_outputs.answer -MetricColumn evaluation_results.results -IdColumn id @common } }
        @{ file = 'pandas-records.json'; labels = 'f', 'f'; values = 0.1, 0.95; line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn q -MetricColumn f @common } }
        @{ file = 'pandas-lines.json'; labels = 'f', 'f'; values = 0.1, 0.95; line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn q -MetricColumn f @common } }
        @{ file = 'pandas-split.json'; labels = 'f', 'f'; values = 0.1, 0.95; line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn q -MetricColumn f @common } }
        @{ file = 'pandas-index.json'; labels = 'f', 'f'; values = 0.1, 0.95; line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn q -MetricColumn f @common } }
        @{ file = 'pandas-columns.json'; labels = 'f', 'f'; values = 0.1, 0.95; line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn q -MetricColumn f @common } }
        @{ file = 'pandas-values.json'; labels = '[1]', '[1]'; values = 0.1, 0.95; line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -InputColumn '[0]' -MetricColumn '[1]' @common } }
        @{ file = 'pandas-table.json'; labels = 'f', 'f'; values = 0.1, 0.95; line = { Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file -RowPath data -InputColumn q -MetricColumn f @common } }
    ) {
        $questions = 'What is the capital of France?', 'Who wrote Faust?'
        $file = Join-Path $data $file
        $common = @{ ProjectId = 'p'; DatasetId = 'd'; WarningAction = 'Ignore'; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'problem' }
        $result = . $line
        $problem.Count | Should -Be 0 -Because "$problem"
        $result.SpanCount | Should -Be 2
        $result.FailedCount | Should -Be 0
        $sent = Get-Sent
        if (-not $noInput) { $sent.spans.meta.input | Should -Be $questions }
        $sent.metrics.label | Should -Be $labels
        $sent.metrics.ForEach({ $_.score_value ?? $_.boolean_value ?? $_.categorical_value }) | Should -Be $values
    }

    It 'takes the same rows from the pipeline' {
        $document = Get-Content (Join-Path $data deepeval.json) -Raw
        foreach ($piped in $document, ($document | ConvertFrom-Json), ($document | ConvertFrom-Json -AsHashtable)) {
            $result = $piped | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 -RowPath testCases -InputColumn input -OutputColumn actualOutput -MetricColumn metricsData, success -IdColumn name -ProjectId p -DatasetId d -WarningAction Ignore
            $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(2, 6, 0)
        }

        $sent = Get-Attribute $server 2
        $first = $sent.metrics | Where-Object label -EQ 'Answer Relevancy' | Select-Object -First 1
        $first.assessment, $first.reasoning | Should -Be @('pass', 'because')
    }

    It 'sends a metric of a list that failed as an error of the others'' type, wherever it is' {
        $failed = '{"input":"a","metricsData":[{"name":"m","score":null,"success":false,"error":"rate limit","reason":null}]}'
        $scored = '{"input":"b","metricsData":[{"name":"m","score":0.5,"success":true,"error":null}]}'
        $flag = '{"input":"c","metricsData":[{"name":"f","score":null,"success":false,"error":null},{"name":"g","success":true,"error":{"message":"none"}}]}'
        foreach ($rows in @($failed, $scored, $flag), @($scored, $flag, $failed)) {
            $result = $rows | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 -InputColumn input -MetricColumn metricsData -ProjectId p -DatasetId d
            $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(3, 4, 0)
        }

        foreach ($sent in (Get-Attribute $server 0), (Get-Attribute $server 1)) {
            $one = $sent.metrics | Where-Object { $_.label -eq 'm' -and $_.error }
            $one.error.message, $one.metric_type, $one.score_value, $one.assessment | Should -Be @('rate limit', 'score', $null, $null)
            ($sent.metrics | Where-Object { $_.label -eq 'm' -and -not $_.error }).score_value | Should -Be 0.5
            $sent.metrics | Where-Object label -EQ f | ForEach-Object { $_.boolean_value, $_.assessment } | Should -Be @($false, 'fail')
            ($sent.metrics | Where-Object label -EQ g).error.message | Should -Be none
        }
    }

    It 'says what it saw, and the line that would do it, for <file>' -ForEach @(
        @{ file = 'promptfoo.json'; column = 'vars.question'; words = '-RowPath results.results' }
        @{ file = 'deepeval.json'; column = 'actualOutput'; words = 'testCases' }
        @{ file = 'lm-eval-samples.jsonl'; column = 'question'; words = 'doc.question' }
        @{ file = 'ragas.jsonl'; column = 'user_inputs'; words = "Did you mean 'user_input'" }
    ) {
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 (Join-Path $data $file) -InputColumn $column -ProjectId p -DatasetId d -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction Ignore
        $problem.Count | Should -Be 1
        "$problem" | Should -Match ([regex]::Escape($words))
        $server.Requests.Count | Should -Be 0
    }
}

Describe 'Rows that lack columns' {
    BeforeEach { $server = New-Server; $table = @{ InputColumn = 'q'; MetricColumn = 'f', 'g'; ProjectId = 'p'; DatasetId = 'd' } }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'reads a column that the first row lacks' {
        $file = Join-Path $TestDrive late.json
        Set-Content $file '[{"q":"a","f":1},{"q":"b","f":0.5,"g":1},{"f":0}]'
        $result = Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file @table
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(3, 4, 0)
    }

    It 'is one error for a piped table that never has a column, and its rows are sent' {
        $result = 1..60 | ForEach-Object { [pscustomobject]@{ q = "$_"; f = 1 } } | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 @table -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnseenColumn*'
        "$problem" | Should -Match "no column 'g'; its columns are q, f"
        $result.SpanCount, $result.FailedCount | Should -Be @(60, 0)
    }

    It 'is one error for a piped table that has none of the columns' {
        $result = 1..60 | ForEach-Object { [pscustomobject]@{ question = "$_" } } | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 @table -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.Count | Should -Be 1
        "$problem" | Should -Match '60 rows, the first of them row 1, were not sent: it has none of the columns'
        $server.Requests.Count | Should -Be 0
    }

    It 'tells ten errors of one kind, and counts the rest' {
        $file = Join-Path $TestDrive many.jsonl
        1..60 | ForEach-Object { "{""q"":""$_"",""f"":""x$_"",""g"":1}" } | Set-Content $file
        Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file @table -MetricType @{ f = 'score' } -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem.Count | Should -Be 11
        "$($problem[10])" | Should -Match '^50 more rows'
    }

    It 'passes over rows without any cell' {
        $file = Join-Path $TestDrive sheet.csv
        Set-Content $file "q , f,g`n,,`na,1,1`n,,,,`nb,0.5,1`n,,`n"
        foreach ($result in (Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file @table), (Import-Csv $file -Header q, f, g | Select-Object -Skip 1 | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 @table)) {
            $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(2, 4, 0)
        }
    }
}
