[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'What the parameters of script blocks are given is the subject.')]
[Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidAssignmentToAutomaticVariable', '', Justification = 'So is $input.')]
param()

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    Start-LlmObsEmulator
    $scripted = New-LlmObsProject scripts-project | New-LlmObsDataset scripted
    $null = @{ id = 'r1'; input = @{ question = 'China?' }; expected_output = 'Beijing'; metadata = @{ level = 'easy' }; tags = 'env:prod' },
    @{ id = 'r2'; input = @{ question = 'Chad?' }; expected_output = "N'Djamena"; tags = 'env:test' } | Add-LlmObsDatasetRecord -Dataset $scripted
    $common = @{ CiMetadata = $false; Dataset = $scripted }

    function Get-Made {
        # The experiments that there are.
        (Get-LlmObsEmulator).ExperimentCount
    }
}

AfterAll { Clear-Session }

Describe 'The parameters of a script block' {
    It 'of a task get what their names say, as in Datadog''s SDK for Python' {
        $run = Invoke-LlmObsExperiment named @common -Config @{ model = 'small' } -Task {
            param($input_data, $config, $metadata)
            "$($input_data.question) $($config.model) $($metadata.level)"
        }
        ($run.Rows | Sort-Object RecordId).Output | Should -BeExactly 'China? small easy', 'Chad? small '
    }

    It 'of an evaluator get what their names say' {
        $run = Invoke-LlmObsExperiment named @common -Config @{ model = 'small' } -Task { 'Beijing' } -Evaluator @{
            exact_match = { param($input_data, $output_data, $expected_output) $output_data -eq $expected_output }
            seen = { param($Row, $Config, $Metadata) "$($Row.RecordId) $($Config.model) $($Metadata.level)" }
        }
        $rows = $run.Rows | Sort-Object RecordId
        $rows.exact_match | Should -Be $true, $false
        $rows.seen | Should -BeExactly 'r1 small easy', 'r2 small '
    }

    It 'of a summary evaluator are lists of the same length, with null for a failed row' {
        $run = Invoke-LlmObsExperiment named @common -WarningAction Ignore -Task { if ($_.Id -eq 'r2') { throw 'busy' } 'Beijing' } -Evaluator @{
            exact_match = { $_.Output -eq $_.ExpectedOutput }
        } -SummaryEvaluator @{
            matches = { param($inputs, $outputs, $expected_outputs, $evaluators_results) @($evaluators_results['exact_match'] -eq $true).Count }
            lengths = { param($inputs, $outputs, $expected_outputs, $evaluators_results) "$($inputs.Count) $($outputs.Count) $($expected_outputs.Count) $($evaluators_results.exact_match.Count) $(@($outputs -eq 'Beijing').Count)" }
        }
        ($run.SummaryEvaluations | Where-Object Label -EQ matches).Value | Should -Be 1
        ($run.SummaryEvaluations | Where-Object Label -EQ lengths).Value | Should -BeExactly '2 2 2 2 1'
    }

    It 'are given in a script file, too' {
        $file = Join-Path $TestDrive named.ps1
        Set-Content $file 'param($input_data, $metadata) "$($input_data.question) $($metadata.level)"'
        (Invoke-LlmObsExperiment named @common -Tag env:prod -TaskPath $file).Rows.Output | Should -BeExactly 'China? easy'
    }

    It 'keep a default that nothing is given for, and a switch' {
        $run = Invoke-LlmObsExperiment named @common -Tag env:prod -Task { param($Record, $Config, [switch] $Loud, $Suffix = '!') "$($Record.Id)$($Config.model)$Suffix$Loud" } -Config @{ model = 'm' }
        $run.Rows.Output | Should -BeExactly 'r1m!False'
    }

    It 'are refused if nothing is given to them: <Name>' -ForEach @(
        @{ Name = 'an evaluator'; Wrong = @{ Task = { 1 }; Evaluator = @{ same = { param($in, $out) $in -eq $out } } }; Says = "*evaluator 'same' has a parameter that nothing is given to: `$out. It gets the row, and *`$output_data*" }
        @{ Name = 'a task'; Wrong = @{ Task = { param($Record, $Settings, $More, $Most) 1 } }; Says = '*The task has parameters that nothing is given to: $More, $Most. It gets the record and the configuration, *' }
        @{ Name = 'a summary evaluator'; Wrong = @{ Task = { 1 }; SummaryEvaluator = @{ n = { param($Rows, $Scores) 1 } } }; Says = "*summary evaluator 'n' has a parameter that nothing is given to: `$Scores.*`$evaluators_results*" }
    ) {
        $before = Get-Made
        { Invoke-LlmObsExperiment refused @common @Wrong } | Should -Throw -ErrorId 'InvalidValue,*' -ExpectedMessage $Says
        Get-Made | Should -Be $before -Because 'nothing is made for scripts that can''t work'
    }
}

