BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $created = '{"data":{"id":"e1000000-0000-4000-8000-000000000000","type":"experiments","attributes":{"name":"n-1","experiment":"n","project_id":"p"}}}'
}

Describe 'New-LlmObsExperiment' {
    BeforeEach { $server = New-Server; $server.Answer(200, $created) | Out-Null }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'sends every field that is given' {
        New-LlmObsExperiment -Name n -ProjectId p -DatasetId d -DatasetVersion 9007199254740993 -Description text `
            -Config ([ordered]@{ model = 'small'; temperature = 0.2 }) -Metadata @{ team = 'search' } -EnsureUnique $false `
            -ParentExperimentId e0000000-0000-4000-8000-000000000000 -RunCount 3 | Out-Null
        $server.Requests[-1].Method | Should -Be 'POST'
        $server.Requests[-1].Path | Should -Be '/api/v2/llm-obs/v1/experiments'
        $server.Requests[-1].Headers['Content-Type'] | Should -Be 'application/json'
        $server.Requests[-1].Headers['Accept'] | Should -Be 'application/json'
        $server.Requests[-1].Body | Should -BeExactly ('{"data":{"type":"experiments","attributes":{"name":"n","project_id":"p","dataset_id":"d",' +
            '"dataset_version":9007199254740993,"description":"text","config":{"model":"small","temperature":0.2},"metadata":{"team":"search"},' +
            '"ensure_unique":false,"parent_experiment_id":"e0000000-0000-4000-8000-000000000000","run_count":3}}}')
    }

    It 'sends nothing of what is not given' {
        New-LlmObsExperiment -Name n -ProjectId p | Out-Null
        $server.Requests[-1].Body | Should -BeExactly '{"data":{"type":"experiments","attributes":{"name":"n","project_id":"p"}}}'
    }

    It 'writes commit and branch into the metadata under -CiMetadata, beside what is given' {
        $env:TF_BUILD = 'True'
        $more = @{ BUILD_SOURCEVERSION = 'abc123'; BUILD_SOURCEBRANCH = 'refs/heads/main'; BUILD_REPOSITORY_URI = 'https://me:word@dev.example.com/r' }
        $more.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $more[$_]) }
        try {
            New-LlmObsExperiment -Name n -ProjectId p -CiMetadata -Metadata @{ owner = 'me'; tags = @('a:b') } | Out-Null
            (Get-Attribute $server).metadata | ConvertTo-Json -Compress |
                Should -BeExactly '{"commit":"abc123","branch":"main","tags":["a:b","git.commit.sha:abc123","git.branch:main","git.repository_url:https://dev.example.com/r"],"owner":"me"}'
        } finally { $more.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $null) } }
    }

    It 'warns under -CiMetadata where nothing says which commit it is' {
        Push-Location $TestDrive
        try { New-LlmObsExperiment -Name n -ProjectId p -CiMetadata -WarningVariable warned 3>$null | Out-Null } finally { Pop-Location }
        $warned | Should -BeLike '*-CiMetadata adds nothing*'
        (Get-Attribute $server).PSObject.Properties.Name | Should -Not -Contain metadata
    }

    It 'sends null where it is written' {
        New-LlmObsExperiment -Name n -ProjectId p -DatasetId $null -DatasetVersion $null -Description $null -Config $null -Metadata $null `
            -EnsureUnique $null -ParentExperimentId $null -RunCount $null | Out-Null
        $attributes = Get-Attribute $server
        foreach ($field in 'dataset_id', 'dataset_version', 'description', 'config', 'metadata', 'ensure_unique', 'parent_experiment_id', 'run_count') {
            $attributes.PSObject.Properties.Name | Should -Contain $field
            $attributes.$field | Should -BeNullOrEmpty
        }
    }

    It 'takes -<parameter> as <kind>' -ForEach @(
        @{ parameter = 'Config'; kind = 'hashtable'; value = @{ a = 1 } }
        @{ parameter = 'Config'; kind = 'ordered'; value = [ordered]@{ a = 1 } }
        @{ parameter = 'Config'; kind = 'object'; value = [pscustomobject]@{ a = 1 } }
        @{ parameter = 'Config'; kind = 'JSON text'; value = '{"a":1}' }
        @{ parameter = 'Metadata'; kind = 'hashtable'; value = @{ a = 1 } }
        @{ parameter = 'Metadata'; kind = 'object'; value = ('{"a":1}' | ConvertFrom-Json) }
    ) {
        $arguments = @{ Name = 'n'; ProjectId = 'p'; $parameter = $value }
        New-LlmObsExperiment @arguments | Out-Null
        (Get-Attribute $server).$parameter.a | Should -Be 1
    }

    It 'refuses -Config <value> before a request' -ForEach @(@{ value = 'no json' }, @{ value = '[1]' }, @{ value = 5 }, @{ value = @(1, 2) }) {
        { New-LlmObsExperiment -Name n -ProjectId p -Config $value } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        $server.Requests.Count | Should -Be 0
    }

    It 'keeps values of every type as they are' {
        $config = [ordered]@{
            long = 9223372036854775807; big = [bigint]::Parse('123456789012345678901234567890'); decimal = 1.10d; double = 0.1
            yes = $true; none = $null; text = 'Grüße "q" 日本語'; day = [datetime]::new(2026, 1, 15, 10, 30, 0, [DateTimeKind]::Utc)
            list = @(1, 'a', @()); nested = @{ deep = [pscustomobject]@{ x = 1 } }; kind = [System.DayOfWeek]::Monday; empty = @{}
        }
        New-LlmObsExperiment -Name n -ProjectId p -Config $config | Out-Null
        $server.Requests[-1].Body | Should -Match ([regex]::Escape(
                '"config":{"long":9223372036854775807,"big":123456789012345678901234567890,"decimal":1.10,"double":0.1,"yes":true,"none":null,' +
                '"text":"Grüße \"q\" 日本語","day":"2026-01-15T10:30:00Z","list":[1,"a",[]],"nested":{"deep":{"x":1}},"kind":"Monday","empty":{}}'))
    }

    It 'tells custom objects inside each other from an object inside itself' {
        $json = '{"a":{"b":{"c":[{"d":{}},{"d":{}}]}}}'
        New-LlmObsExperiment -Name n -ProjectId p -Config ($json | ConvertFrom-Json) | Out-Null
        $server.Requests[-1].Body | Should -Match ([regex]::Escape('"config":' + $json))
        $loop = [pscustomobject]@{ a = [pscustomobject]@{ back = $null } }
        $loop.a.back = $loop
        New-LlmObsExperiment -Name n -ProjectId p -Config $loop -ErrorVariable problem -ErrorAction SilentlyContinue
        "$($problem[0])" | Should -Match ([regex]::Escape('$.a.back contains itself'))
    }

    It 'says where a value is that has no form in JSON' {
        $loop = @{}; $loop.self = @{ back = $loop }
        foreach ($case in @{ value = @{ a = @(1, [double]::NaN) }; where = '$.a[1]' }, @{ value = $loop; where = '$.self.back' },
            @{ value = @{ p = (Get-Process -Id $PID) }; where = '$.p' }, @{ value = @{ s = (ConvertTo-SecureString x -AsPlainText -Force) }; where = '$.s' }) {
            New-LlmObsExperiment -Name n -ProjectId p -Config $case.value -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
            "$($problem[0])" | Should -Match ([regex]::Escape($case.where))
        }
        $server.Requests.Count | Should -Be 0
    }

    It 'binds rows of a CSV file' {
        $rows = @'
name,project_id,dataset_id,dataset_version,description,ensure_unique,parent_experiment_id,run_count,config
n,p,d,7,"a, b",false,e0000000-0000-4000-8000-000000000000,2,"{""model"":""small""}"
m,p,,,,,,,
'@ | ConvertFrom-Csv
        $server.Answer(200, $created) | Out-Null
        $rows | New-LlmObsExperiment | Out-Null
        $server.Requests[0].Body | Should -BeExactly ('{"data":{"type":"experiments","attributes":{"name":"n","project_id":"p","dataset_id":"d","dataset_version":7,' +
            '"description":"a, b","config":{"model":"small"},"ensure_unique":false,"parent_experiment_id":"e0000000-0000-4000-8000-000000000000","run_count":2}}}')
        $server.Requests[1].Body | Should -BeExactly '{"data":{"type":"experiments","attributes":{"name":"m","project_id":"p"}}}'
    }

    It 'binds objects from JSON' {
        '{"name":"n","project_id":"p","metadata":{"a":[1,2]},"dataset_version":3}' | ConvertFrom-Json | New-LlmObsExperiment | Out-Null
        (Get-Attribute $server).metadata.a | Should -Be @(1, 2)
        (Get-Attribute $server).dataset_version | Should -Be 3
    }

    It 'shows method, address and body under -WhatIf, and sends nothing' {
        $shown = pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$env:LLMOBS_TEST_MANIFEST'
            Set-LlmObsConfig -Site datadoghq.eu
            New-LlmObsExperiment -Name n -ProjectId p -WhatIf"
        $shown -join '' | Should -BeExactly ('What if: POST https://api.datadoghq.eu/api/v2/llm-obs/v1/experiments ' +
            '{"data":{"type":"experiments","attributes":{"name":"n","project_id":"p"}}}')
        New-LlmObsExperiment -Name n -ProjectId p -WhatIf | Should -BeNullOrEmpty
        $server.Requests.Count | Should -Be 0
    }

    It 'obeys $WhatIfPreference' {
        & { $WhatIfPreference = $true; New-LlmObsExperiment -Name n -ProjectId p } | Should -BeNullOrEmpty
        $server.Requests.Count | Should -Be 0
    }

    It 'says each request under -Verbose in one line' {
        $lines = @(New-LlmObsExperiment -Name n -ProjectId p -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] })
        $lines.Count | Should -Be 1
        "$lines" | Should -Match '^POST /api/v2/llm-obs/v1/experiments -> 200 in \d+ ms$'
    }

    It 'says them where the preference of the caller asks for it, and nothing where nobody listens' {
        function Invoke-Quietly { New-LlmObsExperiment -Name n -ProjectId p 4>&1 5>&1 | Where-Object { $_ -isnot [LlmObs.Experiment] } }
        function Invoke-Aloud { [CmdletBinding()] param() New-LlmObsExperiment -Name n -ProjectId p 4>&1 5>&1 | Where-Object { $_ -isnot [LlmObs.Experiment] } }
        $server.Answer(200, $created).Answer(200, $created) | Out-Null
        Invoke-Quietly | Should -BeNullOrEmpty
        @(Invoke-Aloud -Verbose).Where({ $_ -is [System.Management.Automation.VerboseRecord] }).Count | Should -Be 1
        $DebugPreference = 'Continue'
        @(Invoke-Quietly).Where({ $_ -is [System.Management.Automation.DebugRecord] }).Message -join "`n" | Should -Match '> User-Agent: LlmObs'
    }
}

