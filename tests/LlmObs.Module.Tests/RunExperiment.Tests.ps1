BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/RunSession.ps1

}

Describe 'A run' {
    BeforeEach { Start-LlmObsEmulator; $dataset = New-Question 6 }
    AfterEach { Clear-Session }

    It 'refuses <what>, and runs nothing' -ForEach @(
        @{ what = 'rows of nowhere'; says = '*piped rows have no dataset*'; call = { [pscustomobject]@{ input = 'a' } | Invoke-LlmObsExperiment n -Task { 1 } } }
        @{ what = 'rows without an input'; says = "*there is no column 'input'*"; call = { [pscustomobject]@{ q = 'a' } | Invoke-LlmObsExperiment n -Dataset questions -Project bot -Task { 1 } } }
        @{ what = 'columns without rows'; says = '*-InputColumn describe the columns of piped rows*'; call = { $dataset | Invoke-LlmObsExperiment n -InputColumn q -Task { 1 } } }
        @{ what = 'rows beside a dataset'; says = '*and something else were piped*'; call = { $dataset, @{ input = 'a' } | Invoke-LlmObsExperiment n -Task { 1 } } }
        @{ what = 'rows and a version'; says = '*-DatasetVersion was given, and records were piped*'; call = { @{ input = 'a' } | Invoke-LlmObsExperiment n -Dataset questions -Project bot -DatasetVersion 1 -Task { 1 } } }
        @{ what = 'a file'; says = '*a run takes rows*'; call = { Get-Item $PSCommandPath | Invoke-LlmObsExperiment n -Dataset questions -Project bot -Task { 1 } } }
        @{ what = 'records of two datasets'; says = '*from several datasets*'; call = {
                [void](@{ input = 'x' } | Add-LlmObsDatasetRecord -Dataset (New-LlmObsDataset other -Project bot))
                $dataset, (Get-LlmObsDataset other -Project bot) | Get-LlmObsDatasetRecord | Invoke-LlmObsExperiment n -Task { 1 }
            }
        }
        @{ what = 'a dataset beside -Dataset'; says = '*-Dataset names one, too*'; call = { $dataset | Invoke-LlmObsExperiment n -Dataset questions -Project bot -Task { 1 } } }
    ) {
        $call | Should -Throw $says -ErrorId 'InvalidValue,*'
        (Get-LlmObsEmulator).ExperimentCount | Should -Be 0
    }

    It 'stores each record once an iteration, tied to its record and its run' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -RunCount 2 -ThrottleLimit 3 -Config @{ model = 'small' } -SpanTag 'team:search' -Task {
            param($Record, $Config)
            "$($Config.model): $($Record.Input)"
        }
        $run.Status | Should -Be completed
        $run.RowCount | Should -Be 12
        $stored = Get-Stored $run
        $stored.Count | Should -Be 12
        $stored.Output | Sort-Object -Unique | Should -Be (1..6 | ForEach-Object { "small: question $_" })
        $records = ($dataset | Get-LlmObsDatasetRecord).Id
        foreach ($iteration in 1, 2) {
            $spans = $stored | Where-Object { $_.Tags -contains "run_iteration:$iteration" }
            ($spans | ForEach-Object { $_.Tags -match '^dataset_record_id:' -replace '.*:' } | Sort-Object) | Should -Be ($records | Sort-Object)
            @($spans | ForEach-Object { $_.Tags -match '^run_id:' } | Sort-Object -Unique).Count | Should -Be 1
        }
        foreach ($tag in "experiment_id:$($run.Experiment.Id)", 'experiment_name:faq-bot', "project_id:$($dataset.ProjectId)", 'project_name:bot', "dataset_id:$($dataset.Id)", 'dataset_name:questions', 'team:search') {
            $stored[0].Tags | Should -Contain $tag
        }
        $stored[0].SpanId | Should -Match '^[0-9a-f]{16}$'
        $stored[0].TraceId | Should -Match '^[0-9a-f]{32}$'
        $stored[0].Name | Should -Be 'faq-bot'
        (Get-LlmObsExperiment -Id $run.Experiment.Id) | ForEach-Object { $_.Status | Should -Be completed; $_.RunCount | Should -Be 2; $_.DatasetVersion | Should -Be 1 }
    }

    It 'makes the row of an error in the task, judges it no more, and says failed' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -ThrottleLimit 2 -Evaluator @{ long = { $_.Output.Length } } -Task {
            if ($_.Input -like '*3') { Get-Item (Join-Path $PSHOME none) }
            if ($_.Input -like '*4') { Write-Error 'not terminating elsewhere' }
            'fine'
        }
        $run.Status | Should -Be failed
        $run.FailedCount | Should -Be 2
        $run.RowCount | Should -Be 6
        $failed = @($run.Rows | Where-Object Status -EQ error | Sort-Object { $_.Input })
        $failed[0].Error.Type | Should -Be 'System.Management.Automation.ItemNotFoundException'
        $failed[0].Error.Stack | Should -Match 'line 2'
        $failed[1].Error.Message | Should -Be 'not terminating elsewhere'
        $failed[0].Output | Should -BeNullOrEmpty
        $failed[0].Evaluations.long.Error.Message | Should -Be 'task error; evaluation skipped'
        $stored = Get-Stored $run
        ($stored | Where-Object Status -EQ error).Count | Should -Be 2
        ($stored | Where-Object Status -EQ error)[0].EvalMetrics.ErrorMessage | Should -Be 'task error; evaluation skipped'
        $run.Metrics | ForEach-Object { $_.Count | Should -Be 4; $_.MissingCount | Should -Be 2; $_.ErrorCount | Should -Be 0; $_.Mean | Should -Be 4 }
        $experiment = Get-LlmObsExperiment -Id $run.Experiment.Id
        $experiment.Status | Should -Be failed
        $experiment.ErrorMessage | Should -Be '2 of 6 rows failed'
    }

    It 'gives metrics the types of what evaluators return, and an error to one that fails' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -First 1 -Task { @{ a = 1 } } -Evaluator @{
            flag = { param($Row) $Row.Output.a -eq 1 }
            number = { 0.5 }
            word = { 'Gut' }
            thing = { [pscustomobject]@{ x = 1 } }
            nothing = { }
            several = { @{ one = 1; two = $true } }
            told = { New-LlmObsEvaluation 1 -Assessment pass -Reasoning why -Tag 'k:v' -Metadata @{ m = 1 } }
            broken = { throw [InvalidOperationException]::new('no judge') }
            list = { 1, 2 }
        }
        $found = $run.Rows[0].Evaluations
        $found.flag.MetricType | Should -Be boolean
        $found.number.MetricType | Should -Be score
        $found.word.MetricType | Should -Be categorical
        $found.thing.MetricType | Should -Be json
        $found.nothing.MetricType | Should -Be categorical
        $found.one.Value | Should -Be 1
        $found.two.Value | Should -BeTrue
        $run.Rows[0].word | Should -BeExactly Gut
        $found.list.Error.Message | Should -Match 'returned 2 values'
        $found.broken.Error.Type | Should -Be 'System.InvalidOperationException'
        $run.Status | Should -Be failed -Because 'an evaluator failed'
        $stored = (Get-Stored $run).EvalMetrics
        $stored.Label | Sort-Object | Should -Be ($found.Keys | Sort-Object)
        $told = $stored | Where-Object Label -EQ told
        $told.Assessment | Should -Be pass
        $told.Reasoning | Should -Be why
        $told.Tags | Should -Contain 'k:v'
        $told.Tags | Should -Contain 'run_iteration:1'
        ($stored | Where-Object Label -EQ broken).ErrorMessage | Should -Be 'no judge'
    }

    It 'gives summary evaluators the rows of an iteration in one order, with null for those that failed' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -RunCount 2 -ThrottleLimit 3 -Task { if ($_.Input -like '*2') { throw 'busy' } $_.Input } -SummaryEvaluator @{
            order = { param($Rows) @($Rows | ForEach-Object { if ($_) { $_.Output -replace '\D' } else { 'x' } }) -join '' }
        }
        $run.SummaryEvaluations.Count | Should -Be 2
        $run.SummaryEvaluations[0].Value | Should -Be $run.SummaryEvaluations[1].Value
        $run.SummaryEvaluations[0].Value | Should -Match '^[1-6x]{6}$'
        $run.SummaryEvaluations[0].Value | Should -Match 'x'
    }

    It 'gives summary evaluators the columns that the rows of the result have' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -Task { $_.Input } -Evaluator @{ odd = { $_.Input -match '[135]$' }; RecordId = { 'hidden' } } -SummaryEvaluator @{
            odd_count = { @($_ | Where-Object odd).Count }
            columns = { ($_[0].PSObject.Properties.Name) -join ' ' }
        }
        ($run.SummaryEvaluations | Where-Object Label -EQ odd_count).Value | Should -Be (@($run.Rows | Where-Object odd).Count) -Because 'the same filter finds the same rows'
        ($run.SummaryEvaluations | Where-Object Label -EQ odd_count).Value | Should -Be 3
        # What the help of -SummaryEvaluator lists, no more and no less.
        $page = (Get-Content (Join-Path $PSScriptRoot ../../docs/Invoke-LlmObsExperiment.md) -Raw) -replace '(?s).*### -SummaryEvaluator' -replace '(?s)### -.*'
        $listed = [regex]::Matches($page, '`([A-Z]\w+)`').Value.Trim('`') | Where-Object { $_ -cnotmatch '^Null$' }
        ($run.SummaryEvaluations | Where-Object Label -EQ columns).Value -split ' ' | Where-Object { $_ -ne 'odd' } | Sort-Object | Should -Be ($listed | Sort-Object)
    }

    It 'takes $using: variables, a script file, an initialization and modules' {
        Set-Content (Join-Path $TestDrive bot.psm1) 'function Get-Reply($text) { "module $text" }'
        Set-Content (Join-Path $TestDrive task.ps1) 'param($Record, $Config) "$(Get-Reply $Record.Input) $Config.word $(Split-Path $PSScriptRoot -Leaf) $global:ready"'
        $word = 'hallo'
        $map = @{ inner = 'deep' }
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -First 1 -Task { "$using:word $($using:map.inner)" }
        $run.Rows[0].Output | Should -Be 'hallo deep'
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -First 1 -TaskPath (Join-Path $TestDrive task.ps1) -Module (Join-Path $TestDrive bot.psm1) -InitializationScript { $global:ready = $using:word }
        $run.Rows[0].Output | Should -Match '^module question \d .+ hallo$'
    }

    It 'stops a task at its time limit, and goes on in the same runspace' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -ThrottleLimit 1 -TaskTimeoutSec 0.5 -InitializationScript { $global:marker = [guid]::NewGuid() } -Task {
            if ($_.Input -like '*4') { Start-Sleep 60 }
            "$global:marker"
        }
        $run.FailedCount | Should -Be 1
        $run.RowCount | Should -Be 6
        ($run.Rows | Where-Object Status -EQ error).Error.Type | Should -Be 'System.TimeoutException'
        @($run.Rows.Output | Where-Object { $_ } | Sort-Object -Unique).Count | Should -Be 1
    }

    It 'leaves a task behind that can not be stopped' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -First 2 -ThrottleLimit 1 -TaskTimeoutSec 0.3 -Task { if (-not $global:slept) { $global:slept = 1; [Threading.Thread]::Sleep(15000) } 'done' } -ErrorAction Ignore
        $run.RowCount | Should -Be 2
        $run.FailedCount | Should -BeGreaterOrEqual 1
    }

    It 'runs a failed task again, and tells only the last attempt' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -ThrottleLimit 1 -MaxRetryCount 2 -First 2 -Task { $global:tries++; if ($global:tries % 2) { throw 'busy' } "try $global:tries" }
        $run.Status | Should -Be completed
        $run.RowCount | Should -Be 2
        (Get-Stored $run).Count | Should -Be 2
    }

    It 'ends when too many rows failed' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -ThrottleLimit 1 -MaxFailureCount 1 -Task { throw 'lost' } -ErrorAction Ignore
        $run.RowCount | Should -Be 2
        $run.Status | Should -Be failed
        (Get-LlmObsExperiment -Id $run.Experiment.Id).ErrorMessage | Should -Match '^given up: 2 of 2 rows failed'
        ($dataset | Invoke-LlmObsExperiment faq-bot -ThrottleLimit 1 -StopOnError -Task { throw 'lost' } -ErrorAction Ignore).RowCount | Should -Be 1
    }

    It 'says what kept a runspace from being ready, once, and makes nothing: <what>' -ForEach @(
        @{ what = 'the initialization'; says = 'The initialization script failed: no bot'; with = { @{ Task = { 1 }; InitializationScript = { throw 'no bot' } } } }
        @{ what = 'a module'; says = "The module 'NoSuchModule' can't be imported: *"; with = { @{ Task = { 1 }; Module = 'NoSuchModule' } } }
        @{ what = 'the syntax of the task'; says = "The script '*broken.ps1' can't be read: line 2: *"; with = { @{ TaskPath = "$TestDrive/broken.ps1" } } }
        @{ what = 'the syntax of a file that is loaded'; says = 'The initialization script failed: *'; with = { @{ Task = { 1 }; InitializationScript = { . $using:broken } } } }
    ) {
        $broken = "$TestDrive/broken.ps1"
        Set-Content $broken "param(`$Record)`nif ("
        $given = & $with
        { $dataset | Invoke-LlmObsExperiment faq-bot @given } | Should -Throw $says -ErrorId 'RunNotPrepared,*'
        $Error[0].ErrorDetails.Message | Should -BeLike "Nothing was run: $says*"
        (Get-LlmObsEmulator).ExperimentCount | Should -Be 0
        # Nor is one touched that is there.
        $experiment = $dataset | New-LlmObsExperiment there
        $file = Join-Path $TestDrive "there-$([guid]::NewGuid()).jsonl"
        [void]($dataset | Invoke-LlmObsExperiment -Experiment $experiment -Task { 1 } -ResultPath $file)
        $before = Get-Content $file -Raw
        { $dataset | Invoke-LlmObsExperiment -Experiment $experiment @given } | Should -Throw $says -ErrorId 'RunNotPrepared,*'
        { Resume-LlmObsExperiment $file @given } | Should -Throw $says -ErrorId 'RunNotPrepared,*'
        (Get-LlmObsExperiment -Id $experiment.Id).Status | Should -Be completed
        Get-Content $file -Raw | Should -Be $before
    }

    It 'ends with an error if a further runspace can not be prepared' {
        $marker = Join-Path $TestDrive "marker-$([guid]::NewGuid())"
        { $dataset | Invoke-LlmObsExperiment faq-bot -ThrottleLimit 1 -Task { 1 } -SummaryEvaluator @{ all = { 1 } } -InitializationScript {
                if (Test-Path $using:marker) { throw 'only once' }
                Set-Content $using:marker ''
            } } | Should -Throw '*initialization script failed: only once*' -ErrorId 'RunFailed,*'
        (Get-LlmObsExperiment -Project $dataset.ProjectId).Status | Should -Be failed
    }

    It 'prepares a runspace once for its rows, and none under -WhatIf' {
        $log = Join-Path $TestDrive "prepared-$([guid]::NewGuid())"
        [void](New-Item -ItemType Directory $log)
        $with = @{ Task = { 1 }; ThrottleLimit = 1; InitializationScript = { Set-Content (Join-Path $using:log ([guid]::NewGuid())) '' } }
        $dataset | Invoke-LlmObsExperiment faq-bot @with -WhatIf
        @(Get-ChildItem $log).Count | Should -Be 0
        [void]($dataset | Invoke-LlmObsExperiment faq-bot @with)
        @(Get-ChildItem $log).Count | Should -Be 1
    }

    It 'shows warnings and the host''s lines with the record''s id' {
        $record = ($dataset | Get-LlmObsDatasetRecord)[0]
        [void]($record | Invoke-LlmObsExperiment faq-bot -Task { Write-Warning careful; Write-Host hello; 1 } -WarningVariable warned -InformationVariable said 3>$null 6>$null)
        $warned | Should -Be "$($record.Id): careful"
        "$said" | Should -Be "$($record.Id): hello"
    }

    It 'makes and runs nothing under -WhatIf' {
        $dataset | Invoke-LlmObsExperiment faq-bot -Task { throw 'ran' } -WhatIf
        Get-LlmObsExperiment -Project $dataset.ProjectId | Should -BeNullOrEmpty
    }

    It 'picks the same records at random for the same seed' {
        $picked = foreach ($seed in 1, 1, 2) { (($dataset | Invoke-LlmObsExperiment faq-bot -Sample 3 -Seed $seed -Task { 1 }).Rows.RecordId | Sort-Object) -join ' ' }
        $picked[0] | Should -Be $picked[1]
        $picked[0] | Should -Not -Be $picked[2]
    }

    It 'divides the records into parts, each of which is run once, with one run id' {
        $experiment = $dataset | New-LlmObsExperiment parts
        $rows = 1..4 | ForEach-Object { ($dataset | Invoke-LlmObsExperiment -Experiment $experiment -Shard $_ -ShardCount 4 -Task { 1 }).Rows }
        ($rows.RecordId | Sort-Object) | Should -Be (($dataset | Get-LlmObsDatasetRecord).Id | Sort-Object)
        @($rows.RunId | Sort-Object -Unique).Count | Should -Be 1
        (Get-LlmObsExperiment -Id $experiment.Id).Status | Should -BeNullOrEmpty -Because 'a part does not say how the whole goes'
    }

    It 'writes commit and branch into the metadata, under both conventions, and no password' {
        $env:TF_BUILD = 'True'
        $more = @{ BUILD_SOURCEVERSION = 'abc123'; BUILD_SOURCEBRANCH = 'refs/heads/main'; BUILD_REPOSITORY_URI = 'https://me:word@dev.example.com/r' }
        $more.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $more[$_]) }
        try {
            $run = $dataset | Invoke-LlmObsExperiment faq-bot -First 1 -Task { 1 } -Metadata @{ tags = @('a:b'); owner = 'me' }
            $metadata = (Get-LlmObsExperiment -Id $run.Experiment.Id).Metadata
            $metadata.commit | Should -Be abc123
            $metadata.branch | Should -Be main
            $metadata.owner | Should -Be me
            $metadata.tags | Should -Be 'a:b', 'git.commit.sha:abc123', 'git.branch:main', 'git.repository_url:https://dev.example.com/r'
            $run = $dataset | Invoke-LlmObsExperiment faq-bot -First 1 -Task { 1 } -CiMetadata:$false
            (Get-LlmObsExperiment -Id $run.Experiment.Id).Metadata | Should -BeNullOrEmpty
        } finally {
            $more.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $null) }
        }
    }
}

