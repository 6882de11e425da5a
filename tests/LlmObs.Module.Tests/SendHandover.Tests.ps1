BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    # More rows than several blocks hold, so that the other thread has work.
    function New-Row([int] $count) {
        $lines = foreach ($i in 1..$count) { "s$i,l,score,0.5,1768473000123" }
        @('span_id,label,metric_type,score_value,timestamp_ms') + $lines | ConvertFrom-Csv
    }
    function Get-SentId($server) {
        foreach ($request in $server.Requests) { ($request.Body | ConvertFrom-Json).data.attributes.metrics.span_id }
    }
}

Describe 'Rows that are mapped beside the pipeline' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'arrive complete and in order' {
        $result = New-Row 3000 | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 700 -ThrottleLimit 1
        $result.MetricCount, $result.FailedCount, $result.RequestCount | Should -Be @(3000, 0, 5)
        Get-SentId $server | Should -Be (1..3000 | ForEach-Object { "s$_" })
    }

    It 'keep their place among rows of other kinds' {
        $rows = New-Row 900
        $other = @{ span_id = 'table'; label = 'l'; score_value = 1; timestamp_ms = 1768473000123 }
        $text = '{"span_id":"text","label":"l","metric_type":"score","score_value":1,"timestamp_ms":1768473000123}'
        $piped = @($rows[0..399]) + $other + @($rows[400..799]) + $text + @($rows[800..899])
        $piped | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ThrottleLimit 1 | Out-Null
        $expected = @(1..400 | ForEach-Object { "s$_" }) + 'table' + @(401..800 | ForEach-Object { "s$_" }) + 'text' + @(801..900 | ForEach-Object { "s$_" })
        Get-SentId $server | Should -Be $expected
    }

    It 'are named by number and as the very object, where they can''t be sent' {
        $rows = New-Row 1500
        foreach ($bad in 5, 300, 1400) { $rows[$bad - 1].score_value = '0,5' }
        $result = $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problems -ErrorAction SilentlyContinue
        $result.MetricCount, $result.FailedCount | Should -Be @(1497, 3)
        $problems.Count | Should -Be 3
        foreach ($i in 0..2) {
            $number = @(5, 300, 1400)[$i]
            "$($problems[$i])" | Should -Match "Row $number was not sent"
            [object]::ReferenceEquals($problems[$i].TargetObject, $rows[$number - 1]) | Should -BeTrue
        }
    }

    It 'can be taken by the places of their properties: this PowerShell keeps them where it is looked for' {
        # Otherwise all would still arrive, but several times as slowly.
        $assembly = (Get-Command Send-LlmObsEvent).ImplementingType.Assembly
        $assembly.GetType('LlmObs.PowerShell.Input.PSObjectInternals').GetProperty('Known').GetValue($null) | Should -Not -BeNullOrEmpty
    }

    It 'are told apart by their types'' names, whether anybody asked for these before or not' {
        Update-TypeData -TypeName LlmObs.Test.Told -MemberType ScriptProperty -MemberName reasoning -Value { "told of $($this.span_id)" } -Force
        $rows = New-Row 400
        foreach ($i in 0, 250) { $null = $rows[$i].pstypenames.Count }
        foreach ($i in 100, 300) { $rows[$i].pstypenames.Insert(0, 'LlmObs.Test.Told') }
        $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        $metrics = (Get-Attribute $server).metrics
        $metrics.Count | Should -Be 400
        $metrics.Where({ $_.reasoning }).reasoning | Should -Be 'told of s101', 'told of s301'
    }

    It 'are told apart also where an object gets another type after it was seen' {
        Update-TypeData -TypeName LlmObs.Test.Told -MemberType ScriptProperty -MemberName reasoning -Value { "told of $($this.span_id)" } -Force
        $first, $second = New-Row 2
        $null = $second.pstypenames.Count
        & { $first; $second; $second.pstypenames.Insert(0, 'LlmObs.Test.Told'); $second } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        $metrics = (Get-Attribute $server).metrics
        $metrics.Count | Should -Be 3
        $metrics.Where({ $_.reasoning }).reasoning | Should -Be 'told of s2'
    }

    It 'have the values of the moment they were piped' {
        $row = (New-Row 1)[0]
        1..1000 | ForEach-Object { $row.span_id = "s$_"; $row } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ThrottleLimit 1 | Out-Null
        Get-SentId $server | Should -Be (1..1000 | ForEach-Object { "s$_" })
    }

    It 'have the values that scripts of a property give' {
        $rows = New-Row 600 | Select-Object *, @{ name = 'tags'; expression = { @("at:$($_.span_id)") } }
        $rows | Add-Member -MemberType ScriptProperty -Name reasoning -Value { "because of $($this.span_id)" }
        $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        $metrics = (Get-Attribute $server).metrics
        $metrics[599].tags | Should -Be 'at:s600'
        $metrics[599].reasoning | Should -Be 'because of s600'
    }

    It 'go to the experiment that each names' {
        $lines = foreach ($i in 1..1200) { "e$($i % 3)000000-0000-4000-8000-000000000000,s$i,l,score,0.5,1768473000123" }
        $results = @('experiment_id,span_id,label,metric_type,score_value,timestamp_ms') + $lines | ConvertFrom-Csv | Send-LlmObsEvent
        $results.Count | Should -Be 3
        $results.MetricCount | Should -Be @(400, 400, 400)
        foreach ($request in $server.Requests) {
            $experiment = $request.Path -replace '.*/experiments/e(\d)0.*', '$1'
            ($request.Body | ConvertFrom-Json).data.attributes.metrics.span_id | ForEach-Object { [int]$_.Substring(1) % 3 } | Sort-Object -Unique | Should -Be $experiment
        }
    }

    It 'end with the first error under -ErrorAction Stop' {
        $rows = New-Row 5000
        $rows[2].score_value = 'none'
        $failure = { $rows | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorAction Stop } | Should -Throw -PassThru
        "$failure" | Should -Match 'Row 3 was not sent'
    }

    It 'say once what is missing for all of them' {
        $lines = foreach ($i in 1..1000) { "t$i,s$i,q,1768473000123456789,5,ok" }
        $rows = @('trace_id,span_id,name,start_ns,duration,status') + $lines | ConvertFrom-Csv
        $failure = { $rows | Send-LlmObsEvent ([LlmObs.Experiment]@{ Id = 'e1' }) -ErrorVariable +all } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'MissingSetting,*'
        $server.Requests.Count | Should -Be 0
    }

    It 'wait in a queue with an end: a service that does not answer holds the reading back' {
        1..50 | ForEach-Object { $server.Answer(202, '', $null, 60000) } | Out-Null
        $read = [long[]]::new(1)
        $shell = [powershell]::Create()
        [void]$shell.AddScript({
                param($manifest, $read)
                Import-Module $manifest
                $row = 'span_id,label,metric_type,score_value,timestamp_ms', 's,l,score,0.5,1768473000123' | ConvertFrom-Csv
                1..1000000 | ForEach-Object { $read[0]++; $row } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -BatchSize 10 -ThrottleLimit 2
            }).AddArgument($env:LLMOBS_TEST_MANIFEST).AddArgument($read)
        $running = $shell.BeginInvoke()
        Wait-Until { $server.Requests.Count -eq 2 -and (Test-Still { $read[0] }) } { $running.IsCompleted } | Should -BeTrue
        $shell.Stop()
        $shell.Dispose()
        $server.Requests.Count | Should -Be 2
        $read[0] | Should -BeGreaterThan 20
        $read[0] | Should -BeLessThan 2500
    }
}
