BeforeDiscovery {
    Import-Module $env:LLMOBS_TEST_MANIFEST
    # Buckets have the columns of their own groups and metrics; a run is shown by a line and the table of its metrics.
    $types = @((Get-Command -Module LlmObs).OutputType.Type | Sort-Object FullName -Unique |
            Where-Object { $_.Namespace -eq 'LlmObs' -and $_.FullName -notin 'LlmObs.AggregateBucket', 'LlmObs.ExperimentRun' } | ForEach-Object FullName)
    $hasTerminal = $IsLinux -and (Get-Command script -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $at = [DateTimeOffset]::new(2026, 7, 1, 22, 30, 15, [TimeSpan]::Zero)
    $experiment = [LlmObs.Experiment]@{ Id = 'e1'; Name = 'faq'; CreatedAt = $at; UpdatedAt = $at }
    $span = New-LlmObsSpan question -StartTime $at -Duration 00:00:01.5
    $metric = $span | New-LlmObsMetric -Label tone -Score 0.5 -Timestamp $at

    # Lines in a PowerShell of their own, where the time zone can be another one.
    function Invoke-In($zone, $script) {
        $before = $env:TZ
        $env:TZ = $zone
        try { pwsh -NoProfile -NonInteractive -Command "Import-Module '$env:LLMOBS_TEST_MANIFEST'; $script" } finally { $env:TZ = $before }
    }
}

AfterAll { Clear-Session }

Describe 'Views' {
    It '<_> has a table whose columns say what they show' -ForEach $types {
        $tables = (Get-FormatData $_ -PowerShellVersion 7.6).FormatViewDefinition.Control.Where({ $_ -is [System.Management.Automation.TableControl] })
        $tables.Count | Should -BeGreaterOrEqual 1
        foreach ($table in $tables) {
            $table.Headers.Count | Should -Be $table.Rows[0].Columns.Count
            $properties = ([type]$_).GetProperties().Name
            foreach ($column in $table.Rows[0].Columns.DisplayEntry) {
                $named = if ($column.ValueType -eq 'Property') { $column.Value } else { [regex]::Matches($column.Value, '\$_\.(\w+)') | ForEach-Object { $_.Groups[1].Value } }
                foreach ($name in $named) { $name | Should -BeIn $properties }
            }
        }
    }

    It '<_> has a table whose headings are whole in a terminal of 80 columns' -ForEach $types {
        $table = (Get-FormatData $_ -PowerShellVersion 7.6).FormatViewDefinition.Control.Where({ $_ -is [System.Management.Automation.TableControl] })[0]
        $one = if ($_ -eq 'LlmObs.SessionProfile') { Set-LlmObsConfig -BaseUri http://127.0.0.1:41234/ -PassThru } elseif ($_ -eq 'LlmObs.Evaluator') { New-LlmObsEvaluator -ExactMatch } else { [Activator]::CreateInstance([type]$_) }
        $shown = $one | Format-Table | Out-String -Width 79 # a terminal leaves its last column free
        $headings = ($shown -split '\r?\n').Where({ $_.Trim() }, 'First')[0]
        foreach ($label in $table.Headers.Label) { $headings | Should -Match ([regex]::Escape($label)) }
    }

    # The reason of a verdict is a text, of which nothing may be missing; settings and the emulator have few objects, and room by their content.
    It '<_> has a table with a line for each object and all headings, however long its texts are' -ForEach ($types.Where({ $_ -notin 'LlmObs.EvaluationResult', 'LlmObs.SessionProfile', 'LlmObs.Evaluator', 'LlmObs.ConnectionTest', 'LlmObs.EmulatorInfo' })) {
        $labels = (Get-FormatData $_ -PowerShellVersion 7.6).FormatViewDefinition.Control.Where({ $_ -is [System.Management.Automation.TableControl] })[0].Headers.Label
        $one = [Activator]::CreateInstance([type]$_)
        foreach ($property in $one.GetType().GetProperties().Where({ $_.CanWrite })) {
            switch ([Nullable]::GetUnderlyingType($property.PropertyType) ?? $property.PropertyType) {
                ([string]) { $property.SetValue($one, ($property.Name -eq 'Status' ? 'interrupted' : $property.Name -eq 'MetricType' ? 'categorical' : 'übersicht-日本語の名前-' * 5)) }
                ([object]) { $property.SetValue($one, 'the answer of a model, which goes on ' * 5) }
                { $_ -in [int], [long] } { $property.SetValue($one, ($property.Name -eq 'RunIteration' ? 12 : 12345) -as $_) }
                ([double]) { $property.SetValue($one, 0.1234) }
                ([DateTimeOffset]) { $property.SetValue($one, $at) }
                ([timespan]) { $property.SetValue($one, [timespan]::FromHours(2)) }
            }
        }
        foreach ($width in 79, 119) { # a terminal of 80 or 120 columns leaves the last one free
            $lines = @(($one | Format-Table | Out-String -Width $width) -split '\r?\n').Where({ $_.Trim() })
            $lines.Count | Should -Be 3 -Because ($lines -join "`n")
            foreach ($label in $labels) { $lines[0] | Should -MatchExactly ([regex]::Escape($label)) }
        }
    }

    It 'of a run has lines of its own, and breaks neither a row nor an id' {
        $run = [LlmObs.ExperimentRun]@{
            Experiment = [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000'; Name = 'support-bot-' * 6 }; Status = 'failed'; RowCount = 1200; FailedCount = 3
            Metrics = [LlmObs.MetricSummary[]]@([LlmObs.MetricSummary]@{ Label = 'faithfulness-to-' * 3; MetricType = 'score'; Mean = 0.5; PassedCount = 1; MissingCount = 7 })
        }
        $shown = $run | Out-String -Width 300
        $shown | Should -Match '(?m)^e1000000-0000-4000-8000-000000000000\r?$'
        $shown | Should -Match '(?m)^failed: 1200 rows, 3 failed, '
        $shown | Should -Match '(?m)^score +faithfulness-to-\S* +0\.5 +1 +0 +0 +7\r?$'
    }

    It 'experiments, spans and metrics have a list and a wide view' {
        foreach ($object in $experiment, $span, $metric) {
            $controls = (Get-FormatData $object.GetType().FullName -PowerShellVersion 7.6).FormatViewDefinition.Control
            $controls | Where-Object { $_ -is [System.Management.Automation.ListControl] } | Should -HaveCount 1
            $controls | Where-Object { $_ -is [System.Management.Automation.WideControl] } | Should -HaveCount 1
            $list = $controls | Where-Object { $_ -is [System.Management.Automation.ListControl] }
            foreach ($item in $list.Entries[0].Items) {
                $named = $item.DisplayEntry.ValueType -eq 'Property' ? $item.DisplayEntry.Value : [regex]::Match($item.DisplayEntry.Value, '\$_\.(\w+)').Groups[1].Value
                $named | Should -BeIn $object.PSObject.Properties.Name
            }
        }
        $experiment | Format-Wide | Out-String | Should -Match 'faq'
        $span | Format-List | Out-String | Should -Match '(?m)^Duration\s+: 00:00:01\.5'
        $metric | Format-Table | Out-String | Should -Match 'tone\s+score\s+0\.5'
    }

    if (-not $IsWindows) {
        It 'show times of the local zone, while data stays UTC' {
            $lines = '$at = [DateTimeOffset]::Parse("2026-07-01T22:30:15Z")
                $e = [LlmObs.Experiment]@{ Id = "e1"; CreatedAt = $at; UpdatedAt = $at }; $s = New-LlmObsSpan q -StartTime $at; $m = $s | New-LlmObsMetric -Label l -Score 1 -Timestamp $at
                $e, $s, $m | ForEach-Object { $_ | Format-Table | Out-String; $_ | Format-List | Out-String }
                $e.CreatedAt.ToString("o"), $s.StartTime.ToString("o"), $m.Timestamp.ToString("o"); ($e | ConvertTo-Json)'
            $said = (Invoke-In 'Asia/Tokyo' $lines) -join "`n"
            [regex]::Matches($said, '2026-07-02 07:30(:15)?').Count | Should -Be 6
            $said | Should -Match '2026-07-01T22:30:15.0000000\+00:00'
            $said | Should -Match '"CreatedAt": "2026-07-01T22:30:15\+00:00"'
            [regex]::Matches((Invoke-In 'UTC' $lines) -join "`n", '2026-07-01 22:30(:15)?').Count | Should -Be 6
        }
    }

    It 'show times and numbers the same in every culture' {
        $before = [cultureinfo]::CurrentCulture
        try {
            foreach ($culture in 'th-TH', 'de-DE', 'ar-SA', 'en-US') {
                [cultureinfo]::CurrentCulture = $culture
                $experiment | Format-Table | Out-String | Should -Match '2026-07-0[12] \d\d:30' -Because $culture
                $span | Format-Table | Out-String | Should -Match '1\.5 s' -Because $culture
            }
        } finally { [cultureinfo]::CurrentCulture = $before }
    }

    It 'give the room of a terminal to what needs it: the metrics of a span' {
        $evaluated = [LlmObs.ExperimentSpan]@{
            SpanId = '57f03a8c8b2f4842'; Name = 'answer_question'; Status = 'ok'
            EvalMetrics = [LlmObs.ExperimentMetric[]]@('faithfulness', 'relevancy').ForEach({ [LlmObs.ExperimentMetric]@{ Label = $_; MetricType = 'score'; ScoreValue = 0.144 } })
        }
        $evaluated | Out-String -Width 160 | Should -Match 'faithfulness=0.144, relevancy=0.144'
    }

    It 'leave blank what is not there' {
        $bare = [LlmObs.Experiment]@{ Id = 'e2' }
        $bare | Format-Table | Out-String | Should -Match '(?m)^e2\s*$'
        $bare | Format-List | Out-String | Should -Match '(?m)^CreatedAt\s+:\s*$'
    }
}

Describe 'Types' {
    It '<_> has a default display set, of properties that it has' -ForEach $types {
        $standard = (Get-TypeData $_)
        $standard.DefaultDisplayPropertySet.ReferencedProperties | Should -Not -BeNullOrEmpty
        $properties = ([type]$_).GetProperties().Name
        $sets = @($standard.DefaultDisplayPropertySet, $standard.DefaultKeyPropertySet) + @($standard.PropertySets.Values)
        foreach ($name in @($sets.ReferencedProperties) + $standard.DefaultDisplayProperty) { $name | Should -BeIn $properties }
    }

    It 'have properties that scripts ask for' {
        [LlmObs.Experiment]@{ Id = 'e'; Status = 'failed' } | ForEach-Object IsFinished | Should -BeTrue
        [LlmObs.Experiment]@{ Id = 'e'; Status = 'running' } | ForEach-Object IsFinished | Should -BeFalse
        $sent = [LlmObs.SendResult]@{ ExperimentId = 'e'; SpanCount = 30; MetricCount = 70; Elapsed = [timespan]::FromSeconds(4) }
        $sent.EventCount | Should -Be 100
        $sent.EventsPerSecond | Should -Be 25
        ([LlmObs.SendResult]@{ ExperimentId = 'e' }).EventsPerSecond | Should -BeNullOrEmpty
        (Set-LlmObsConfig keyless -PassThru).HasKeys | Should -BeFalse
        (Set-LlmObsConfig keyless -ApiKey fake-api-key -AppKey fake-app-key -PassThru).HasKeys | Should -BeTrue
        $span | Select-Object Text | ForEach-Object { $_.PSObject.Properties.Name } | Should -Be @('Name', 'Input', 'Output', 'ExpectedOutput')
        $metric | Select-Object Verdict | ForEach-Object { $_.PSObject.Properties.Name } | Should -Be @('SpanId', 'Label', 'Value', 'Assessment', 'Reasoning')
    }

    It 'add nothing to spans and metrics as data: what is exported is what they are' {
        foreach ($object in $span, $metric) {
            $columns = ($object | ConvertTo-Csv | ConvertFrom-Csv).PSObject.Properties.Name
            $columns | Sort-Object | Should -Be ($object.GetType().GetProperties().Name | Sort-Object)
            ($object | ConvertTo-Json -Depth 3 | ConvertFrom-Json).PSObject.Properties.Name | Sort-Object | Should -Be ($columns | Sort-Object)
        }
    }
}

Describe 'Bars of scores' {
    BeforeAll {
        $lines = @"
Import-Module '$env:LLMOBS_TEST_MANIFEST'
Start-LlmObsEmulator -AllowUnknownId
`$e = New-LlmObsExperiment n -ProjectId p -DatasetId d
foreach (`$score in @{ l = 'half'; v = 0.5 }, @{ l = 'full'; v = 1 }, @{ l = 'none'; v = 0 }, @{ l = 'time'; v = 3200 }) {
    `$s = New-LlmObsSpan q; `$s, (`$s | New-LlmObsMetric -Label `$score.l -Score `$score.v) | Send-LlmObsEvent -Experiment `$e | Out-Null
}
`$all = Invoke-LlmObsAggregate -GroupBy label
`$all | Out-Host
Invoke-LlmObsAggregate -Label time -GroupBy label | Out-Host
Invoke-LlmObsAggregate -Label half -GroupBy label -Compute @{ bar = 'score_value' } | Out-Host
'JSON ' + (`$all | Select-Object * | ConvertTo-Json -Depth 3 -Compress)
'CSV ' + (`$all | ConvertTo-Csv)[0]
'NAMES ' + (`$all[0].PSObject.Properties.Name -join ',')
'TYPE ' + `$all[0].PSObject.TypeNames[0]
"@
        $file = Join-Path $TestDrive bars.ps1
        Set-Content $file $lines
        function Get-Shown([switch] $terminal, [string] $noColour) {
            $before = $env:NO_COLOR, $env:TERM
            $env:NO_COLOR = $noColour ? $noColour : $null; $env:TERM = 'xterm-256color'
            try {
                if ($terminal) {
                    # script gives it a terminal of its own
                    script --quiet --return --command "$(Get-ShellUnderTest | ForEach-Object { "'$_'" }) -NoProfile -NonInteractive -File '$file'" /dev/null | Out-String | ForEach-Object { $_ -replace '\e(\[[?0-9;]*[a-zA-Z]|.)' }
                } else {
                    pwsh -NoProfile -NonInteractive -File $file | Out-String
                }
            } finally { $env:NO_COLOR, $env:TERM = $before }
        }
    }

    if ($hasTerminal) {
        It 'are shown in a terminal, and are no data' {
            $shown = Get-Shown -terminal
            $shown | Should -Match 'label\s+score_value\s+n\s+Bar'
            $shown | Should -Match 'half\s+0\.50?\s+1\s+█████·····'
            $shown | Should -Match 'full\s+1(\.00)?\s+1\s+██████████'
            $shown | Should -Match 'none\s+0(\.00)?\s+1\s+··········'
            $shown | Should -Match 'time\s+3200(\.00)?\s+1\s*\r?\n' -Because 'what is no score between 0 and 1 has no bar'
            [regex]::Matches($shown, 'Bar').Count | Should -Be 1 -Because 'neither a table without a score nor one with a column of that name has it'
            $shown -replace '\s' | Should -Match 'NAMESlabel,score_value,n,QueryHitCount'
            $shown -replace '\s' | Should -Match 'TYPELlmObs\.AggregateBucket'
            $shown | Should -Not -MatchExactly '(JSON|CSV|NAMES).*(█|Bar)'
        }

        It 'are left out where NO_COLOR is set' {
            Get-Shown -terminal -noColour 1 | Should -Not -MatchExactly '█|Bar'
        }
    }

    It 'are left out where the output is redirected' {
        $shown = Get-Shown
        $shown | Should -Match 'half\s+0\.5'
        $shown | Should -Not -MatchExactly '█|Bar'
    }
}
