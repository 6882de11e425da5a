BeforeAll { . $PSScriptRoot/Support/TestSession.ps1 }

Describe 'Aggregates and gates, where the service answers with the key <_>' -ForEach 'Name', 'Metric' {
    BeforeAll {
        Start-LlmObsEmulator -MetricKey $_
        $project = New-LlmObsProject -Name bot
        $experiment = New-LlmObsExperiment -Name scored -Project $project
        $metrics = foreach ($score in 0.8, 0.9, 1.0) { New-LlmObsMetric -SpanId "s$score" -Label faithfulness -Score $score }
        $metrics += New-LlmObsMetric -SpanId s1 -Label toxicity -Score 0.25
        $metrics | Send-LlmObsEvent -Experiment $experiment | Out-Null
    }
    AfterAll { Clear-Session }

    It 'a value has the name that was asked for' {
        $bucket = $experiment | Invoke-LlmObsAggregate -Compute @{ avg_faithfulness = 'score_value' } -Label faithfulness
        $bucket.avg_faithfulness | Should -Be 0.9
        $bucket.Metrics.Keys | Should -Be 'avg_faithfulness'
    }

    It 'groups have it, too, in the order that was asked for' {
        $buckets = $experiment | Invoke-LlmObsAggregate -Compute ([ordered]@{ z = 'score_value'; a = 'timestamp_ms' }) -GroupBy label
        $buckets.label | Should -Be 'faithfulness', 'toxicity'
        $buckets.z | Should -Be 0.9, 0.25
        $buckets[0].Metrics.Keys | Should -Be 'z', 'a'
    }

    It 'two names of one metric both have its value' {
        $bucket = $experiment | Invoke-LlmObsAggregate -Compute ([ordered]@{ a = 'score_value'; b = 'score_value' }) -Label toxicity
        $bucket.a, $bucket.b | Should -Be 0.25, 0.25
    }

    It 'a metric without a name of its own has its own' {
        ($experiment | Invoke-LlmObsAggregate -Label toxicity).score_value | Should -Be 0.25
    }

    It 'a gate by that name passes and fails as it should' {
        $buckets = $experiment | Invoke-LlmObsAggregate -Compute @{ avg_faithfulness = 'score_value' } -Label faithfulness -MinimumHitCount 3
        $buckets | Write-LlmObsSummary -Threshold @{ avg_faithfulness = '>= 0.8' } -Path (Join-Path $TestDrive pass.md)
        { $buckets | Write-LlmObsSummary -Threshold @{ avg_faithfulness = '>= 0.95' } -Path (Join-Path $TestDrive fail.md) } |
            Should -Throw -ErrorId 'ThresholdBroken,*'
    }

    It 'a gate by labels does, too' {
        $buckets = $experiment | Invoke-LlmObsAggregate -Compute @{ avg = 'score_value' } -GroupBy label
        $buckets | Write-LlmObsSummary -Threshold @{ faithfulness = '>= 0.8'; toxicity = '<= 0.3' } -Path (Join-Path $TestDrive labels.md)
        { $buckets | Write-LlmObsSummary -Threshold @{ toxicity = '<= 0.2' } -Path (Join-Path $TestDrive labels.md) } | Should -Throw -ErrorId 'ThresholdBroken,*'
    }
}