Describe 'A property that neither a record nor a row has' {
    It 'is refused before anything is made: <Name>' -ForEach @(
        @{ Name = 'of Python'; Wrong = @{ Task = { 1 }; Evaluator = @{ same = { $_.output_data -eq $_.expected_output } } }; Says = "*evaluator 'same' reads `$_.output_data, but a row has no property 'output_data', only *Output*" }
        @{ Name = 'misspelt'; Wrong = @{ Task = { 1 }; Evaluator = @{ same = { param($Row) $Row.Ouput -eq 'x' } } }; Says = "*reads `$Row.Ouput, but a row has no property 'Ouput'*Did you mean 'Output'?*" }
        @{ Name = 'of the input'; Wrong = @{ Task = { "$($_.question)" } }; Says = "*The task reads `$_.question, but a record has no property 'question'*`$_.Input.question*" }
        @{ Name = '$input'; Wrong = @{ Task = { $input } }; Says = '*The task uses $input,*$_.Input*' }
    ) {
        $before = Get-Made
        { Invoke-LlmObsExperiment refused @common @Wrong } | Should -Throw -ErrorId 'InvalidValue,*' -ExpectedMessage $Says
        Get-Made | Should -Be $before
    }

    It 'is no matter for $input that the script itself fills' {
        (Invoke-LlmObsExperiment own @common -Tag env:prod -Task { $input = $_.Input.question; "own $input" }).Rows.Output | Should -BeExactly 'own China?'
        (Invoke-LlmObsExperiment own @common -Tag env:prod -Task { param($input) $input.Id }).Rows.Output | Should -BeExactly 'r1'
    }

    It 'is no matter where $_ is something else' {
        $run = Invoke-LlmObsExperiment others @common -Tag env:prod -Task {
            param($Record)
            $names = @{ Name = 'a' } | ForEach-Object { $_.Name }
            try { throw 'x' } catch { $names += $_.Exception.Message }
            switch ('abc') { { $_.Length -eq 3 } { $names += $_.ToUpper() } }
            function Get-Deep($Record) { $Record.Deep }
            $names + (Get-Deep @{ Deep = 'd' }) + $Record.Input.question
        } -Evaluator @{ e = { param($Row) $Row = @{ Mine = 1 }; $Row.Mine } }
        $run.Rows.Output | Should -BeExactly 'axABCdChina?'
        $run.Rows.e | Should -Be 1
    }
}

