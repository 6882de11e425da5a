BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    function Send-Sample($experiment) {
        $spans = 1..4 | ForEach-Object { New-LlmObsSpan "q$_" -Input "question $_" -Output "answer $_" -Tag 'env:ci' }
        $metrics = $spans | ForEach-Object -Begin { $n = 0 } { $n++; $_ | New-LlmObsMetric -Label faithfulness -Score ($n / 4); $_ | New-LlmObsMetric -Label polite -Boolean ($n -gt 1) }
        $spans + $metrics | Send-LlmObsEvent -Experiment $experiment
    }
}

Describe 'An emulator as a user starts it' {
    BeforeEach { Start-LlmObsEmulator -AllowUnknownId:$false; $dataset = New-LlmObsProject bot | New-LlmObsDataset faq }
    AfterEach { Clear-Session }

    It 'refuses an experiment of a <what> that is not there, as the service does' -ForEach @(
        @{ what = 'project'; call = { New-LlmObsExperiment -Name n -ProjectId bot -ErrorVariable problem -ErrorAction SilentlyContinue }; id = 'NotFound' }
        @{ what = 'dataset'; call = { New-LlmObsExperiment -Name n -ProjectId $dataset.ProjectId -DatasetId faq -ErrorVariable problem -ErrorAction SilentlyContinue }; id = 'NotFound' }
        @{ what = 'version'; call = { New-LlmObsExperiment -Name n -Dataset $dataset -DatasetVersion 7 -ErrorVariable problem -ErrorAction SilentlyContinue }; id = 'BadRequest' }
        @{ what = 'parent'; call = { New-LlmObsExperiment -Name n -Dataset $dataset -ParentExperimentId x -ErrorVariable problem -ErrorAction SilentlyContinue }; id = 'NotFound' }
    ) {
        . $call | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        (Get-LlmObsEmulator).ExperimentCount | Should -Be 0
    }

    It 'takes one of what is there' {
        (New-LlmObsExperiment -Name n -Dataset $dataset).DatasetId | Should -Be $dataset.Id
    }
}

Describe 'A service that refuses a word for the type of events' {
    AfterEach { Clear-Session }

    It 'is sent the other one, once and for all' {
        Start-LlmObsEmulator -RefuseType events
        $experiment = New-TestExperiment
        $span = New-LlmObsSpan question
        ($span | Send-LlmObsEvent -Experiment $experiment).FailedCount | Should -Be 0
        $before = (Get-LlmObsEmulator).RequestCount
        ($span | Send-LlmObsEvent -Experiment $experiment).FailedCount | Should -Be 0
        (Get-LlmObsEmulator).RequestCount - $before | Should -Be 1
    }
}

