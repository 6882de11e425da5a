BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1

    # The completions of Tab at the end of a line, or at the | in it.
    function Get-Tab([string] $line, [int] $cursor = $line.Length) {
        (TabExpansion2 $line $cursor).CompletionMatches
    }
    $server = New-Server
    $server.Answer(200, '{"data":{"id":"3fd6b5e0-8910-4b1c-a7d0-5b84de329012","attributes":{"name":"tabbed-bot nightly"}}}').
        Answer(200, '{"data":{"id":"91c2d7aa-0000-4b1c-a7d0-5b84de329012","attributes":{"name":"rag try"}}}') | Out-Null
    New-LlmObsExperiment n -ProjectId p | Out-Null
    New-LlmObsExperiment n -ProjectId p | Out-Null
    $asked = $server.Requests.Count
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'my data')).FullName
    Set-Content (Join-Path $folder 'table.csv') "id,the question,""answer, long"",faithfulness`nq1,a,b,1"
    Set-Content (Join-Path $folder 'table.tsv') "id`tquestion`tfluency`nq1`ta`t1"
    Set-Content (Join-Path $folder 'semi.csv') "id;question;fluency`nq1;a;1"
    Set-Content (Join-Path $folder 'rows.jsonl') '{"id":"q1","prompt":"a","fluency":1}'
    Set-Content (Join-Path $folder 'excel.csv') "Größe;Frage`n1;a" -Encoding 1252
    Push-Location $folder
}

AfterAll {
    Pop-Location
    $server.Requests.Count | Should -Be $asked -Because 'nothing is called while somebody types'
    $server.Dispose()
    Clear-Session
}

