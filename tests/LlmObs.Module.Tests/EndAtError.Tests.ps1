BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1

    function Get-Number($server) {
        $server.Requests.Body | ForEach-Object { [regex]::Matches($_, '"span_id":"s(\d+)"') | ForEach-Object { [int]$_.Groups[1].Value } }
    }
}

# As in the task of a build agent, where $ErrorActionPreference is Stop.
Describe 'An error that ends Send-LlmObsEvent in mid-stream' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'leaves no good row behind it unsent, and says the counts: <name>' -ForEach @(
        @{ name = 'plain rows'; row = { param($n) [pscustomobject]@{ span_id = "s$n"; label = 'l'; score_value = $n -eq 777 ? 'many' : 1 } } }
        @{ name = 'hashtables'; row = { param($n) @{ span_id = "s$n"; label = 'l'; score_value = $n -eq 777 ? 'many' : 1 } } }
    ) {
        $problem = $null
        try { 1..2000 | ForEach-Object { & $row $_ } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 500 -ErrorAction Stop } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
        "$problem" | Should -Match '777'
        "$problem" | Should -Match '776 events were accepted, and no row after row 776 was sent'
        Compare-Object (Get-Number $server | Sort-Object) (1..776) -SyncWindow 0 | Should -BeNullOrEmpty
    }

    It 'leaves no good row of a file behind it unsent: <name>' -ForEach @(
        @{ name = 'csv'; text = "span_id,label,score_value`n" + ((1..2000 | ForEach-Object { "s$_,l,$($_ -eq 777 ? 'many' : 1)" }) -join "`n") }
        @{ name = 'jsonl'; text = (1..2000 | ForEach-Object { "{""span_id"":""s$_"",""label"":""l"",""score_value"":$($_ -eq 777 ? 'many' : 1)}" }) -join "`n" }
    ) {
        $file = Join-Path $TestDrive "rows.$name"
        $text | Set-Content $file
        $problem = $null
        try { Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path $file -BatchSize 500 -ErrorAction Stop } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
        "$problem" | Should -Match '776 events were accepted, and no row after rows\.\w+ row 776.* was sent'
        Compare-Object (Get-Number $server | Sort-Object) (1..776) -SyncWindow 0 | Should -BeNullOrEmpty
    }

    It 'gives back all events of failed requests, and sends what was read: <name>' -ForEach @(
        @{ name = 'plain rows'; row = { param($n) [pscustomobject]@{ span_id = "s$n"; label = 'l'; score_value = 1 } } }
        @{ name = 'hashtables'; row = { param($n) @{ span_id = "s$n"; label = 'l'; score_value = 1 } } }
    ) {
        $server.Answer(202).Answer(503, '').Answer(202).Answer(503, '') | Out-Null
        $problem = $null
        try { 1..200000 | ForEach-Object { & $row $_ } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 100 -ThrottleLimit 1 -ErrorAction Stop } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ServerError,*'
        "$problem" -match '(\d+) events were accepted, and no row after row (\d+) was sent' | Should -BeTrue
        $accepted, $last = [int]$Matches[1], [int]$Matches[2]
        # Every row up to the last is accepted or given back, and no other was sent.
        $back = @($problem.TargetObject | ForEach-Object { [int]($_ | ConvertFrom-Json).span_id.Substring(1) })
        $accepted + $back.Count | Should -Be $last
        $failed = @(Get-Number $server)[100..199]
        @(Compare-Object $back $failed | Where-Object SideIndicator -EQ '=>') | Should -BeNullOrEmpty
        Compare-Object (Get-Number $server | Sort-Object -Unique) (1..$last) -SyncWindow 0 | Should -BeNullOrEmpty
        $again = New-Server
        ($problem.TargetObject | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000).MetricCount | Should -Be $back.Count
        $again.Dispose()
    }

    It 'of rows without a project sends those before it: <name>' -ForEach @(
        @{ name = 'Stop'; preference = 'Stop' }
        @{ name = 'Continue'; preference = 'Continue' }
    ) {
        $rows = @(1..30 | ForEach-Object { @{ span_id = "s$_"; label = 'l'; score_value = 1 } }) + @{ span_id = 's31'; name = 'n'; start_ns = 1; duration_ns = 1; trace_id = 't' }
        $problem = $null
        try { $rows | Send-LlmObsEvent ([LlmObs.Experiment]@{ Id = 'e1' }) -ErrorAction $preference } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'MissingSetting,*'
        "$problem" | Should -Match '30 events were accepted'
        Compare-Object (Get-Number $server) (1..30) -SyncWindow 0 | Should -BeNullOrEmpty
    }

    It 'of a file that can''t be read sends the files before it' {
        $good = Join-Path $TestDrive good.csv
        "span_id,label,score_value`n" + ((1..20 | ForEach-Object { "s$_,l,1" }) -join "`n") | Set-Content $good
        $bad = Join-Path $TestDrive bad.csv.gz
        'no archive' | Set-Content $bad
        $problem = $null
        try { Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path $good, $bad -ErrorAction Stop } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'UnreadableFile,*'
        "$problem" | Should -Match '20 events were accepted'
        Compare-Object (Get-Number $server) (1..20) -SyncWindow 0 | Should -BeNullOrEmpty
    }
}
