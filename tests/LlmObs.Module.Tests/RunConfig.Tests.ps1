BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    Start-LlmObsEmulator
    $configured = New-LlmObsProject config-project | New-LlmObsDataset configured
    @{ id = 'c1'; input = 'x'; metadata = @{ Gewicht = 3; tief = @{ Art = 'a' } } } | Add-LlmObsDatasetRecord -Dataset $configured | Out-Null
    $given = @{
        hashtable = @{ Model = 'small'; deep = @{ Top = 1; list = @(@{ K = 2 }) } }
        object = [pscustomobject]@{ Model = 'small'; deep = [pscustomobject]@{ Top = 1; list = @([pscustomobject]@{ K = 2 }) } }
        JSON = '{"Model":"small","deep":{"Top":1,"list":[{"K":2}]}}'
    }

    # What a script sees of the configuration: its type, and members by a dot and by an index, in any case.
    $task = {
        param($Record, $Config)
        "$($Config.GetType().Name) $($Config.model) $($Config['MODEL']) $($Config.deep['top']) $($Config['deep'].Top) $($Config.deep.list[0]['k']) $($Record.Metadata.gewicht) $($_.Metadata['GEWICHT']) $($_.Metadata['tief'].art)"
    }
    $judge = @{ seen = { "$($_.Config.GetType().Name) $($_.Config['model']) $($_.Config.deep['Top']) $($_.Metadata['gewicht'])" } }
    $wanted = 'OrderedDictionary small small 1 1 2 3 3 a'
    $judged = 'OrderedDictionary small 1 3'
}

AfterAll { Clear-Session }