Describe 'What a script uses of the session' {
    It 'is warned of if its runspace does not have it' {
        $model = 'large'
        function Get-Local($q) { "local $q" }
        $null = $model
        $run = Invoke-LlmObsExperiment outside @common -Task { "$model" } -Evaluator @{ e = { Get-Local 1 } } -WarningVariable said -WarningAction SilentlyContinue
        $run.Rows[0].Output | Should -BeExactly ''
        $said[0] | Should -BeLike 'The task reads $model of your session, which is null in its runspace: write $using:model.'
        $said[1] | Should -BeLike "The evaluator 'e' calls Get-Local of your session, a function that its runspace does not have: add -Function Get-Local."
    }

    It 'is not warned of if it has it, makes it, or is said to have it' {
        $model = 'large'; $own = 1; $loop = 2; $made = 3
        function Get-Local($q) { "local $q" }
        function pwsh { 'a program of the same name is there' }
        $null = $own, $loop, $made
        $run = Invoke-LlmObsExperiment inside @common -Tag env:prod -Function Get-Local -InitializationScript { $made = 'made' } -WarningVariable said -Task {
            $own = $using:model
            foreach ($loop in 1) { $null = $loop }
            Get-Item / -OutVariable out | Out-Null
            if ($null -eq $own) { pwsh -v }
            "$own $made $HOME".Length -gt 3 ? (Get-Local $own) : $out
        }
        $said | Should -BeNullOrEmpty
        $run.Rows.Output | Should -BeExactly 'local large'
    }

    It 'is given with -Function, to evaluators and in a run that goes on, too' {
        function Get-Word($n) { Get-Letter $n }
        function Get-Letter($n) { "a$n" }
        $file = Join-Path $TestDrive functions.jsonl
        $null = Invoke-LlmObsExperiment functions @common -Task { throw 'later' } -ResultPath $file -ErrorAction SilentlyContinue
        $run = Resume-LlmObsExperiment $file -Function Get-Word, Get-Letter -Task { Get-Word 1 } -Evaluator @{ e = { Get-Word 2 } }
        $run.Rows[0].Output, $run.Rows[0].e | Should -BeExactly 'a1', 'a2'
    }

    It 'is refused if -Function names none' {
        { Invoke-LlmObsExperiment functions @common -Function Get-Nobody -Task { 1 } } | Should -Throw -ErrorId 'InvalidValue,*' -ExpectedMessage "*no function 'Get-Nobody'*"
    }

    It 'is part of what an output in -CachePath follows from' {
        $cache = Join-Path $TestDrive cache
        function Get-Word { 'one' }
        $null = Invoke-LlmObsExperiment functions @common -Function Get-Word -Task { Get-Word } -CachePath $cache
        function Get-Word { 'two' }
        $run = Invoke-LlmObsExperiment functions @common -Function Get-Word -Task { Get-Word } -CachePath $cache
        $run.Rows[0].Output, $run.Rows[0].FromCache | Should -Be 'two', $false
    }
}