Describe 'Tab' {
    It 'offers <expected> after: <line>' -ForEach @(
        @{ line = 'Set-LlmObsConfig -Site datadoghq.e'; expected = 'datadoghq.eu' }
        @{ line = 'Set-LlmObsConfig -Site us5'; expected = 'us5.datadoghq.com' }
        @{ line = 'Get-LlmObsConfig def'; expected = 'default' }
        @{ line = 'Invoke-LlmObsAggregate -ProfileName d'; expected = 'default' }
        @{ line = 'Set-LlmObsExperiment e1 -Status com'; expected = 'completed' }
        @{ line = 'Send-LlmObsEvent e1 a.csv -As m'; expected = 'Metric' }
        @{ line = 'Send-LlmObsEvent e1 a.csv -Encoding windows-125'; expected = 'windows-1252', 'windows-1250', 'windows-1251' }
        @{ line = 'New-LlmObsMetric s l 1 -Assessment f'; expected = 'fail' }
        @{ line = 'Invoke-LlmObsAggregate -Index e'; expected = 'experiment-evals' }
        @{ line = 'Invoke-LlmObsAggregate -GroupBy lab'; expected = 'label' }
        @{ line = 'Invoke-LlmObsAggregate score_v'; expected = 'score_value' }
        @{ line = 'Start-LlmObsEmulator -PatchBody R'; expected = 'Resource' }
        @{ line = 'Send-LlmObsEvent e1 a.csv -DurationColumn x -DurationUnit m'; expected = 'ms' }
    ) {
        (Get-Tab $line).CompletionText | Should -Be $expected
    }

    It 'offers fields in a query: <line>' -ForEach @(
        @{ line = 'Invoke-LlmObsAggregate -Query "@lab'; expected = '"@label:"' }
        @{ line = "Invoke-LlmObsAggregate -Query '@lab"; expected = "'@label:'" }
        @{ line = "Invoke-LlmObsAggregate -Query '@assessment:fail @metric_t"; expected = "'@assessment:fail @metric_type:'" }
        @{ line = "Invoke-LlmObsAggregate -Query '@assessment:fail -@expe"; expected = "'@assessment:fail -@experiment_id:'", "'@assessment:fail -@expected_output:'" }
        @{ line = "Invoke-LlmObsAggregate -Query '(@categ"; expected = "'(@categorical_value:'" }
        @{ line = "Invoke-LlmObsAggregate -Query '@assessment:"; expected = "'@assessment:pass'", "'@assessment:fail'" }
        @{ line = "Invoke-LlmObsAggregate -Query '@metric_type:s"; expected = "'@metric_type:score'" }
        @{ line = 'Invoke-LlmObsAggregate -Query assess'; expected = "'@assessment:'" }
    ) {
        (Get-Tab $line).CompletionText | Should -Be $expected
    }

    It 'offers experiments that this session has seen, by id and by name' {
        (Get-Tab 'Invoke-LlmObsAggregate -ExperimentId ').CompletionText | Select-Object -First 2 | Should -Be @('91c2d7aa-0000-4b1c-a7d0-5b84de329012', '3fd6b5e0-8910-4b1c-a7d0-5b84de329012')
        foreach ($line in 'Send-LlmObsEvent 3fd6b5e0', 'Set-LlmObsExperiment tabbed', 'Set-LlmObsExperiment -Id 3fd6b5e0', 'New-LlmObsExperiment a p -ParentExperimentId "tabbed-bot n') {
            $tab = Get-Tab $line
            $tab.CompletionText | Should -Be '3fd6b5e0-8910-4b1c-a7d0-5b84de329012' -Because $line
            $tab.ListItemText | Should -Be 'tabbed-bot nightly (3fd6b5e0-8910-4b1c-a7d0-5b84de329012)'
        }
    }

    It 'offers the columns of a file: <line>' -ForEach @(
        @{ line = 'Send-LlmObsEvent e1 table.csv -InputColumn '; expected = 'id', "'the question'", "'answer, long'", 'faithfulness' }
        @{ line = 'Send-LlmObsEvent e1 -Path ./table.csv -MetricColumn f'; expected = 'faithfulness' }
        @{ line = 'Send-LlmObsEvent e1 -Path ./table.csv -MetricColumn id, f'; expected = 'faithfulness' }
        @{ line = 'Send-LlmObsEvent e1 -Path t*.tsv -OutputColumn q'; expected = 'question' }
        @{ line = 'Send-LlmObsEvent e1 -LiteralPath table.tsv -IdColumn i'; expected = 'id' }
        @{ line = 'Send-LlmObsEvent e1 -Path semi.csv -Delimiter ";" -DurationColumn flu'; expected = 'fluency' }
        @{ line = 'Send-LlmObsEvent e1 -Path excel.csv -Delimiter ";" -Encoding 1252 -MetricColumn g'; expected = "'Größe'" }
        @{ line = 'Import-Csv excel.csv -Delimiter ";" -Encoding ansi | Send-LlmObsEvent e1 -MetricColumn g'; expected = "'Größe'" }
        @{ line = 'Send-LlmObsEvent e1 -Path rows.jsonl -InputColumn pr'; expected = 'prompt' }
        @{ line = 'Send-LlmObsEvent e1 -Path table.csv -JsonColumn "the'; expected = "'the question'" }
        @{ line = 'Import-Csv table.csv | Send-LlmObsEvent e1 -ExpectedColumn answ'; expected = "'answer, long'" }
        @{ line = 'Import-Csv -Path semi.csv -Delimiter ";" | Send-LlmObsEvent e1 -MetricColumn flu'; expected = 'fluency' }
        @{ line = 'Import-Csv table.csv | Where-Object id -NE q1 | Send-LlmObsEvent e1 -MetricColumn fai'; expected = 'faithfulness' }
    ) {
        (Get-Tab $line).CompletionText | Should -Be $expected
    }

    It 'offers nothing, and no error, where there is no such file' {
        foreach ($line in 'Send-LlmObsEvent e1 nothing.csv -InputColumn zz', 'Send-LlmObsEvent e1 NoDrive:/a.csv -InputColumn zz', 'Send-LlmObsEvent e1 Env:/PATH -InputColumn zz', 'Get-Item . | Send-LlmObsEvent e1 -InputColumn zz') {
            Get-Tab $line | Should -BeNullOrEmpty -Because $line
        }
    }

    It 'offers something for each parameter that takes one of a few words' {
        foreach ($command in Get-Command -Module LlmObs) {
            foreach ($name in 'ProfileName', 'Site', 'Status', 'Index', 'GroupBy', 'ExperimentId', 'InputColumn', 'MetricColumn') {
                if ($command.Parameters[$name]) {
                    $table = $name -like '*Column' ? 'Import-Csv table.csv | ' : ''
                    @(Get-Tab "$table$($command.Name) -$name ").Where({ $_.ResultType -eq 'ParameterValue' }).Count |
                        Should -BeGreaterThan 0 -Because "$($command.Name) -$name"
                }
            }
        }
    }
}