Describe 'Start-, Get- and Stop-LlmObsEmulator' {
    AfterEach { Clear-Session }

    It 'points the profile to itself, and back on stop' {
        Set-LlmObsConfig -BaseUri https://dd.example -TimeoutSec 9
        $emulator = Start-LlmObsEmulator -PassThru
        $emulator | Should -BeOfType ([LlmObs.EmulatorInfo])
        $emulator.BaseUri.IsLoopback | Should -BeTrue
        (Get-LlmObsConfig default).BaseUri | Should -Be $emulator.BaseUri
        (Get-LlmObsConfig default).TimeoutSec | Should -Be 9
        Stop-LlmObsEmulator
        (Get-LlmObsConfig default).BaseUri | Should -Be 'https://dd.example/'
        Get-LlmObsEmulator | Should -BeNullOrEmpty
    }

    It 'leaves no profile behind where there was none' {
        Start-LlmObsEmulator | Should -BeNullOrEmpty
        Stop-LlmObsEmulator | Should -BeNullOrEmpty
        Get-LlmObsConfig | Should -BeNullOrEmpty
    }

    It 'keeps what was set of the profile meanwhile' {
        Start-LlmObsEmulator
        Set-LlmObsConfig -Site eu
        Stop-LlmObsEmulator
        (Get-LlmObsConfig default).Site | Should -Be 'datadoghq.eu'
        (Get-LlmObsConfig default).BaseUri | Should -BeNullOrEmpty
    }

    It 'serves a profile of its own, beside others' {
        $one = Start-LlmObsEmulator -ProfileName one -PassThru
        $two = Start-LlmObsEmulator -ProfileName two -PassThru
        New-LlmObsExperiment -Name n -ProjectId p -ProfileName two | Out-Null
        (Get-LlmObsEmulator | Where-Object ProfileName -EQ two).ExperimentCount | Should -Be 1
        (Get-LlmObsEmulator | Where-Object ProfileName -EQ one).ExperimentCount | Should -Be 0
        $one | Stop-LlmObsEmulator
        (Get-LlmObsEmulator).Port | Should -Be $two.Port
    }

    It 'unwinds emulators of one profile in any order' {
        $one = Start-LlmObsEmulator -PassThru -WarningVariable first -WarningAction SilentlyContinue
        $two = Start-LlmObsEmulator -PassThru -WarningVariable second -WarningAction SilentlyContinue
        $first | Should -BeNullOrEmpty
        "$second" | Should -Match "^The emulator at $($one.BaseUri) of the profile 'default' still runs.* -Port $($two.Port) "
        { Start-LlmObsEmulator -WarningAction Stop } | Should -Throw -ErrorId 'ActionPreferenceStop,*'
        Stop-LlmObsEmulator -Port (Get-LlmObsEmulator)[-1].Port
        (Get-LlmObsConfig default).BaseUri | Should -Be $two.BaseUri -Because 'one that was warned of is listed, and can be stopped'
        Stop-LlmObsEmulator -Port $one.Port
        (Get-LlmObsConfig default).BaseUri | Should -Be $two.BaseUri
        Stop-LlmObsEmulator -Port $two.Port
        Get-LlmObsConfig | Should -BeNullOrEmpty
    }

    It 'can be reached by any other client while it runs' {
        $emulator = Start-LlmObsEmulator -PassThru
        $body = @{ data = @{ type = 'experiments'; attributes = @{ name = 'other'; project_id = 'p' } } } | ConvertTo-Json -Depth 5
        foreach ($host_ in '127.0.0.1', 'localhost') {
            $answer = Invoke-RestMethod "http://${host_}:$($emulator.Port)/api/v2/llm-obs/v1/experiments" -Method Post -Body $body -ContentType application/json
            $answer.data.attributes.experiment | Should -Be 'other'
        }
        (Get-LlmObsEmulator).ExperimentCount | Should -Be 2
    }

    It 'takes a port, and says where it is taken' {
        $emulator = Start-LlmObsEmulator -PassThru
        $failure = { Start-LlmObsEmulator -Port $emulator.Port } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'EmulatorNotStarted,*'
        Stop-LlmObsEmulator -Port 1 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'EmulatorNotFound,*'
    }

    It 'starts and stops nothing under -WhatIf' {
        Start-LlmObsEmulator -WhatIf
        Get-LlmObsEmulator | Should -BeNullOrEmpty
        Start-LlmObsEmulator
        Stop-LlmObsEmulator -WhatIf
        @(Get-LlmObsEmulator).Count | Should -Be 1
    }
}