Describe 'The configuration that a task and an evaluator get' {
    It 'is of one kind from <_>, and is sent as it was given' -ForEach 'hashtable', 'object', 'JSON' {
        $run = $configured | Invoke-LlmObsExperiment "config-$_" -Config $given[$_] -Task $task -Evaluator $judge
        $run.Rows[0].Output | Should -BeExactly $wanted
        $run.Rows[0].seen | Should -BeExactly $judged
        $stored = (Get-LlmObsExperiment -Id $run.Experiment.Id).Config
        $stored.Model | Should -BeExactly 'small'
        $stored.deep.list[0].K | Should -Be 2
    }

    It 'is of the same kind from an experiment that exists' {
        $there = New-LlmObsExperiment config-there -Dataset $configured -Config $given.hashtable
        $run = $configured | Invoke-LlmObsExperiment -Experiment $there.Id -Task $task -Evaluator $judge
        $run.Rows[0].Output, $run.Rows[0].seen | Should -BeExactly $wanted, $judged
    }

    It 'is of the same kind in a run that goes on, and in one that is judged again' {
        $file = Join-Path $TestDrive config.jsonl
        $null = $configured | Invoke-LlmObsExperiment config-first -Config $given.JSON -ResultPath $file -Task { throw 'later' } -ErrorAction SilentlyContinue -Evaluator $judge
        $run = Resume-LlmObsExperiment $file -Task $task -Evaluator $judge
        $run.Rows[0].Output, $run.Rows[0].seen | Should -BeExactly $wanted, $judged
        $again = Invoke-LlmObsExperiment -From $file -Evaluator $judge
        $again.Rows[0].seen | Should -BeExactly $judged
    }

    It 'is nothing where none was given' {
        ($configured | Invoke-LlmObsExperiment config-none -Task { param($Record, $Config) $null -ne $Record -and $null -eq $Config }).Rows[0].Output | Should -BeTrue
    }

    It 'is refused where a value has no place in JSON, before anything is run' {
        $there = New-LlmObsExperiment config-unwritable -Dataset $configured
        { $configured | Invoke-LlmObsExperiment -Experiment $there.Id -Config @{ code = { 1 } } -Task { 1 } } | Should -Throw -ErrorId 'InvalidValue,*' -ExpectedMessage '$.code is *'
        Get-LlmObsEvent $there.Id | Should -BeNullOrEmpty
    }

    It 'is refused without the parser''s own count of lines' {
        { $configured | Invoke-LlmObsExperiment config-bad -Config 'klein' -Task { 1 } } | Should -Throw -ExpectedMessage '*must be a JSON object: *line 1, byte 1*'
        try { $configured | Invoke-LlmObsExperiment config-bad -Config 'klein' -Task { 1 } } catch { "$_" | Should -Not -Match 'LineNumber|BytePosition' }
        Set-Content (Join-Path $TestDrive table.csv) 'a;b', '1;2'
        { Resume-LlmObsExperiment (Join-Path $TestDrive table.csv) -Task { 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'UnreadableFile,*'
        try { Resume-LlmObsExperiment (Join-Path $TestDrive table.csv) -Task { 1 } -ErrorAction Stop } catch { "$($_.ErrorDetails)" | Should -Not -Match 'LineNumber|BytePosition' }
    }
}

Describe 'A script block that is text' {
    It 'is refused with what to write: <name>' -ForEach @(
        @{ name = 'a file'; run = { $configured | Invoke-LlmObsExperiment text -Task ./bot.ps1 }; says = '*-Task takes a script block*Give the file with -TaskPath ''./bot.ps1''.*' }
        @{ name = 'text'; run = { $configured | Invoke-LlmObsExperiment text -Task 'text' }; says = '*-Task takes a script block*-Task { text }; a script file goes to -TaskPath.*' }
        @{ name = 'a file of Resume'; run = { Resume-LlmObsExperiment x.jsonl -Task ./bot.ps1 }; says = '*-TaskPath ''./bot.ps1''*' }
        @{ name = 'initialization'; run = { $configured | Invoke-LlmObsExperiment text -Task { 1 } -InitializationScript ./init.ps1 }; says = '*-InitializationScript { . ''./init.ps1'' }*' }
        @{ name = 'an evaluator'; run = { New-LlmObsEvaluator mine '$true' }; says = '*-ScriptBlock { $true }*' }
    ) {
        $run | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' -ExpectedMessage $says
    }
}

Describe 'The parts of a run' {
    It 'need an experiment that exists: -<_>' -ForEach 'Shard', 'Sharded' {
        $part = $_ -eq 'Shard' ? @{ Shard = 1; ShardCount = 2 } : @{ Sharded = $true }
        { $configured | Invoke-LlmObsExperiment parts @part -Task { 1 } } | Should -Throw -ErrorId 'InvalidValue,*' -ExpectedMessage '*into an experiment that exists*'
        { $configured | Invoke-LlmObsExperiment -Name parts @part -Task { 1 } } | Should -Throw -ErrorId 'InvalidValue,*' -ExpectedMessage '*into an experiment that exists*'
        Get-LlmObsExperiment -Project $configured.ProjectId -Name parts -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }
}

Describe 'The views of evaluations' {
    BeforeAll {
        $viewed = $configured | Invoke-LlmObsExperiment viewed -WarningAction SilentlyContinue -Task { 'out' } -Evaluator @{
            broken = { throw 'no data here' }; fine = { New-LlmObsEvaluation 0.5 -Assessment pass -Reasoning 'half of it' }
        }, (New-LlmObsEvaluator -Number -Name counted) -SummaryEvaluator @{ overall = { 0.25 }; lost = { throw 'no rows here' } }
    }

    It 'say value, verdict, reasoning and error: as a list' {
        $fine = $viewed.Rows[0].Evaluations.fine | Format-List | Out-String
        foreach ($line in 'Value\s+: 0.5', 'Assessment\s+: pass', 'Reasoning\s+: half of it') { $fine | Should -Match $line }
        $viewed.Rows[0].Evaluations.broken | Format-List | Out-String | Should -Match 'Error\s+: no data here'
        $viewed.SummaryEvaluations | Format-List | Out-String | Should -Match '(?s)overall.+0\.25.+no rows here|no rows here.+overall.+0\.25'
    }

    It 'say value, verdict, reasoning and error: as a table' {
        $table = $viewed.Rows[0].Evaluations.Values | Format-Table | Out-String -Width 80
        $table | Should -Match 'fine\s+0.5\s+pass\s+half of it'
        $table | Should -Match 'broken\s+no data here'
    }

    It 'of an included evaluator have one sentence as an error, and keep the stack' {
        $counted = $viewed.Rows[0].Evaluations.counted
        $shown = $counted | Format-List | Out-String
        $counted.Error.Message | Should -BeExactly 'The record''s expected output holds no number.'
        $counted.Error.Stack | Should -Match 'at LlmObs\.'
        $shown | Should -Match 'Error\s+: The record''s expected output holds no number\.'
        $shown | Should -Not -Match 'at LlmObs\.'
    }

    It 'of a run show its summary evaluations' {
        $viewed | Out-String | Should -Match '(?s)Summary evaluations:.+overall\s+0.25'
        $viewed | Out-String | Should -Match 'no rows here'
    }
}

Describe 'The prompt of a judge' {
    It 'says which record lacks what it names, and what to do about an empty cell' {
        $rows = "question,tier,note`none?,gold,new`ntwo?,gold," | ConvertFrom-Csv
        $with = @{ Dataset = 'cells'; Project = $configured.ProjectId; InputColumn = 'question'; MetadataColumn = 'tier', 'note'; CiMetadata = $false; Task = { 'out' }; WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
        $run = $rows | Invoke-LlmObsExperiment strict @with -Evaluator (New-LlmObsEvaluator good -Judge '{{metadata.note}}' -ScriptBlock { $true })
        $lacking = $run.Rows | Where-Object Input -EQ 'two?'
        $lacking.Evaluations.good.Error.Message | Should -BeLike "*names 'metadata.note', and the record's metadata has no 'note' (it has tier). An empty cell*{{metadata.note?}}*"
        "$warned" | Should -BeLike "1 of 2 evaluations failed, the first ('good' of record $($lacking.RecordId)): *metadata.note?*"
        $run = $rows | Invoke-LlmObsExperiment lenient @with -Evaluator (New-LlmObsEvaluator good -Judge '<{{metadata.note?}}>' -ScriptBlock { $_ -in '<new>', '<>' })
        $run.Metrics[0].PassedCount | Should -Be 2
    }
}