Describe 'A wrong word' {
    It 'meets the nearest right one: <line>' -ForEach @(
        @{ line = 'Set-LlmObsConfig -Site datadogh.eu'; near = 'datadoghq.eu' }
        @{ line = 'Get-LlmObsConfig defualt'; near = 'default' }
        @{ line = 'Invoke-LlmObsAggregate -ProfileName defaut'; near = 'default' }
        @{ line = 'Set-LlmObsExperiment e1000000-0000-4000-8000-000000000000 -Status complete'; near = 'completed' }
        @{ line = 'Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 table.csv -InputColumn question'; near = 'the question' }
        @{ line = 'Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 table.csv -IdColumn id -MetricColumn faithfullness'; near = 'faithfulness' }
        @{ line = 'Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 table.csv -IdColumn id -MetricColumn faithfulness -MetricType @{ faithfulness = "sorce" }'; near = 'score' }
    ) {
        $problem = try { & ([scriptblock]::Create("$line -ErrorAction Stop")) } catch { $_ }
        $said = "$($problem.ErrorDetails.Message) $($problem.ErrorDetails.RecommendedAction)"
        $said | Should -BeLike "*Did you mean '$near'*"
    }

    It 'in the environment, too' {
        Remove-LlmObsConfig
        $env:DD_SITE = 'us5.datadog.com'; $env:DD_API_KEY = $env:DD_APP_KEY = 'fake'
        try { { Invoke-LlmObsAggregate } | Should -Throw -ErrorId 'UnknownSite,*' } finally { $env:DD_SITE = $null; $env:DD_API_KEY = $env:DD_APP_KEY = $null }
        $Error[0].ErrorDetails.RecommendedAction | Should -BeLike "*Did you mean 'us5.datadoghq.com'*"
        Set-LlmObsConfig -BaseUri $server.BaseUri -MaxRetryCount 0
    }

    It 'among fields is a warning: it can be an attribute or a tag' {
        $own = New-Server
        $own.Answer(200, '{"data":{"id":"a","attributes":{"hit_count":0,"result":{"values":[]}}}}') | Out-Null
        Invoke-LlmObsAggregate -GroupBy lable, team, label -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -HaveCount 1
        $warned | Should -BeLike "'lable'*Did you mean 'label'?"
        $own.Dispose()
        Set-LlmObsConfig -BaseUri $server.BaseUri -MaxRetryCount 0
    }

    It 'among the names of a row is a warning with the field that was meant' {
        $own = New-Server
        [pscustomobject]@{ span_id = 's1'; label = 'l'; metric_type = 'score'; score_value = 1; reasonning = 'x' } | Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        $warned | Should -BeLike "'reasonning'*not sent. Did you mean 'Reasoning'?"
        $own.Dispose()
        Set-LlmObsConfig -BaseUri $server.BaseUri -MaxRetryCount 0
    }

    It 'that is near to nothing is met with no guess' {
        { Set-LlmObsConfig -Site example.org } | Should -Throw -ErrorId 'InvalidValue,*'
        "$($Error[0].ErrorDetails.RecommendedAction)" | Should -Not -Match 'Did you mean'
    }
}