Describe 'A run over piped rows' {
    BeforeAll {
        function Get-Record { @(Get-LlmObsDatasetRecord -Dataset faq -Project bot) }
        $faq = @(
            [pscustomobject]@{ question = 'a'; answer = '1'; area = 'x' }
            [pscustomobject]@{ question = 'b'; answer = '2'; area = 'y' }
            [pscustomobject]@{ question = 'a'; answer = '1'; area = 'x' }
        )
        $columns = @{ InputColumn = 'question'; ExpectedColumn = 'answer'; MetadataColumn = 'area' }
    }
    BeforeEach { Start-LlmObsEmulator; [void](New-LlmObsProject bot) }
    AfterEach { Clear-Session }

    It 'makes the dataset, brings each row into it once, and runs those' {
        $run = $faq | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot @columns -Task { "$($_.Input) $($_.Metadata.area) $($_.ExpectedOutput)" }
        $run.Status | Should -Be completed
        $run.Rows.Output | Sort-Object | Should -Be 'a x 1', 'b y 2'
        $records = Get-Record
        $records.Input | Sort-Object | Should -Be 'a', 'b'
        $run.Rows.RecordId | Sort-Object | Should -Be ($records.Id | Sort-Object)
        $run.Experiment.DatasetVersion | Should -Be (Get-LlmObsDataset faq -Project bot).CurrentVersion
    }

    It 'uses records that are there, adds the others, and runs only what was piped' {
        $dataset = New-LlmObsDataset faq -Project bot
        [void](@{ input = 'a'; expected_output = '1'; metadata = @{ area = 'x' } }, @{ input = 'other' } | Add-LlmObsDatasetRecord -Dataset $dataset)
        $there = (Get-Record | Where-Object Input -EQ a).Id
        $first = $faq | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot @columns -Task { 1 }
        $version = (Get-LlmObsDataset faq -Project bot).CurrentVersion
        $again = $faq | Invoke-LlmObsExperiment faq-bot -Dataset $dataset @columns -Task { 1 }
        (Get-LlmObsDataset faq -Project bot).CurrentVersion | Should -Be $version -Because 'nothing was added'
        (Get-Record).Count | Should -Be 3
        ($first.Rows | Where-Object Input -EQ a).RecordId | Should -Be $there
        $again.Rows.RecordId | Sort-Object | Should -Be ($first.Rows.RecordId | Sort-Object)
    }

    It 'knows objects again whatever the order of their members, and numbers whatever their form' {
        $dataset = New-LlmObsDataset faq -Project bot
        '{"input":{"a":1,"b":[1.0,null]}}' | Add-LlmObsDatasetRecord -Dataset $dataset | Out-Null
        $run = '{"input":{"b":[1,null],"a":1.0},"metadata":{}}' | Invoke-LlmObsExperiment faq-bot -Dataset $dataset -Task { 1 }
        (Get-Record).Id | Should -Be $run.Rows.RecordId
    }

    It 'never takes one that was changed since for the row that it came from' {
        $one = @{ input = 'a'; expected_output = 'old' }
        $id = ($one | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot -Task { 1 }).Rows.RecordId
        Get-Record | Set-LlmObsDatasetRecord -ExpectedOutput 'mended'
        $other = ($one | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot -Task { 1 }).Rows.RecordId
        $other | Should -Not -Be $id
        (Get-Record | Where-Object Id -EQ $id).ExpectedOutput | Should -Be mended
        (Get-Record | Where-Object Id -EQ $other).ExpectedOutput | Should -Be old
    }

    It 'takes ids of a column; a record of that id is changed to what the row says' {
        $run = @{ key = 'q.1'; q = 'a' } | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot -InputColumn q -IdColumn key -Task { 1 }
        $run.Rows.RecordId | Should -Be 'q.1'
        $run = @{ key = 'q.1'; q = 'b' } | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot -InputColumn q -IdColumn key -Task { $_.Input }
        $run.Rows.Output | Should -Be b
        (Get-Record).Input | Should -Be b
    }

    It 'brings records of another dataset into the one that is named' {
        $other = New-LlmObsDataset other -Project bot
        [void](@{ input = 'x'; tags = 'k:v' } | Add-LlmObsDatasetRecord -Dataset $other)
        $run = $other | Get-LlmObsDatasetRecord | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot -Task { $_.Input }
        $run.Rows.Output | Should -Be x
        (Get-Record) | ForEach-Object { $_.Id | Should -Be $run.Rows.RecordId; $_.Tags | Should -Be 'k:v' }
    }

    It 'leaves out a row that is no record, says so, and runs the others' {
        $run = [pscustomobject]@{ input = 'a'; expected_output = 'x' }, [pscustomobject]@{ input = $null; expected_output = 'y' } |
            Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot -Task { 1 } -ErrorAction SilentlyContinue -ErrorVariable said
        $run.RowCount | Should -Be 1
        "$said" | Should -BeLike 'Row 2 was not added: input is empty*'
        @($said)[0].FullyQualifiedErrorId | Should -BeLike 'InvalidRecord,*'
    }

    It 'runs nothing where the records did not get there' {
        [void](New-LlmObsDataset faq -Project bot)
        Stop-LlmObsEmulator
        $server = New-Server
        [void]$server.Answer(200, '{"data":[{"id":"p","type":"projects","attributes":{"name":"bot"}}]}').Answer(200, '{"data":[{"id":"d","type":"datasets","attributes":{"name":"faq"}}]}').Answer(200, '{"data":[]}').Answer(400, '{"errors":[{"title":"no"}]}')
        @{ input = 'a' } | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot -Task { 1 } -ErrorAction SilentlyContinue -ErrorVariable said | Should -BeNullOrEmpty
        @($said)[0].FullyQualifiedErrorId | Should -BeLike 'BadRequest,*'
        $server.Requests.Path | Where-Object { $_ -like '*/experiments*' } | Should -BeNullOrEmpty
        $server.Dispose()
    }

    It 'shows what it would make and add under -WhatIf, and does none of it' {
        $faq | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot @columns -Task { throw 'ran' } -WhatIf
        Get-LlmObsDataset -Project bot | Should -BeNullOrEmpty
        [void](New-LlmObsDataset faq -Project bot)
        $faq | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot @columns -Task { throw 'ran' } -WhatIf
        Get-Record | Should -BeNullOrEmpty
        (Get-LlmObsEmulator).ExperimentCount | Should -Be 0
    }

    It 'goes on later with the rows that were piped' {
        $file = Join-Path $TestDrive piped.jsonl
        $run = $faq + @{ question = 'c'; answer = '3'; area = 'z' } | Invoke-LlmObsExperiment faq-bot -Dataset faq -Project bot @columns -First 2 -ResultPath $file -StopOnError -ThrottleLimit 1 -Task { throw 'lost' } -ErrorAction Ignore
        $run.RowCount | Should -Be 1
        (Resume-LlmObsExperiment $file -Task { $_.Input }).Rows.Output | Sort-Object | Should -Be 'a', 'b'
    }
}

