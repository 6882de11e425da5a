# One rule for experiments: an object, an id or a name wherever one is meant, by position, by parameter and from the pipeline.
BeforeDiscovery {
    $forms = @(
        @{ form = 'an object'; make = { $experiment } }
        @{ form = 'an id'; make = { $experiment.Id } }
        @{ form = 'a Guid'; make = { [guid]$experiment.Id } }
        @{ form = 'its name'; make = { $experiment.Name } }
        @{ form = 'the name that it was made with'; make = { 'rule-bot' } }
        @{ form = 'an object of Import-Clixml'; make = { $file = Join-Path $TestDrive rule.xml; $experiment | Export-Clixml $file; Import-Clixml $file } }
        @{ form = 'an object of ConvertFrom-Json'; make = { $experiment | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
        @{ form = 'a hashtable of ConvertFrom-Json'; make = { $experiment | ConvertTo-Json -Depth 5 | ConvertFrom-Json -AsHashtable } }
        @{ form = 'an object of a job'; make = { Start-ThreadJob { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($using:experiment)) } | Receive-Job -Wait -AutoRemoveJob } }
        @{ form = 'the result of sending'; make = { @{ span_id = 's0'; label = 'l'; score_value = 1 } | Send-LlmObsEvent $experiment } }
        @{ form = 'the run'; make = { [LlmObs.ExperimentRun]@{ Experiment = $experiment; Status = 'completed' } } }
        @{ form = 'a row'; make = { [pscustomobject]@{ experiment_id = $experiment.Id } } }
    )
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
}

Describe 'An experiment' {
    BeforeEach {
        Start-LlmObsEmulator
        $dataset = New-LlmObsProject rule-project | New-LlmObsDataset rule-questions
        $experiment = New-LlmObsExperiment rule-bot -Dataset $dataset
        $other = New-LlmObsExperiment rule-other -Dataset $dataset
        $span = New-LlmObsSpan q -Input a -Output b -SpanId s1
    }
    AfterEach { Clear-Session }

    It 'is found by <form>' -ForEach $forms {
        $it = & $make
        (Get-LlmObsExperiment $it).Id | Should -Be $experiment.Id
        (Get-LlmObsExperiment -Experiment $it).Id | Should -Be $experiment.Id
        ($it | Get-LlmObsExperiment).Id | Should -Be $experiment.Id
    }

    It 'is sent to, read back, averaged, measured and compared by <form>' -ForEach $forms {
        $it = & $make
        $sent = $span, ($span | New-LlmObsMetric -Label f -Score 0.5) | Send-LlmObsEvent $it
        $sent.ExperimentId | Should -Be $experiment.Id
        $stored = Get-LlmObsEvent $it | Where-Object SpanId -EQ s1
        $stored.ProjectId, $stored.DatasetId | Should -Be @($dataset.ProjectId, $dataset.Id) -Because 'the experiment has them'
        ($it | Get-LlmObsEvent | Where-Object SpanId -EQ s1).Input | Should -Be a
        (Invoke-LlmObsAggregate -Experiment $it -Label f).score_value | Should -Be 0.5
        ($it | Invoke-LlmObsAggregate -Label f).score_value | Should -Be 0.5
        if ($form -ne 'the run') {
            (Measure-LlmObsExperiment $it -Label f).Mean | Should -Be 0.5
            @(Compare-LlmObsExperiment $it $it -Label f -WarningAction SilentlyContinue).Label | Should -Be f
            (Export-LlmObsReport $it (Join-Path $TestDrive "$form.html") -PassThru).Length | Should -BeGreaterThan 1000
        }
    }

    It 'is changed, run into, named as a parent and deleted by <form>' -ForEach $forms {
        $it = & $make
        (Set-LlmObsExperiment $it -Description changed).Id | Should -Be $experiment.Id
        ($it | Set-LlmObsExperiment -Status completed).Status | Should -Be completed
        $now = Get-LlmObsExperiment $experiment.Id
        $now.Description, $now.Status, $now.Name | Should -Be @('changed', 'completed', $experiment.Name)
        @{ input = 'why?' } | Add-LlmObsDatasetRecord -Dataset $dataset | Out-Null
        (Invoke-LlmObsExperiment -Experiment $it -Dataset $dataset -Task { 'because' }).Experiment.Id | Should -Be $experiment.Id
        $child = New-LlmObsExperiment rule-child -Dataset $dataset -ParentExperiment $it
        (Get-LlmObsExperiment -ParentExperiment $it).Id | Should -Be $child.Id
        $it | Remove-LlmObsExperiment -Confirm:$false
        (Get-LlmObsExperiment).Id | Should -Be @($child.Id, $other.Id)
    }

    It 'that comes back from a file changes nothing by what it was' {
        $file = Join-Path $TestDrive stale.xml
        $experiment | Export-Clixml $file
        Set-LlmObsExperiment $experiment -Name rule-renamed -Description new | Out-Null
        Import-Clixml $file | Set-LlmObsExperiment -Status completed | Out-Null
        $now = Get-LlmObsExperiment $experiment.Id
        $now.Name, $now.Description, $now.Status | Should -Be @('rule-renamed', 'new', 'completed')
    }

    It 'whose name several have is one error that lists them' {
        $again = New-LlmObsExperiment rule-bot -Dataset $dataset
        Set-LlmObsExperiment $again -Status failed | Out-Null
        foreach ($call in { Set-LlmObsExperiment rule-bot -Status completed -ErrorAction Stop }, { $span | Send-LlmObsEvent rule-bot }, { Get-LlmObsEvent rule-bot -ErrorAction Stop },
            { Remove-LlmObsExperiment rule-bot -Confirm:$false -ErrorAction Stop }, { Invoke-LlmObsAggregate -Experiment rule-bot -ErrorAction Stop }, { Measure-LlmObsExperiment rule-bot -ErrorAction Stop }) {
            $failure = $call | Should -Throw -PassThru
            $failure.FullyQualifiedErrorId | Should -BeLike 'AmbiguousName,*' -Because "$call"
            $failure.ErrorDetails.Message | Should -Match "'rule-bot' is the name of 2 experiments"
            $failure.ErrorDetails.Message | Should -Match "$($experiment.Id) \(made \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)"
            $failure.ErrorDetails.Message | Should -Match "$($again.Id) \(made [^)]+, failed\)"
        }
        (Get-LlmObsExperiment rule-bot).Count | Should -Be 2 -Because 'a list may have several'
        (Get-LlmObsExperiment).Count | Should -Be 3 -Because 'none was deleted'
    }

    It 'that is not there is said to be that: <call>' -ForEach @(
        @{ call = { Get-LlmObsExperiment $nobody } }, @{ call = { $span | Send-LlmObsEvent $nobody } }, @{ call = { Measure-LlmObsExperiment $nobody } }
        @{ call = { Invoke-LlmObsExperiment -Experiment $nobody -Dataset $dataset -Task { 1 } } }, @{ call = { Compare-LlmObsExperiment $nobody $experiment } }
    ) {
        foreach ($nobody in '99999999-9999-4999-8999-999999999999', 'rule-nobody') {
            $ErrorActionPreference = 'Stop'
            $failure = $call | Should -Throw -PassThru
            $failure.FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
            "$failure" | Should -Match "^There is no experiment (with the id )?'$nobody'"
        }
    }

    It 'by its id costs no request but the one that is meant' {
        $before = (Get-LlmObsEmulator).RequestCount
        Set-LlmObsExperiment $experiment.Id -Status completed -WhatIf
        Remove-LlmObsExperiment $experiment.Id -WhatIf
        $span | Send-LlmObsEvent $experiment.Id -WhatIf
        New-LlmObsExperiment rule-none $dataset.ProjectId $dataset.Id -ParentExperiment $experiment.Id -WhatIf
        (Get-LlmObsEmulator).RequestCount | Should -Be $before
        @{ span_id = 's1'; label = 'l'; score_value = 1 } | Send-LlmObsEvent $experiment.Id | Out-Null
        (Get-LlmObsEmulator).RequestCount | Should -Be ($before + 1)
    }

    It 'is looked up once, when spans of another session''s experiment need its project' {
        $uri = (Get-LlmObsEmulator).BaseUri
        Set-LlmObsConfig later -BaseUri $uri
        $before = (Get-LlmObsEmulator).RequestCount
        $rows = 1..3000 | ForEach-Object { [pscustomobject]@{ trace_id = "t$_"; span_id = "s$_"; name = 'q'; start = [datetime]::UtcNow; duration = 1 } }
        ($rows | Send-LlmObsEvent $experiment.Id -ProfileName later -BatchSize 1000).SpanCount | Should -Be 3000
        (Get-LlmObsEmulator).RequestCount | Should -Be ($before + 4) -Because 'one asks for the experiment, three send'
        @((Get-LlmObsEvent $experiment.Id).DatasetId | Select-Object -Unique) | Should -Be $dataset.Id
    }

    It 'is looked up for the spans of a file that a spool keeps' {
        $file = Join-Path $TestDrive spans.csv
        "trace_id,span_id,name,start,duration`nt1,s1,q,2026-01-15T10:30:00Z,1`n" | Set-Content $file
        Set-LlmObsConfig down -BaseUri (Get-LlmObsEmulator).BaseUri
        $sent = Send-LlmObsEvent $experiment.Id -Path $file -SpoolPath (Join-Path $TestDrive rule-spool) -ProfileName down
        $sent.SpanCount | Should -Be 1
        (Get-LlmObsEvent $experiment.Id).ProjectId | Should -Be $dataset.ProjectId
    }

    It 'may be named by each row; rows of an unknown one are counted' {
        $rows = @('rule-bot', 'rule-nobody', 'rule-other', 'rule-nobody', 'rule-nobody').ForEach({ [pscustomobject]@{ experiment = $_; span_id = 's1'; label = 'l'; score_value = 1 } })
        $sent = $rows | Send-LlmObsEvent -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $sent.ExperimentId | Should -Be @($experiment.Id, $other.Id)
        $sent.MetricCount | Should -Be @(1, 1)
        $problem.Count | Should -Be 2
        "$($problem[0])" | Should -Match "There is no experiment 'rule-nobody'"
        "$($problem[1])" | Should -Match "^2 more rows name the experiment 'rule-nobody'"
    }

    It 'is made in a project and on a dataset by names or ids, at the first positions too' {
        foreach ($project in 'rule-project', $dataset.ProjectId, (Get-LlmObsProject rule-project)) {
            foreach ($questions in 'rule-questions', $dataset.Id, $dataset) {
                $made = New-LlmObsExperiment rule-made $project $questions
                $made.ProjectId, $made.DatasetId | Should -Be @($dataset.ProjectId, $dataset.Id)
            }
        }
        New-LlmObsExperiment rule-made -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -BeLike 'MissingProject,*'
    }

    It 'is no project or dataset that is piped' {
        (Get-LlmObsProject rule-project | Get-LlmObsExperiment).Id | Should -Be @($other.Id, $experiment.Id)
        ($dataset | Get-LlmObsExperiment).Id | Should -Be @($other.Id, $experiment.Id)
        { Get-LlmObsProject rule-project | Set-LlmObsExperiment -Status completed -ErrorAction Stop } | Should -Throw -ErrorId 'InputObjectMissingMandatory,*'
    }
}