Describe 'Tags in a hashtable' {
    It 'are key:value, as in Datadog''s SDK for Python' {
        $run = Invoke-LlmObsExperiment tagged @common -Tag @{ env = 'prod' } -SpanTag ([ordered]@{ team = 'search'; wave = 2; lang = 'de', 'en' }), 'plain:1' -Task {
            New-LlmObsTaskResult 'x' -Tag @{ task = 'yes' }
        } -Evaluator @{ e = { New-LlmObsEvaluation 1 -Tag @{ judge = 'me' } } }
        $run.Rows.RecordId | Should -BeExactly 'r1'
        $run.Rows[0].Evaluations.e.Tags | Should -BeExactly 'judge:me'
        $span = Get-LlmObsEvent $run.Experiment
        foreach ($tag in 'team:search', 'wave:2', 'lang:de', 'lang:en', 'plain:1', 'task:yes') {
            $span.Tags | Should -Contain $tag
        }
        $span.Tags -match 'Hashtable|Dictionary' | Should -BeNullOrEmpty
    }

    It 'are the same for <_>' -ForEach 'New-LlmObsSpan', 'New-LlmObsMetric', 'Add-LlmObsDatasetRecord', 'Set-LlmObsDatasetRecord', 'Send-LlmObsEvent', 'Get-LlmObsDatasetRecord' {
        $own = $scripted | Get-LlmObsDatasetRecord | Where-Object Id -EQ r2
        switch ($_) {
            New-LlmObsSpan { (New-LlmObsSpan q in out -Tag @{ a = 1 }).Tags | Should -BeExactly 'a:1' }
            New-LlmObsMetric { (New-LlmObsMetric -SpanId 1 -Label l -Score 1 -Tag ([pscustomobject]@{ a = 'b' })).Tags | Should -BeExactly 'a:b' }
            Add-LlmObsDatasetRecord {
                $other = New-LlmObsDataset tagged -Project scripts-project
                $null = @{ input = 1 } | Add-LlmObsDatasetRecord $other -Tag @{ a = 1 }
                ($other | Get-LlmObsDatasetRecord).Tags | Should -BeExactly 'a:1'
            }
            Set-LlmObsDatasetRecord {
                ($own | Set-LlmObsDatasetRecord -AddTag @{ more = 1 }).Tags | Should -BeExactly 'env:test', 'more:1'
                ($own | Set-LlmObsDatasetRecord -RemoveTag @{ more = 1 }).Tags | Should -BeExactly 'env:test'
                ($own | Set-LlmObsDatasetRecord -Tag @{ env = 'test' }).Tags | Should -BeExactly 'env:test'
            }
            Send-LlmObsEvent {
                $there = $scripted | New-LlmObsExperiment sent
                $null = New-LlmObsSpan q in out | Send-LlmObsEvent $there -Tag @{ a = 1 }
                (Get-LlmObsEvent $there).Tags | Should -Contain 'a:1'
            }
            Get-LlmObsDatasetRecord { ($scripted | Get-LlmObsDatasetRecord -Tag @{ env = 'prod' }).Id | Should -BeExactly 'r1' }
        }
    }

    It 'are refused without a value, or with an object as a value' {
        { New-LlmObsEvaluation 1 -Tag @{ env = $null } } | Should -Throw -ExpectedMessage "*The tag 'env' has no value*"
        { New-LlmObsEvaluation 1 -Tag @{ env = @{ a = 1 } } } | Should -Throw -ExpectedMessage "*The tag 'env' is an object*"
    }
}

Describe 'Hashtables of other kinds' {
    It 'are read as others are: <_>' -ForEach 'Dictionary[string,object]', 'SortedDictionary[string,object]' {
        $kind = "System.Collections.Generic.$_" -as [type]
        $evaluators = $kind::new(); $evaluators['two'] = { $two = $using:kind; $made = $two::new(); $made['a'] = 1; $made['b'] = $true; $made }
        $run = Invoke-LlmObsExperiment dictionaries @common -Evaluator $evaluators -Task { 1 }
        $run.Rows[0].a, $run.Rows[0].b | Should -Be 1, $true
        $threshold = $kind::new(); $threshold['a'] = '>= 1'
        { $run | Write-LlmObsSummary -Threshold $threshold *>&1 | Out-Null } | Should -Not -Throw
        $compute = $kind::new(); $compute['mean'] = 'score_value'
        (Invoke-LlmObsAggregate -Experiment $run.Experiment -Compute $compute -GroupBy label | Where-Object label -EQ a).mean | Should -Be 1
    }
}

Describe 'A switch of a script' {
    It 'is true or false in a configuration, an output and a score' {
        $strict = [switch] $true
        $run = Invoke-LlmObsExperiment switches @common -Config @{ strict = $strict } -Task { param($Record, $Config) @{ a = $Config.strict; b = [switch] $false } } -Evaluator @{ e = { [switch] $true } }
        $run.Rows[0].Output.a, $run.Rows[0].Output.b, $run.Rows[0].e | Should -Be $true, $false, $true
        ($run.Metrics | Where-Object Label -EQ e).MetricType | Should -BeExactly 'boolean'
        (Get-LlmObsExperiment -Id $run.Experiment.Id).Config.strict | Should -BeExactly $true
    }
}