Describe 'A run with a spool' {
    BeforeEach { $spool = Join-Path $TestDrive ([guid]::NewGuid()); $file = Join-Path $TestDrive ([guid]::NewGuid()) }
    AfterEach { Clear-Session }

    It 'keeps what the service does not take, once, for Resume-LlmObsEvent' {
        Start-LlmObsEmulator -Fault @{ On = '/events'; Status = 503; Count = 1 }
        Set-LlmObsConfig -MaxRetryCount 0
        $dataset = New-Question 6
        $run = $dataset | Invoke-LlmObsExperiment spooled -Task { $_.Input } -Evaluator @{ ok = { $true } } -SpoolPath $spool -ResultPath $file -ErrorAction SilentlyContinue -ErrorVariable said
        $run.Status | Should -Be failed
        @($said)[0].FullyQualifiedErrorId | Should -BeLike 'ServerError,*'
        "$said" | Should -BeLike '*kept in the spool*'
        (Get-ChildItem $spool -File).Extension | Sort-Object | Should -Be '.lock', '.request'
        # The spool has all rows: to resume the run sends none of them a second time.
        (Resume-LlmObsExperiment $file -Task { throw 'ran' }).RowCount | Should -Be 6
        (Get-LlmObsEmulator).SpanCount | Should -Be 0
        (Resume-LlmObsEvent $spool).EventCount | Should -Be 12
        $stored = Get-Stored $run
        ($stored | ForEach-Object { $_.Tags -match '^dataset_record_id:' } | Sort-Object -Unique).Count | Should -Be 6
        $stored.Count | Should -Be 6
        Get-ChildItem $spool | Should -BeNullOrEmpty
    }

    It 'leaves nothing behind when all was answered' {
        Start-LlmObsEmulator
        $run = New-Question 3 | Invoke-LlmObsExperiment spooled -Task { 1 } -SpoolPath $spool
        $run.Status | Should -Be completed
        (Get-Stored $run).Count | Should -Be 3
        Get-ChildItem $spool | Should -BeNullOrEmpty
    }

    It 'ends when the spool can not be written, and says which rows are not safe' {
        Start-LlmObsEmulator
        $dataset = New-Question 6
        # The folder goes while the run is under way.
        $call = {
            $dataset | Invoke-LlmObsExperiment spooled -ThrottleLimit 1 -SpoolPath $spool -ResultPath $file -Task {
                if (Test-Path $using:spool) { Remove-Item $using:spool -Recurse -Force; Set-Content $using:spool 'no folder' }
                'done'
            }
        }
        $said = try { & $call } catch { $_ }
        "$said" | Should -BeLike 'The run of experiment * was ended*6 finished rows were neither sent nor kept there.'
        $said.FullyQualifiedErrorId | Should -BeLike 'SpoolNotWritable,*'
        $said.TargetObject.Count | Should -Be 6 -Because 'these are the events of the batch'
        $experiment = Get-LlmObsExperiment -Project $dataset.ProjectId
        $experiment.Status | Should -Be failed
        Remove-Item $spool
        $run = Resume-LlmObsExperiment $file -Task { 'done' } -SpoolPath $spool
        $run.Status | Should -Be completed
        $stored = Get-LlmObsEvent -ExperimentId $experiment.Id
        $stored.Count | Should -Be 6
        ($stored | ForEach-Object { $_.Tags -match '^dataset_record_id:' } | Sort-Object -Unique).Count | Should -Be 6
    }

    It 'runs nothing where there can be no spool' {
        Start-LlmObsEmulator
        $dataset = New-Question 2
        Set-Content $spool 'no folder'
        { $dataset | Invoke-LlmObsExperiment spooled -SpoolPath $spool -Task { throw 'ran' } } | Should -Throw -ErrorId 'SpoolNotWritable,*'
        (Get-LlmObsExperiment -Project $dataset.ProjectId).Status | Should -Be failed
    }
}