Describe 'The answer to New-LlmObsExperiment' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'is read whole' {
        $server.Answer(201, (@{ data = @{ id = 'e1000000-0000-4000-8000-000000000000'; type = 'experiments'; attributes = @{
                            name = 'n-1'; experiment = 'n'; project_id = 'p'; dataset_id = 'd'; dataset_name = 'faq'; dataset_version = 4; description = 't'
                            config = @{ model = @{ name = 'small' } }; metadata = @{ a = 1 }; status = 'paused'; error = 'none'; run_count = 2; parent_experiment_id = 'e0000000-0000-4000-8000-000000000000'
                            aggregate_data = @{ evaluations = @{ custom = @{ score = 0.5 }; summary = $null }; total_spans = 3; total_errors = 1; total_tokens = 30; total_input_tokens = 20; total_output_tokens = 10; total_duration_ns = 1500000000; estimated_total_cost = 2500000; later = 1 }; author = @{ id = 'u'; name = 'Jo'; email = 'jo@example.com'; handle = 'jo'; icon = 'https://example.com/i' }
                            created_at = '2026-01-15T10:30:00.123456789Z'; updated_at = '2026-01-15T10:30:00.1234Z'; deleted_at = $null; is_auto_experiment = $false }
                } } | ConvertTo-Json -Depth 9)) | Out-Null
        $e = New-LlmObsExperiment -Name n -ProjectId p
        $e | Should -BeOfType ([LlmObs.Experiment])
        $e.Id | Should -Be 'e1000000-0000-4000-8000-000000000000'
        $e.Name | Should -Be 'n-1'
        $e.LogicalName | Should -Be 'n'
        $e.DatasetName | Should -Be 'faq'
        $e.DatasetVersion | Should -Be 4
        $e.Config.model.name | Should -Be 'small'
        $e.Config | Should -BeOfType ([pscustomobject])
        $e.Status | Should -Be 'paused'
        $e.ErrorMessage | Should -Be 'none'
        $e.RunCount | Should -Be 2
        $e.ParentExperimentId | Should -Be 'e0000000-0000-4000-8000-000000000000'
        $e.AggregateData.Evaluations.score | Should -Be 0.5
        $e.AggregateData.SummaryEvaluations | Should -BeNullOrEmpty
        $e.AggregateData.SpanCount, $e.AggregateData.ErrorCount | Should -Be 3, 1
        $e.AggregateData.TokenCount, $e.AggregateData.InputTokenCount, $e.AggregateData.OutputTokenCount | Should -Be 30, 20, 10
        $e.AggregateData.Duration | Should -Be ([timespan]::FromSeconds(1.5))
        $e.AggregateData.CostUsd | Should -Be 0.0025
        $e.AggregateData.AdditionalProperties.later | Should -Be 1
        $e.Author.Email | Should -Be 'jo@example.com'
        $e.CreatedAt.UtcDateTime.ToString('o') | Should -Be '2026-01-15T10:30:00.1234567Z'
        $e.UpdatedAt.UtcDateTime.ToString('o') | Should -Be '2026-01-15T10:30:00.1234000Z'
        $e.DeletedAt | Should -BeNullOrEmpty
        $e.AdditionalProperties.is_auto_experiment | Should -BeFalse
    }

    It 'may lack everything but the id' {
        $server.Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000"}}') | Out-Null
        $e = New-LlmObsExperiment -Name n -ProjectId p
        $e.Id | Should -Be 'e1000000-0000-4000-8000-000000000000'
        $e.Name | Should -BeNullOrEmpty
        $e.AdditionalProperties | Should -BeNullOrEmpty
    }

    It 'that can''t be read is a success that is not repeated: <body>' -ForEach @(@{ body = '' }, @{ body = '<html>' }, @{ body = '{"data":{}}' }, @{ body = '{"data":' }) {
        Set-LlmObsConfig -MaxRetryCount 5
        $server.Answer(200, $body) | Out-Null
        New-LlmObsExperiment -Name n -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnreadableAnswer,*'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'do not send it again'
        $server.Requests.Count | Should -Be 1
    }
}
