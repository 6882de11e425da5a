BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
}

Describe 'New-LlmObsSpan' {
    It 'makes ids and times where none are given' {
        $before = [DateTimeOffset]::UtcNow.AddMilliseconds(-1)
        $one, $two = 1..2 | ForEach-Object { New-LlmObsSpan -Name "q$_" }
        $one | Should -BeOfType ([LlmObs.Span])
        $one.SpanId | Should -Match '^[0-9a-f]{16}$'
        $one.TraceId | Should -Match '^[0-9a-f]{32}$'
        $two.SpanId | Should -Not -Be $one.SpanId
        $one.StartTime | Should -BeGreaterThan $before
        $one.StartTime | Should -BeLessThan ([DateTimeOffset]::UtcNow.AddSeconds(1))
        $one.DurationNs | Should -Be 1000000
        $one.Status | Should -Be 'ok'
    }

    It 'takes a start as <kind>' -ForEach @(
        @{ kind = 'nanoseconds'; value = 1768473000123456789; expected = 1768473000123456789 }
        @{ kind = 'text in UTC'; value = '2026-01-15T10:30:00.1234567Z'; expected = 1768473000123456700 }
        @{ kind = 'text with an offset'; value = '2026-01-15T11:30:00+01:00'; expected = 1768473000000000000 }
        @{ kind = 'DateTime in UTC'; value = [datetime]::new(2026, 1, 15, 10, 30, 0, [DateTimeKind]::Utc); expected = 1768473000000000000 }
        @{ kind = 'local DateTime'; value = [datetime]::new(2026, 1, 15, 10, 30, 0, [DateTimeKind]::Utc).ToLocalTime(); expected = 1768473000000000000 }
        @{ kind = 'DateTimeOffset'; value = [DateTimeOffset]::new(2026, 1, 15, 12, 30, 0, [timespan]::FromHours(2)); expected = 1768473000000000000 }
    ) {
        (New-LlmObsSpan -Name q -StartTime $value).StartNs | Should -Be $expected
    }

    It 'takes a duration as <kind>' -ForEach @(
        @{ kind = 'nanoseconds'; value = 1500000001; expected = 1500000001 }
        @{ kind = 'TimeSpan'; value = [timespan]::FromMilliseconds(1.5); expected = 1500000 }
        @{ kind = 'text'; value = '00:00:01.5'; expected = 1500000000 }
    ) {
        (New-LlmObsSpan -Name q -Duration $value).DurationNs | Should -Be $expected
    }

    It 'measures from the start until now where no duration is given' {
        (New-LlmObsSpan -Name q -StartTime ([DateTimeOffset]::UtcNow.AddSeconds(-2))).Duration.TotalSeconds | Should -BeGreaterOrEqual 2
    }

    It 'says which unit a number looks like' {
        New-LlmObsSpan -Name q -StartTime 1768473000 -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($problem[0])" | Should -Match 'looks like seconds'
        New-LlmObsSpan -Name q -StartTime 1768473000123 -ErrorVariable problem -ErrorAction SilentlyContinue
        "$($problem[0])" | Should -Match 'looks like milliseconds'
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
    }

    It 'is an error span where an error is given' {
        $span = New-LlmObsSpan -Name q -ErrorMessage late -ErrorType TimeoutError -ErrorStack 'at x'
        $span.Status | Should -Be 'error'
        $span.ErrorMessage, $span.ErrorType, $span.ErrorStack | Should -Be @('late', 'TimeoutError', 'at x')
    }

    It 'binds objects by the names of the API' {
        $span = [pscustomobject]@{ name = 'q'; span_id = 's1'; trace_id = 't1'; project_id = 'p'; dataset_id = 'd'; start_ns = 1768473000123456789
            duration = 5; status = 'error'; input = 'in'; output = @{ a = 1 }; expected_output = 'ex'; error_message = 'm'; error_type = 't'; error_stack = 's'; tags = 'a:1', 'b:2' } |
            New-LlmObsSpan
        $span.SpanId, $span.TraceId, $span.ProjectId, $span.DatasetId | Should -Be @('s1', 't1', 'p', 'd')
        $span.StartNs | Should -Be 1768473000123456789
        $span.DurationNs | Should -Be 5
        $span.Output.a | Should -Be 1
        $span.Tags | Should -Be @('a:1', 'b:2')
    }

    It 'refuses a status that does not exist' {
        { New-LlmObsSpan -Name q -Status fine } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}

Describe 'New-LlmObsMetric' {
    It 'makes a <type> metric with -<parameter>' -ForEach @(
        @{ type = 'score'; parameter = 'Score'; value = 0.5; property = 'ScoreValue' }
        @{ type = 'categorical'; parameter = 'Category'; value = 'polite'; property = 'CategoricalValue' }
        @{ type = 'boolean'; parameter = 'Boolean'; value = $false; property = 'BooleanValue' }
    ) {
        $arguments = @{ $parameter = $value }
        $metric = New-LlmObsMetric -SpanId s1 -Label l @arguments
        $metric | Should -BeOfType ([LlmObs.Metric])
        $metric.MetricType | Should -Be $type
        $metric.$property | Should -Be $value
        $metric.Value | Should -Be $value
        $others = 'ScoreValue', 'CategoricalValue', 'BooleanValue', 'JsonValue' | Where-Object { $_ -ne $property }
        foreach ($other in $others) { $null -eq $metric.$other | Should -BeTrue }
    }

    It 'makes a json metric of an object' {
        $metric = New-LlmObsMetric -SpanId s1 -Label l -Json @{ a = 1 }
        $metric.MetricType | Should -Be 'json'
        $metric.JsonValue.a | Should -Be 1
        { New-LlmObsMetric -SpanId s1 -Label l -Json 'text' } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'carries everything else that is given' {
        $metric = New-LlmObsMetric s1 l -Score 1 -Assessment PASS -Reasoning why -Tag a:1 -Metadata @{ m = 1 } -ErrorMessage e -Timestamp 1768473000123
        $metric.Assessment | Should -BeExactly 'pass'
        $metric.Reasoning | Should -Be 'why'
        $metric.Tags | Should -Be 'a:1'
        $metric.Metadata.m | Should -Be 1
        $metric.ErrorMessage | Should -Be 'e'
        $metric.TimestampMs | Should -Be 1768473000123
    }

    It 'is measured now where no time is given' {
        $metric = New-LlmObsMetric s1 l -Score 1
        [Math]::Abs(([DateTimeOffset]::UtcNow - $metric.Timestamp).TotalSeconds) | Should -BeLessThan 5
    }

    It 'takes the id of a piped span, and nothing else of it' {
        $span = New-LlmObsSpan -Name q -ErrorMessage 'the span failed' -Tag a:1
        $metric = $span | New-LlmObsMetric -Label l -Score 1
        $metric.SpanId | Should -Be $span.SpanId
        $metric.ErrorMessage | Should -BeNullOrEmpty
        $metric.Tags | Should -BeNullOrEmpty
    }

    It 'refuses a score that is no number' {
        New-LlmObsMetric s1 l -Score ([double]::NaN) -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
    }

    It 'takes one value only' {
        { New-LlmObsMetric s1 l -Score 1 -Boolean $true } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        { New-LlmObsMetric s1 l -Timestamp 1 } | Should -Throw -ErrorId 'MissingMandatoryParameter,*'
    }
}