Describe 'Rows that are judged again' {
    BeforeAll {
        Start-LlmObsEmulator
        $dataset = New-Question 4
        $file = Join-Path $TestDrive parent.jsonl
        $parent = $dataset | Invoke-LlmObsExperiment parent -RunCount 2 -ThrottleLimit 2 -Config @{ model = 'small' } -SpanTag 'team:search' -ResultPath $file -Evaluator @{ old = { 1 } } -Task {
            if ($_.Id -eq 'q-4') { throw 'busy' }
            New-LlmObsTaskResult "out $($_.Input)" -InputTokenCount 7 -CostUsd 0.5 -Metadata @{ note = 'n' } -Tag 'own:tag'
        }
        $readBack = Get-LlmObsExperiment -Id $parent.Experiment.Id
    }
    AfterAll { Clear-Session }

    It 'from <what>: copies the spans into a child experiment, and runs no task' -ForEach @(
        @{ what = 'a run'; source = { $parent } }
        @{ what = 'a result file'; source = { $file } }
        @{ what = 'an experiment'; source = { $readBack } }
        @{ what = 'an id'; source = { $parent.Experiment.Id } }
    ) {
        $run = Invoke-LlmObsExperiment -From (& $source) -SpanTag 'more:tag' -Evaluator @{ new = { "$($_.Config.model) $($_.Output) $($_.ExpectedOutput) $($_.Metadata.note) $($_.Metadata.number)" } }
        $run.RowCount | Should -Be 8
        $run.FailedCount | Should -Be 2
        $run.Status | Should -Be failed -Because 'two rows of the parent had failed'
        $child = Get-LlmObsExperiment -Id $run.Experiment.Id
        $child.ParentExperimentId | Should -Be $parent.Experiment.Id
        $child.LogicalName | Should -Be 'parent-rerun'
        $child.Config.model | Should -Be small
        $child.RunCount | Should -Be 2
        $child.DatasetVersion | Should -Be $parent.Experiment.DatasetVersion
        ($run.Rows | Where-Object Status -EQ ok | Select-Object -First 1).new | Should -BeLike 'small out question * answer * n *'

        $before = @(Get-Stored $parent)
        $after = @(Get-Stored $run)
        $after.Count | Should -Be 8
        @($after.TraceId | Sort-Object -Unique).Count | Should -Be 1
        @($after.SpanId | Where-Object { $_ -in $before.SpanId }) | Should -BeNullOrEmpty
        foreach ($span in $after) {
            $from = $before | Where-Object SpanId -EQ ($span.Tags -match '^parent_experiment_span_id:' -replace '.*:')
            $from | Should -Not -BeNullOrEmpty
            $span.Name | Should -Be $from.Name
            $span.DurationNs | Should -Be $from.DurationNs
            $span.Status | Should -Be $from.Status
            $span.ErrorMessage | Should -Be $from.ErrorMessage
            foreach ($part in 'Input', 'Output', 'ExpectedOutput') { $span.$part | ConvertTo-Json | Should -Be ($from.$part | ConvertTo-Json) }
            $span.Metadata.number | Should -Be $from.Metadata.number
            $span.Metadata.input_tokens | Should -Be $from.Metadata.input_tokens
            $changed = 'experiment_id', 'experiment_name', 'run_id', 'parent_experiment_span_id', 'more'
            ($span.Tags | Where-Object { ($_ -split ':')[0] -notin $changed } | Sort-Object) | Should -Be ($from.Tags | Where-Object { ($_ -split ':')[0] -notin $changed } | Sort-Object)
            $span.Tags | Should -Contain 'more:tag'
            $span.Tags | Should -Contain "experiment_id:$($child.Id)"
            $span.EvalMetrics.Label | Should -Be new
        }
        # As far apart as they were, and now.
        $apart = { param($spans) $sorted = @($spans.StartNs | Sort-Object); $sorted[-1] - $sorted[0] }
        & $apart $after | Should -Be (& $apart $before)
        ($after.StartNs | Measure-Object -Minimum).Minimum | Should -BeGreaterThan ($before.StartNs | Measure-Object -Maximum).Maximum
        ($run.Rows | Where-Object Status -EQ ok)[0].CostUsd | Should -Be 0.5
        $run.Rows[0].ParentSpanId | Should -BeIn $before.SpanId
    }

    It 'sends what ties a span to its parent in its meta, too' {
        $server = [LlmObs.Testing.ScriptedService]::new()
        [void]$server.Answer(200, '{"data":{"id":"child","type":"experiments","attributes":{"name":"c"}}}').Answer(200, '')
        Set-LlmObsConfig -ProfileName scripted -BaseUri $server.BaseUri -MaxRetryCount 0
        [void](Invoke-LlmObsExperiment again -From $file -ProfileName scripted -Evaluator @{ new = { 1 } })
        $body = ($server.Requests | Where-Object Path -Like '*/events')[0].Body | ConvertFrom-Json -Depth 30
        foreach ($span in $body.data.attributes.spans) {
            $span.meta.parent_experiment_span_id | Should -BeIn $parent.Rows.SpanId
            $span.tags | Should -Contain "parent_experiment_span_id:$($span.meta.parent_experiment_span_id)"
        }
        $created = $server.Requests[0].Body | ConvertFrom-Json -Depth 30
        $created.data.attributes.name | Should -Be again
        $created.data.attributes.parent_experiment_id | Should -Be $parent.Experiment.Id
        $server.Dispose()
    }

    It 'gives summary evaluators the rows of each iteration, and evaluators of failed rows the words of the SDKs' {
        $run = Invoke-LlmObsExperiment -From $parent -Evaluator @{ new = { 1 } } -SummaryEvaluator @{ rows = { @($_ | ForEach-Object { if ($_) { 'row' } else { 'none' } }) -join ' ' } }
        $run.SummaryEvaluations[0].Value | Should -Match '^(?=.*none)(row |none ){3}(row|none)$'
        $run.SummaryEvaluations[1].Value | Should -Be $run.SummaryEvaluations[0].Value -Because 'the failed row has its place in both'
        ($run.Rows | Where-Object Status -EQ error)[0].Evaluations.new.Error.Message | Should -Be 'task error; evaluation skipped'
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a task'; says = '*-Task has no meaning there*'; call = { Invoke-LlmObsExperiment -From $parent -Task { 1 } -Evaluator @{ a = { 1 } } } }
        @{ what = 'records'; says = '*what was piped has no meaning*'; call = { $dataset | Invoke-LlmObsExperiment -From $parent -Evaluator @{ a = { 1 } } } }
        @{ what = 'no evaluator'; says = '*no evaluator was given*'; call = { Invoke-LlmObsExperiment -From $parent } }
        @{ what = 'its own file as result'; says = '*would be overwritten while it is read*'; call = { Invoke-LlmObsExperiment -From $file -ResultPath $file -Evaluator @{ a = { 1 } } } }
        @{ what = 'a task when it goes on'; says = '*judged again, without running a task: -Task has no effect*'; call = {
                $again = Join-Path $TestDrive again.jsonl
                [void](Invoke-LlmObsExperiment -From $file -ResultPath $again -Evaluator @{ a = { 1 } })
                Resume-LlmObsExperiment $again -Task { 1 } -Evaluator @{ a = { 1 } }
            }
        }
        @{ what = 'no evaluator when it goes on'; says = '*judged again, and no evaluator was given*'; call = {
                $bare = Join-Path $TestDrive bare.jsonl
                [void](Invoke-LlmObsExperiment -From $file -ResultPath $bare -Evaluator @{ a = { 1 } })
                Resume-LlmObsExperiment $bare
            }
        }
    ) {
        $call | Should -Throw $says -ErrorId 'InvalidValue,*'
    }

    It 'goes on from its result file: judges what is missing, and each row once' {
        $half = Join-Path $TestDrive half.jsonl
        $whole = Invoke-LlmObsExperiment half -From $file -ResultPath $half -ThrottleLimit 1 -SpanTag 'more:tag' -Evaluator @{ new = { $_.Output } }
        # As if it had been cut off behind its third row, of which the service had heard nothing yet.
        $lines = Get-Content $half
        $kept = @($lines[0]) + @($lines -like '*"type":"row"*' | Select-Object -First 3)
        Set-Content $half $kept
        $judged = [Collections.Concurrent.ConcurrentQueue[string]]::new()
        $run = Resume-LlmObsExperiment $half -Evaluator @{ new = { ($using:judged).Enqueue("$($_.RecordId) $($_.RunIteration)"); $_.Output } }
        $run.Experiment.Id | Should -Be $whole.Experiment.Id
        $run.RowCount | Should -Be 8
        $run.FailedCount | Should -Be 2
        $rows = @(Get-Content $half | ConvertFrom-Json | Where-Object type -EQ row)
        $rows.parent_experiment_span_id | Sort-Object | Should -Be ($parent.Rows.SpanId | Sort-Object)
        $before = @($kept | Select-Object -Skip 1 | ConvertFrom-Json)
        foreach ($row in $before) { $judged | Should -Not -Contain "$($row.record_id) $($row.run_iteration)" -Because 'that was judged before' }
        $judged.Count | Should -Be (@($rows | Where-Object status -EQ ok).Count - @($before | Where-Object status -EQ ok).Count)
        @($rows.trace_id | Sort-Object -Unique).Count | Should -Be 1
        $spans = @(Get-Stored $run | Where-Object SpanId -In $run.Rows.SpanId)
        $spans.Count | Should -Be 8
        $spans | ForEach-Object { $_.Name | Should -Be parent; $_.Tags | Should -Contain 'more:tag' }
        (Get-LlmObsExperiment -Id $run.Experiment.Id).Status | Should -Be failed -Because 'two rows of the parent had failed'
    }

    It 'makes nothing under -WhatIf' {
        $count = (Get-LlmObsEmulator).ExperimentCount
        Invoke-LlmObsExperiment -From $file -Evaluator @{ new = { throw 'ran' } } -WhatIf
        (Get-LlmObsEmulator).ExperimentCount | Should -Be $count
    }
}

