BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
}

Describe 'A batch with bad events' {
    AfterEach { Clear-Session }

    It 'is sent without them: of 20,000 events 40 are one error each, in at most 600 requests, <name>' -ForEach @(
        @{ name = 'from a file'; from = 'file' }
        @{ name = 'from the pipeline'; from = 'pipeline' }
    ) {
        Start-LlmObsEmulator
        $experiment = New-TestExperiment
        $now = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()
        $bad = Get-Random -InputObject (1..20000) -Count 40 -SetSeed 4 | Sort-Object
        $old = [System.Collections.Generic.HashSet[int]]$bad
        $lines = foreach ($number in 1..20000) { "s$number,l,$number,$(if ($old.Contains($number)) { $now - 90000000 } else { $now })" }
        $file = Join-Path $TestDrive metrics.csv
        "span_id,label,score_value,timestamp_ms`n" + ($lines -join "`n") | Set-Content $file -NoNewline
        $problem = @()
        $result = if ($from -eq 'file') {
            Send-LlmObsEvent -Experiment $experiment -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        }
        else {
            Import-Csv $file | Send-LlmObsEvent -Experiment $experiment -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        }
        $result.MetricCount, $result.FailedCount | Should -Be @(19960, 40)
        $emulator = Get-LlmObsEmulator
        $emulator.MetricCount | Should -Be 19960
        $emulator.RequestCount | Should -BeLessOrEqual 601 # one of them made the experiment
        $problem.Count | Should -Be 40
        $where = if ($from -eq 'file') { 'metrics\.csv row (\d+)' } else { 'row (\d+)' }
        $rows = foreach ($one in $problem) {
            $one.FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
            $row = [regex]::Match("$one", $where).Groups[1].Value
            [int]$row
            "$one" | Should -Match 'timestamp_within_24hr'
            ($one.TargetObject | ConvertFrom-Json).span_id | Should -Be "s$row"
        }
        $rows | Sort-Object | Should -Be $bad
    }

    It 'is one error for more than 100 that are refused for one reason' {
        Start-LlmObsEmulator
        $experiment = New-TestExperiment
        $now = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()
        $result = 1..20000 | ForEach-Object { @{ span_id = "s$_"; label = 'l'; score_value = $_; timestamp_ms = $_ % 150 -eq 1 ? $now - 90000000 : $now } } |
            Send-LlmObsEvent -Experiment $experiment -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $result.MetricCount, $result.FailedCount | Should -Be @(19866, 134)
        $problem.Count | Should -Be 1
        "$problem" | Should -Match '^134 events between row 1 and row 19951 were refused by the service for one reason'
        ($problem[0].TargetObject | ConvertFrom-Json).score_value | Should -Be @(0..133 | ForEach-Object { 150 * $_ + 1 })
    }

    It 'warns of what the service may refuse: of each kind once, before it is sent, and how many there were at the end' {
        $server = New-Server
        $now = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()
        $rows = @(
            1..5 | ForEach-Object { @{ span_id = 's'; label = 'l'; score_value = 1; timestamp_ms = $now - 90000000 } }
            @{ span_id = 's'; label = 'two words'; score_value = 1 }
            @{ span_id = 'same'; trace_id = 'same'; name = 'n'; start_ns = 1; duration = 1; project_id = 'p'; dataset_id = 'd' }
        )
        $result = $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -WarningVariable warnings -WarningAction SilentlyContinue
        $result.SpanCount, $result.MetricCount, $result.FailedCount | Should -Be @(1, 6, 0)
        $warnings.Count | Should -Be 5
        "$($warnings[0])" | Should -Match 'row 1 .+ timestamp_ms is .+ 24 hours'
        "$($warnings[1])" | Should -Match "row 6 .+ label is 'two words'"
        "$($warnings[2])" | Should -Match "row 7 .+ both 'same'"
        "$($warnings[3])" | Should -Match 'row 7 .+ start_ns is 1970-01-01'
        "$($warnings[4])" | Should -Match '^5 events .+ row 5\.'
        { $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -WarningAction Stop } | Should -Throw -ErrorId 'ActionPreferenceStop,*'
        $server.Requests.Count | Should -Be 1
        $server.Dispose()
    }

    It 'can be mended from the error' {
        Start-LlmObsEmulator
        $experiment = New-TestExperiment
        $now = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()
        1..100 | ForEach-Object { @{ span_id = "s$_"; label = 'l'; score_value = $_; timestamp_ms = $_ -eq 50 ? $now - 90000000 : $now } } |
            Send-LlmObsEvent -Experiment $experiment -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
        $late = $problem.TargetObject | ConvertFrom-Json
        $late.timestamp_ms = $now
        ($late | Send-LlmObsEvent -Experiment $experiment).MetricCount | Should -Be 1
        (Get-LlmObsEmulator).MetricCount | Should -Be 100
    }

    It 'of which nothing is accepted is one error, with all events' {
        Start-LlmObsEmulator
        $experiment = New-TestExperiment
        $old = [DateTimeOffset]::UtcNow.AddDays(-2).ToUnixTimeMilliseconds()
        $result = 1..5000 | ForEach-Object { @{ span_id = "s$_"; label = 'l'; score_value = $_; timestamp_ms = $old } } |
            Send-LlmObsEvent -Experiment $experiment -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $result.MetricCount, $result.FailedCount | Should -Be @(0, 5000)
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
        $problem[0].TargetObject.Count | Should -Be 5000
        ($problem[0].TargetObject | ConvertFrom-Json).span_id | Should -Be @(1..5000 | ForEach-Object { "s$_" })
        (Get-LlmObsEmulator).RequestCount | Should -BeLessThan 700
        "$problem" | Should -Match '^5000 events, row 1 to row 5000, were refused by the service for one reason .+timestamp_within_24hr.+ \d+ of them were refused together with others'
    }
}