Describe 'The emulator' {
    BeforeEach { Start-LlmObsEmulator }
    AfterEach { Clear-Session }

    It 'takes an experiment from its creation to its end' {
        $experiment = New-TestExperiment
        $experiment.Name | Should -Match '^test-\d{13}'
        $experiment.LogicalName | Should -Be 'test'
        $result = Send-Sample $experiment
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(4, 8, 0)
        $bucket = Invoke-LlmObsAggregate -Compute @{ avg = 'score_value' } -ExperimentId $experiment.Id -Label faithfulness
        $bucket.avg | Should -Be 0.625
        $bucket.QueryHitCount | Should -Be 4
        (Invoke-LlmObsAggregate boolean_value label -ExperimentId $experiment.Id | Where-Object label -EQ polite).boolean_value | Should -Be 0.75
        ($experiment | Set-LlmObsExperiment -Status completed).Status | Should -Be 'completed'
    }

    It 'answers an update with nothing, or with the experiment, as is asked for' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -PatchBody Resource
        $experiment = New-TestExperiment
        $updated = Set-LlmObsExperiment -Id $experiment.Id -Status failed -ErrorMessage why
        $updated.Name | Should -Be $experiment.Name
        $updated.ErrorMessage | Should -Be 'why'
        $updated.CreatedAt | Should -Be $experiment.CreatedAt
    }

    It 'keeps the 24-hour rule, unless it is told not to' {
        $experiment = New-TestExperiment
        $old = New-LlmObsMetric s1 l -Score 1 -Timestamp ([DateTimeOffset]::UtcNow.AddHours(-25))
        $old | Send-LlmObsEvent -Experiment $experiment -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
        "$($problem[0])" | Should -Match 'timestamp_within_24hr'
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -AllowOldMetric
        ($old | Send-LlmObsEvent -Experiment (New-TestExperiment)).MetricCount | Should -Be 1
    }

    It 'says where a query does not parse' {
        Invoke-LlmObsAggregate -Query '@label:(a OR' -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'BadRequest,*'
        "$($problem[0])" | Should -Match 'character \d+'
    }

    It 'answers queries in Datadog''s syntax: <query>' -ForEach @(
        @{ query = '@score_value:>0.5'; hits = 2 }, @{ query = '@score_value:[0.25 TO 0.5]'; hits = 2 }, @{ query = '-@label:polite'; hits = 4 }
        @{ query = '@label:(polite OR none) @boolean_value:true'; hits = 3 }, @{ query = '@label:fai*'; hits = 4 }, @{ query = 'env:ci NOT @label:polite'; hits = 4 }
    ) {
        Send-Sample (New-TestExperiment) | Out-Null
        (Invoke-LlmObsAggregate -Query $query).QueryHitCount | Should -Be $hits
    }

    It 'keeps its journal, and a new one begins with it' {
        Stop-LlmObsEmulator
        $folder = Join-Path $TestDrive journal
        $emulator = Start-LlmObsEmulator -Path $folder -PassThru
        $emulator.Path | Should -Be $folder
        $experiment = New-TestExperiment
        Send-Sample $experiment | Out-Null
        Set-LlmObsExperiment -Id $experiment.Id -Status completed | Out-Null
        Stop-LlmObsEmulator
        $again = Start-LlmObsEmulator -Path $folder -PassThru
        $again.ExperimentCount, $again.SpanCount, $again.MetricCount | Should -Be @(1, 4, 8)
        (Invoke-LlmObsAggregate -ExperimentId $experiment.Id -Label faithfulness).score_value | Should -Be 0.625
    }

    It 'puts its journal into a folder relative to where the session is' {
        Stop-LlmObsEmulator
        Push-Location $TestDrive
        Start-LlmObsEmulator -Path relative
        Pop-Location
        Join-Path $TestDrive relative journal.jsonl | Should -Exist
    }

    It 'plays faults in a script' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -Fault @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = '0' } }, @{ Drop = 'BeforeStoring' }, @{ Status = 503; Body = 'Html' }
        $experiment = New-LlmObsExperiment -Name x -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $experiment | Should -BeNullOrEmpty -Because 'a creation is not repeated after a lost answer'
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ConnectionLost,*'
        $problem[0].Exception.Attempts | Should -Be 2
        New-LlmObsExperiment -Name x -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ServerError,*'
        $made = New-TestExperiment
        [guid]::TryParse($made.Id, [ref][guid]::Empty) | Should -BeTrue
        (Get-LlmObsEmulator).RequestCount | Should -Be 4
        (Get-LlmObsEmulator).ExperimentCount | Should -Be 1
    }

    It 'can act on a request and lose its answer' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -Fault @{ Drop = 'AfterStoring'; On = '/events' }
        $result = @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -Experiment (New-TestExperiment)
        $result.MetricCount, $result.RetryCount | Should -Be @(1, 1)
        (Get-LlmObsEmulator).MetricCount | Should -Be 2
    }

    It 'plays a delay' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -Fault @{ DelayMs = 400 }
        (Measure-Command { New-TestExperiment }).TotalMilliseconds | Should -BeGreaterOrEqual 380
    }

    It 'loses nothing at a fault rate of 30 percent' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -Fault @{ Status = 503; Headers = @{ 'Retry-After' = '0' }; Rate = 0.3; On = '/events' }
        Set-LlmObsConfig -MaxRetryCount 20
        $rows = 1..500 | ForEach-Object { @{ span_id = "s$_"; label = 'l'; score_value = $_ } }
        $result = $rows | Send-LlmObsEvent -Experiment (New-TestExperiment) -BatchSize 10
        $result.MetricCount, $result.RequestCount | Should -Be @(500, 50)
        $result.RetryCount | Should -Be ((Get-LlmObsEmulator).RequestCount - 51) -Because 'each fault is one retry, beside the creation and 50 requests'
        $result.RetryCount | Should -BeGreaterThan 0
        (Get-LlmObsEmulator).MetricCount | Should -Be 500
    }
}