Describe 'A cache of outputs' {
    BeforeEach {
        Start-LlmObsEmulator
        $dataset = New-Question 3
        $cache = Join-Path $TestDrive ([guid]::NewGuid())
        $ran = Join-Path $TestDrive ([guid]::NewGuid())
        $task = { param($Record, $Config) [IO.File]::AppendAllText($using:ran, 'x'); New-LlmObsTaskResult @{ said = "$($Config.model) $($Record.Input)" } -InputTokenCount 5 -CostUsd 0.1 -Metadata @{ m = 1 } -Tag 'a:b' }
        function Get-RunCount { (Test-Path $ran) ? (Get-Item $ran).Length : 0 }
    }
    AfterEach { Clear-Session }

    It 'reuses an output, says so, and keeps all that the task told' {
        $first = $dataset | Invoke-LlmObsExperiment cached -Task $task -CachePath $cache -ThrottleLimit 1
        $first.Rows.FromCache | Should -Not -Contain $true
        $said = $dataset | Invoke-LlmObsExperiment cached -Task $task -CachePath $cache -ThrottleLimit 1 -RequestsPerMinute 1 -Evaluator @{ said = { $_.Output.said -like '* question *' } } -Verbose 4>&1
        $again = $said | Where-Object { $_ -is [LlmObs.ExperimentRun] }
        Get-RunCount | Should -Be 3
        $again.Rows.FromCache | Should -Be $true, $true, $true
        $again.Rows.said | Should -Be $true, $true, $true
        @($said | Where-Object { "$_" -like 'q-*: the output is taken from*' }).Count | Should -Be 3
        $again.CostUsd | Should -Be 0.3
        $sorted = { param($run) $run.Rows | Sort-Object RecordId | Select-Object RecordId, Output, Metadata, Tags, InputTokenCount, CostUsd, Duration | ConvertTo-Json -Depth 9 }
        & $sorted $again | Should -Be (& $sorted $first)
    }

    It 'runs the task if <what> is another' -ForEach @(
        @{ what = 'the record'; change = { [void](Get-LlmObsDatasetRecord -Dataset $dataset | ForEach-Object { $_ | Set-LlmObsDatasetRecord -ExpectedOutput 'new' }); @{ Task = $task; Config = @{ model = 'a' } } } }
        @{ what = 'the configuration'; change = { @{ Task = $task; Config = @{ model = 'b' } } } }
        @{ what = 'the task'; change = { @{ Task = [scriptblock]::Create("$task # changed".Replace('$using:ran', "'$ran'")); Config = @{ model = 'a' } } } }
        @{ what = 'a variable of it'; change = { $word = 'other'; @{ Task = { [IO.File]::AppendAllText($using:ran, 'x'); $using:word }; Config = @{ model = 'a' } } } }
    ) {
        $word = 'one'
        $before = $what -eq 'a variable of it' ? { [IO.File]::AppendAllText($using:ran, 'x'); $using:word } : $task
        [void]($dataset | Invoke-LlmObsExperiment cached -Task $before -CachePath $cache -ThrottleLimit 1 -Config @{ model = 'a' })
        Get-RunCount | Should -Be 3
        $changed = . $change
        [void]($dataset | Invoke-LlmObsExperiment cached @changed -CachePath $cache -ThrottleLimit 1)
        Get-RunCount | Should -Be 6
    }

    It 'keeps each iteration for itself, and no failure' {
        $flaky = { [IO.File]::AppendAllText($using:ran, 'x'); if ($_.Id -eq 'q-2') { throw 'busy' } 1 }
        [void]($dataset | Invoke-LlmObsExperiment cached -Task $flaky -CachePath $cache -ThrottleLimit 1 -RunCount 2)
        Get-RunCount | Should -Be 6
        [void]($dataset | Invoke-LlmObsExperiment cached -Task $flaky -CachePath $cache -ThrottleLimit 1 -RunCount 2)
        Get-RunCount | Should -Be 8
    }

    It 'runs the task again where a file of it is torn' {
        [void]($dataset | Invoke-LlmObsExperiment cached -Task $task -CachePath $cache -ThrottleLimit 1)
        Get-ChildItem $cache | Select-Object -First 1 | ForEach-Object { Set-Content $_ (Get-Content $_ -Raw).Substring(0, 9) }
        [void]($dataset | Invoke-LlmObsExperiment cached -Task $task -CachePath $cache -ThrottleLimit 1)
        Get-RunCount | Should -Be 4
        @(Get-ChildItem $cache).Count | Should -Be 3
    }

    It 'refuses what it can not compare, and a folder that can not be' {
        $stream = [IO.MemoryStream]::new()
        { $dataset | Invoke-LlmObsExperiment cached -Task { $using:stream } -CachePath $cache -ThrottleLimit 1 } | Should -Throw '*value of $using:stream can''t be compared*' -ErrorId 'InvalidValue,*'
        Set-Content $cache 'a file'
        { $dataset | Invoke-LlmObsExperiment cached -Task { 1 } -CachePath $cache -ThrottleLimit 1 } | Should -Throw -ErrorId 'UnwritableFile,*'
        (Get-LlmObsEmulator).ExperimentCount | Should -Be 0
    }
}

