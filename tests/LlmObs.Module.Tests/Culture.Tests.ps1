BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $file = Join-Path $TestDrive rows.csv
    @'
trace_id,span_id,project_id,dataset_id,name,start_ns,duration,status,label,metric_type,score_value,boolean_value,timestamp_ms
t1,I1,p,d,INPUT,2026-01-15T10:30:00.5Z,00:00:01.5,OK,,,,,
,I1,,,,,,,TITLE,SCORE,1.5,,1768473000123
,I1,,,,,,,TITLE,BOOLEAN,,TRUE,1768473000123
'@ | Set-Content $file
    $expected = '{"data":{"type":"events","attributes":{"spans":[{"trace_id":"t1","span_id":"I1","project_id":"p","dataset_id":"d","name":"INPUT","start_ns":1768473000500000000,"duration":1500000000,"status":"ok"}],' +
    '"metrics":[{"span_id":"I1","label":"TITLE","metric_type":"score","score_value":1.5,"timestamp_ms":1768473000123},{"span_id":"I1","label":"TITLE","metric_type":"boolean","boolean_value":true,"timestamp_ms":1768473000123}]}}}'
    function Use-Culture([string] $name, [scriptblock] $script) {
        $before = [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture
        try {
            [cultureinfo]::CurrentCulture = $name
            [cultureinfo]::CurrentUICulture = $name
            & $script
        }
        finally {
            [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture = $before
        }
    }
}

# Commas in numbers, a dotless i, another calendar and other digits: none of them may reach the service.
Describe 'Under the culture <_>' -ForEach 'de-DE', 'tr-TR', 'ar-SA', 'fa-IR', 'en-US' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'events from a file and from the pipeline are the same as everywhere' {
        $culture = $_
        Use-Culture $culture {
            [cultureinfo]::CurrentCulture.Name | Should -Be $culture
            Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $file | Out-Null
            Import-Csv $file | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        }
        $server.Requests[0].Body | Should -BeExactly $expected
        $server.Requests[1].Body | Should -BeExactly $expected
    }

    It 'numbers and times from objects are the same as everywhere' {
        Use-Culture $_ {
            New-LlmObsSpan INPUT -Input 1.5 -Output ([ordered]@{ d = 1.25d; f = [float]0.5; t = [datetime]::new(2026, 1, 15, 10, 30, 0, [DateTimeKind]::Utc); s = [timespan]::FromSeconds(1.5) }) `
                -StartTime '2026-01-15T10:30:00Z' -Duration 5 -SpanId s -TraceId t -ProjectId p -DatasetId d | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 | Out-Null
        }
        $server.Requests[0].Body | Should -Match ([regex]::Escape('"meta":{"input":1.5,"output":{"d":1.25,"f":0.5,"t":"2026-01-15T10:30:00Z","s":"00:00:01.5000000"}}'))
        $server.Requests[0].Body | Should -Match '"start_ns":1768473000000000000'
    }

    It 'a comma is no decimal mark' {
        Use-Culture $_ {
            [pscustomobject]@{ span_id = 's'; label = 'l'; metric_type = 'score'; score_value = '1,5' } |
                Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
            "$($problem[0])" | Should -Match 'decimal point'
        }
        $server.Requests.Count | Should -Be 0
    }

    It 'answers are read the same as everywhere' {
        $server.Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000","attributes":{"dataset_version":7,"created_at":"2026-01-15T10:30:00.5Z"}}}') | Out-Null
        foreach ($query in 'average', 'count') {
            $server.Answer(200, '{"data":{"id":"a","attributes":{"hit_count":1,"result":{"values":[{"by":{},"metrics":{"score_value":0.5}}]}}}}') | Out-Null
        }
        Use-Culture $_ {
            (New-LlmObsExperiment -Name INPUT -ProjectId p).CreatedAt.ToUnixTimeMilliseconds() | Should -Be 1768473000500
            (Invoke-LlmObsAggregate).score_value | Should -Be 0.5
            (Set-LlmObsConfig -Site APP.DATADOGHQ.EU -PassThru).Site | Should -BeExactly 'datadoghq.eu'
        }
    }
}
