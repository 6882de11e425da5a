BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1

    function New-ResultFile([string] $Path, [double] $Add) {
        $lines = @("{`"type`":`"run`",`"version`":1,`"experiment_id`":`"$([guid]::NewGuid())`",`"name`":`"bot $Add`",`"dataset_id`":`"d`",`"dataset_version`":1}")
        $lines += foreach ($i in 1..20) {
            $row = @{
                type = 'row'; record_id = "r$i"; run_iteration = 1; input = "question $i"; output = "answer $i of <b>$Add</b>"; duration = 1000000 * $i
                evaluations = @{
                    faithful = @{ metric_type = 'score'; value = 0.5 + $Add * ($i - 3) / 100; assessment = $i -le 2 ? 'fail' : 'pass'; reasoning = "because $i" }
                }
            }
            if ($i -eq 20) {
                $row.status = 'error'
                $row.error = @{ message = 'no answer'; type = 'Timeout'; stack = 'line 3' }
                $row.evaluations = @{}
            }

            $row | ConvertTo-Json -Compress -Depth 9
        }
        Set-Content -LiteralPath $Path -Value $lines
        $Path
    }
}

Describe 'Export-LlmObsReport' {
    BeforeAll {
        $before = New-ResultFile "$TestDrive/before.jsonl" 1
        $after = New-ResultFile "$TestDrive/after.jsonl" 2
    }
    AfterEach { Clear-Session }

    It 'writes a page that holds all rows and needs nothing else' {
        Push-Location $TestDrive
        try {
            $file = Export-LlmObsReport $before -PassThru
            $file.FullName | Should -Be (Join-Path $TestDrive report.html)
            $page = Get-Content $file -Raw
            $page | Should -Match "<meta http-equiv=""Content-Security-Policy"" content=""default-src 'none'"
            $page | Should -Match '<h1>bot 1</h1>'
            $page | Should -Not -Match '<b>1</b>'
            [regex]::Matches($page, '"record_id"').Count | Should -Be 20
            $page | Should -Not -Match '(src|href)="(?!#)'
        }
        finally {
            Pop-Location
        }
    }

    It 'says beside a baseline what became better' {
        Export-LlmObsReport $after "$TestDrive/c.html" -Baseline $before
        $page = Get-Content "$TestDrive/c.html" -Raw
        $page | Should -Match '<h1>bot 2 compared with bot 1</h1>'
        $page | Should -Match '<span class="verdict good">better</span>'
        $page | Should -Match '"baseline":\{"record_id":"r1"'
    }

    It 'writes by the end of the name: <Name>' -ForEach @(
        @{ Name = 'r.md'; Pattern = '^## bot 1\n\n\| Metric \|' }
        @{ Name = 'r.XML'; Pattern = '<testsuites name="bot 1" tests="40" failures="2" errors="1" skipped="1"' }
        @{ Name = 'r.csv'; Pattern = '^record_id,run_iteration,status,error,input,expected_output,output,duration_seconds,input_tokens,output_tokens,cost_usd,faithful\n' }
        @{ Name = 'r'; Pattern = '^<!DOCTYPE html>' }
    ) {
        Export-LlmObsReport $before "$TestDrive/$Name"
        Get-Content "$TestDrive/$Name" -Raw | Should -Match $Pattern
    }

    It 'fails the cases of JUnit that are worse, with both outputs' {
        Export-LlmObsReport $before "$TestDrive/c.xml" -Baseline $after
        $suite = ([xml](Get-Content "$TestDrive/c.xml" -Raw)).testsuites.testsuite | Where-Object name -EQ faithful
        $worse = $suite.testcase | Where-Object name -Like '*(r9)'
        $worse.failure.type | Should -Be worse
        $worse.failure.message | Should -Be 'faithful: 0.56, and 0.62 before'
        $worse.failure.InnerText | Should -Match 'Output before:\s+answer 9 of <b>2</b>'
        $worse.failure.InnerText | Should -Match 'Output:\s+answer 9 of <b>1</b>'
    }

    It 'takes what Compare-LlmObsExperiment found, as <As>' -ForEach @(@{ As = 'Html' }, @{ As = 'Markdown' }, @{ As = 'JUnit' }, @{ As = 'Csv' }) {
        Compare-LlmObsExperiment $before $after -Label faithful 3>$null | Export-LlmObsReport -Path "$TestDrive/p.$As" -As $As -Title 'Against main'
        $text = Get-Content "$TestDrive/p.$As" -Raw
        $text | Should -Match 'faithful'
        if ($As -ne 'Csv') {
            $text | Should -Match 'Against main'
        }
    }

    It 'reads an experiment back' {
        Start-LlmObsEmulator
        $null = New-LlmObsProject -Name support
        $null = New-LlmObsDataset -Project support -Name faq
        $experiment = New-LlmObsExperiment -Name n -Project support -Dataset faq
        [void]([pscustomobject]@{ question = 'why?'; f = 0.5 } | Send-LlmObsEvent $experiment -InputColumn question -MetricColumn f)
        $experiment | Export-LlmObsReport -Path "$TestDrive/e.csv"
        $row = Import-Csv "$TestDrive/e.csv"
        $row.input | Should -Be 'why?'
        $row.f | Should -Be 0.5
        $experiment | Export-LlmObsReport -Path "$TestDrive/e.html"
        Get-Content "$TestDrive/e.html" -Raw | Should -Match '<dt>Project</dt><dd>support</dd>'
        Get-Content "$TestDrive/e.html" -Raw | Should -Match '<dt>Dataset</dt><dd>faq</dd>'
    }

    It 'leaves a file that is there if <Why>' -ForEach @(
        @{ Why = 'NoClobber says so'; Id = 'UnwritableFile'; Run = { Export-LlmObsReport $before "$TestDrive/kept.html" -NoClobber -ErrorAction Stop } }
        @{ Why = 'the run is not one'; Id = 'InvalidResultFile'; Run = { Export-LlmObsReport "$TestDrive/kept.html" "$TestDrive/kept.html" -ErrorAction Stop } }
        @{ Why = 'two runs come'; Id = 'TooManyRuns'; Run = { $before, $after | Export-LlmObsReport -Path "$TestDrive/kept.html" -ErrorAction Stop } }
    ) {
        Set-Content "$TestDrive/kept.html" kept
        $Run | Should -Throw -ErrorId "$Id,*"
        Get-Content "$TestDrive/kept.html" | Should -Be kept
        Get-ChildItem $TestDrive -Filter *.part | Should -BeNullOrEmpty
    }
}