Describe 'A run that is stopped' {
    AfterEach { Clear-Session }

    It 'says how to go on, and what has to be given again' {
        if (-not ('LlmObs.Testing.AnsweringHost' -as [type])) { Add-Type -Path (Join-Path $PSScriptRoot 'Support/AnsweringHost.cs') }
        Start-LlmObsEmulator
        $dataset = New-Question 3
        $file = Join-Path $TestDrive said.jsonl
        $terminal = [LlmObs.Testing.AnsweringHost]::new()
        $runspace = [runspacefactory]::CreateRunspace($terminal)
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        [void]$shell.AddScript('param($module, $dataset, $file) Import-Module $module; $dataset | Invoke-LlmObsExperiment said -ResultPath $file -ThrottleLimit 3 -InitializationScript { $n = 1 } -Evaluator @{ e = { 1 } } -Task { if ($_.Id -eq "q-1") { return 1 } Start-Sleep 600 }').
            AddArgument($env:LLMOBS_TEST_MANIFEST).AddArgument($dataset).AddArgument($file)
        $running = $shell.BeginInvoke()
        Wait-Until { (Test-Path $file) -and (Get-Content $file) -match '"type":"row"' } { $running.IsCompleted } | Should -BeTrue
        $shell.Stop()
        $shell.Dispose()
        $runspace.Dispose()
        "$($terminal.Shown)" | Should -BeLike "*was interrupted after 1 rows. It has the status interrupted. Resume-LlmObsExperiment -ResultPath '$file' with the same -Task, -InitializationScript, -Evaluator runs the missing and failed rows.*"
    }

    It 'leaves a row to a later run if Ctrl+C ended the program that <what> calls' -ForEach @(
        @{ what = 'its task'; task = { pwsh -NoProfile -Command 'exit 130'; 1 }; evaluator = @{} }
        @{ what = 'its task, which looks for itself'; task = { try { pwsh -NoProfile -Command 'exit 130' } catch { 'half' } }; evaluator = @{} }
        @{ what = 'an evaluator'; task = { 1 }; evaluator = @{ e = { pwsh -NoProfile -Command 'exit 130'; 1 } } }
    ) {
        # A clock on which no wait is over: the stop comes while the row waits for the news of it.
        . $PSScriptRoot/Support/FaultCases.ps1
        $waits = [Threading.ManualResetEventSlim]::new()
        $clock = [LlmObs.Testing.WaitlessTime]::new(59)
        $clock.OnWait = [Action]::CreateDelegate([Action], $waits, 'Set')
        $clients::UseTime($clock)
        try {
            Start-LlmObsEmulator -AllowOldMetric
            Set-LlmObsConfig -TimeoutSec 59
            $dataset = New-Question 1
            $file = Join-Path $TestDrive "native-$([guid]::NewGuid()).jsonl"
            $cache = Join-Path $TestDrive "native-$([guid]::NewGuid())"
            $shell = [powershell]::Create()
            [void]$shell.AddScript('param($module, $dataset, $file, $cache, $task, $evaluator) Import-Module $module; $dataset | Invoke-LlmObsExperiment native -ResultPath $file -CachePath $cache -CiMetadata:$false -MaxRetryCount 3 -Task ([scriptblock]::Create($task)) -Evaluator $evaluator').
                AddArgument($env:LLMOBS_TEST_MANIFEST).AddArgument($dataset).AddArgument($file).AddArgument($cache).AddArgument("$task").AddArgument($evaluator)
            $running = $shell.BeginInvoke()
            Wait-Until { $waits.IsSet } { $running.IsCompleted } | Should -BeTrue
            $shell.Stop()
            $shell.Dispose()
            (Get-Content $file | ConvertFrom-Json).type | Should -Be run, end
            (Get-LlmObsExperiment -Project $dataset.ProjectId).Status | Should -Be interrupted
            if ($what -ne 'an evaluator') { Get-ChildItem $cache | Should -BeNullOrEmpty -Because 'half an output is none' }
            (Resume-LlmObsExperiment $file -Task { 'later' }).Rows.Output | Should -Be later
        } finally {
            $clients::UseTime([TimeProvider]::System)
            $waits.Dispose()
        }
    }

    It 'takes such an end for a failure if nobody stops the run' {
        Start-LlmObsEmulator
        $dataset = New-Question 1
        $run = $dataset | Invoke-LlmObsExperiment native -Task { pwsh -NoProfile -Command 'exit 130'; 1 } -ErrorAction Ignore
        $run.FailedCount | Should -Be 1
        $run.Rows[0].Error.Message | Should -BeLike '*exit code: 130*'
    }

    It 'ends within a second, and stores what was finished and that it was interrupted' {
        Start-LlmObsEmulator
        $dataset = New-Question 6
        $file = Join-Path $TestDrive stopped.jsonl
        $shell = [powershell]::Create()
        [void]$shell.AddScript('param($module, $dataset, $file) Import-Module $module; $dataset | Invoke-LlmObsExperiment faq-bot -ThrottleLimit 2 -ResultPath $file -Task { if ($_.Input -like "*6") { return "quick" } Start-Sleep 600 }').
            AddArgument($env:LLMOBS_TEST_MANIFEST).AddArgument($dataset).AddArgument($file)
        $running = $shell.BeginInvoke()
        Wait-Until { (Test-Path $file) -and (Get-Content $file) -match '"type":"row"' } { $running.IsCompleted } | Should -BeTrue
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10 -Because 'tasks under way are ended (bench/ measures that it takes less than one)'
        $shell.Dispose()
        $experiment = Get-LlmObsExperiment -Project $dataset.ProjectId
        $experiment.Status | Should -Be interrupted
        (Get-LlmObsEvent -ExperimentId $experiment.Id).Output | Should -Be quick
        (Get-Content $file | ConvertFrom-Json)[-1].status | Should -Be interrupted
        $run = Resume-LlmObsExperiment $file -Task { 'later' }
        $run.Status | Should -Be completed
        $run.RowCount | Should -Be 6
        $stored = Get-LlmObsEvent -ExperimentId $experiment.Id
        @($stored.Output | Group-Object | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" }) | Should -Be 'later 5', 'quick 1'
        @($stored | ForEach-Object { $_.Tags -match '^dataset_record_id:' } | Sort-Object -Unique).Count | Should -Be 6
    }
}

Describe 'Included evaluators' {
    BeforeEach {
        Start-LlmObsEmulator
        $dataset = New-LlmObsProject bot | New-LlmObsDataset questions
        [void](@{ input = 'q'; expected_output = 'about 1,200 euros' } | Add-LlmObsDatasetRecord -Dataset $dataset)
    }
    AfterEach { Clear-Session }

    It 'judge <output>: <name>' -ForEach @(
        @{ name = 'exact match'; output = 'about 1,200 euros'; make = { New-LlmObsEvaluator -ExactMatch }; value = $true; verdict = 'pass' }
        @{ name = 'exact match, other case'; output = 'About 1,200 euros'; make = { New-LlmObsEvaluator -ExactMatch }; value = $false; verdict = 'fail' }
        @{ name = 'contains'; output = 'it is about 1,200 euros'; make = { New-LlmObsEvaluator -Contains '' }; value = $true; verdict = 'pass' }
        @{ name = 'match'; output = 'abc'; make = { New-LlmObsEvaluator -Match '^\d' }; value = $false; verdict = 'fail' }
        @{ name = 'length'; output = 'one two three'; make = { New-LlmObsEvaluator -Length -Maximum 2 -Unit Words }; value = 3; verdict = 'fail' }
        @{ name = 'json'; output = '{"a":1}'; make = { New-LlmObsEvaluator -Json -RequiredKey a }; value = $true; verdict = 'pass' }
        @{ name = 'schema'; output = '{"a":"x"}'; make = { New-LlmObsEvaluator -Json -Schema @{ properties = @{ a = @{ type = 'number' } } } }; value = $false; verdict = 'fail' }
        @{ name = 'number'; output = '1199.5'; make = { New-LlmObsEvaluator -Number -Tolerance 1 }; value = 0.5; verdict = 'pass' }
        @{ name = 'similarity'; output = 'about 1,200 dollars'; make = { New-LlmObsEvaluator -Similarity -Threshold 0.9 }; value = 0.6842; verdict = 'fail' }
        @{ name = 'semantic'; output = 'x'; make = { New-LlmObsEvaluator -Semantic -Threshold 0.5 -Embedding { if ($_ -eq 'x') { 1, 0 } else { 1, 1 } } }; value = 0.7071; verdict = 'pass' }
        @{ name = 'judge'; output = 'x'; make = { New-LlmObsEvaluator -Judge '{{output}} {{input}}' -ScriptBlock { @{ value = $_ -eq 'x q'; reasoning = 'r' } } }; value = $true; verdict = 'pass' }
        @{ name = 'judge in words'; output = 'x'; make = { New-LlmObsEvaluator -Judge 'which?' -Verdict Categorical -Category good, bad -PassCategory good -ScriptBlock { '{"value":"bad","reasoning":"r"}' } }; value = 'bad'; verdict = 'fail' }
    ) {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -Task { $using:output } -Evaluator (& $make)
        $found = @($run.Rows[0].Evaluations.Values)
        $found.Count | Should -Be 1
        $found[0].Error | Should -BeNullOrEmpty
        $(if ($found[0].Value -is [double]) { [math]::Round($found[0].Value, 4) } else { $found[0].Value }) | Should -Be $value
        $found[0].Assessment | Should -Be $verdict
        $found[0].Reasoning | Should -Match '\w'
    }

    It 'keep the cosine of equal embeddings at 1, whatever 32-bit numbers make of it' {
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -Task { 'x' } -Evaluator (New-LlmObsEvaluator near -Semantic -Threshold 1 -Embedding { 1, 1 })
        $run.Rows[0].near | Should -BeExactly 1
        $run.Rows[0].Evaluations.near.Assessment | Should -Be pass
    }

    It 'give an error instead of a verdict for a record that expects nothing: <name>' -ForEach @(
        @{ name = 'exact match'; make = { New-LlmObsEvaluator -ExactMatch } }
        @{ name = 'contains'; make = { New-LlmObsEvaluator -Contains '' } }
        @{ name = 'number'; make = { New-LlmObsEvaluator -Number } }
        @{ name = 'similarity'; make = { New-LlmObsEvaluator -Similarity } }
        @{ name = 'semantic'; make = { New-LlmObsEvaluator -Semantic -Embedding { 1, 0 } } }
    ) {
        [void](@{ input = 'no answer known' } | Add-LlmObsDatasetRecord -Dataset $dataset)
        foreach ($output in 'null', '"text"') {
            $run = $dataset | Invoke-LlmObsExperiment faq-bot -Task { $using:output | ConvertFrom-Json } -Evaluator (& $make) -WarningAction SilentlyContinue
            $found = @($run.Rows.Where{ $_.Input -eq 'no answer known' }.Evaluations.Values)
            $found.Count | Should -Be 1
            $found[0].Value | Should -BeNullOrEmpty
            $found[0].Error.Message | Should -BeLike 'The record*expected output*'
        }
    }

    It 'ask a model of an OpenAI-compatible service, with a schema for its answer, and keep the key to themselves' {
        $model = [LlmObs.Testing.ScriptedService]::new()
        $answer = @{ id = 'c'; object = 'chat.completion'; created = 1; model = 'm'; choices = @(@{ index = 0; finish_reason = 'stop'; message = @{ role = 'assistant'; content = '{"reasoning":"close","value":0.75}' } }) }
        [void]$model.Answer(200, ($answer | ConvertTo-Json -Depth 9), @{ 'Content-Type' = 'application/json' }, 0)
        $judge = New-LlmObsEvaluator close -Judge 'How close is {{output}} to {{expected_output}}?' -Verdict Score -Threshold 0.7 -Model m -Endpoint "$($model.BaseUri)v1" -ApiKey 'fake-judge-key-000000000000cccc'
        $run = $dataset | Invoke-LlmObsExperiment faq-bot -Task { 'much' } -Evaluator $judge
        $run.Rows[0].Evaluations.close.Error | Should -BeNullOrEmpty
        $run.Rows[0].close | Should -Be 0.75
        $run.Rows[0].Evaluations.close.Assessment | Should -Be pass
        $run.Rows[0].Evaluations.close.Reasoning | Should -Be close
        $asked = $model.Requests[0].Body | ConvertFrom-Json -Depth 30
        $asked.messages[-1].content | Out-String | Should -Match 'How close is much to about 1,200 euros\?'
        $asked.response_format.type | Should -Be json_schema
        $judge | Format-List * | Out-String | Should -Not -Match 'fake-judge-key'
        $model.Dispose()
    }
}
