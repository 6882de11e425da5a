# Every request that the quickstart and the cmdlets make, against the schemas of the API's OpenAPI document (Data/Requests).
BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    if (-not ('LlmObs.Testing.FaultyRelay' -as [type])) { Add-Type -Path $PSScriptRoot/../Support/WaitlessTime.cs, $PSScriptRoot/Support/FaultyRelay.cs }
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'bodies')).FullName

    # The module's own validator, in a context of its own: nothing of the module's dependencies may be loaded for scripts.
    $deps = Join-Path (Split-Path $env:LLMOBS_TEST_MANIFEST) deps
    $context = [System.Runtime.Loader.AssemblyLoadContext]::new('schemas of requests')
    $assemblies = 'Json.More', 'JsonPointer.Net', 'JsonSchema.Net' | ForEach-Object { $context.LoadFromAssemblyPath((Join-Path $deps "$_.dll")) }
    $schemaType = $assemblies[2].GetType('Json.Schema.JsonSchema')
    $options = [Activator]::CreateInstance($assemblies[2].GetType('Json.Schema.EvaluationOptions'))
    $options.OutputFormat = 'Hierarchical'

    $document = Get-Content $PSScriptRoot/Data/Requests/requests.json -Raw | ConvertFrom-Json -AsHashtable
    foreach ($operation in $document.operations) {
        if ($operation.body) {
            $whole = $operation.body.Clone(); $whole['$defs'] = $document.'$defs'
            $operation.schema = $schemaType::FromText((ConvertTo-Json $whole -Depth 30))
        }
    }

    function Get-Flaw($node) {
        # Branches that failed are below a node that is valid.
        if ($node.IsValid) { return }
        if ($node.Errors) { foreach ($problem in $node.Errors.GetEnumerator()) { "$($node.InstanceLocation -replace '/\d+', '/n'): $($problem.Value)" } }
        foreach ($detail in $node.Details) { Get-Flaw $detail }
    }

    function Test-Request([string] $line, [string] $body) {
        # The problems of a request, each as "METHOD path: place: problem".
        $method, $target, $null = $line -split ' '
        $path, $query = $target -split '\?', 2
        if ($path -like '*/records/upload') { return } # multipart
        $short = "$method $($path -replace '^/api/v\d/llm-obs/v\d/', '…/' -replace '[0-9a-f]{8}-[0-9a-f-]{27}', '{id}')"
        $operation = $document.operations.Where({ $_.method -eq $method -and $path -match $_.path }, 'First')[0]
        if (-not $operation) { return "${short}: no such operation" }
        foreach ($part in ($query -split '&').Where({ $_ })) {
            $name = [uri]::UnescapeDataString(($part -split '=')[0])
            if ($name -notin $operation.query) { "${short}: no parameter $name" }
        }
        if (-not $operation.schema) {
            if ($body) { "${short}: has no body" }
            return
        }
        Get-Flaw $operation.schema.Evaluate([System.Text.Json.JsonDocument]::Parse($body).RootElement, $options) | ForEach-Object { "${short}: $_" }
    }

    Start-LlmObsEmulator -PassThru | ForEach-Object { $emulator = $_ }
    $relay = [LlmObs.Testing.FaultyRelay]::new($emulator.BaseUri, '', 0, [LlmObs.Testing.WaitlessTime]::new(), 60)
    function Get-Passed([int] $skip) { $relay.Passed | Select-Object -Skip $skip | ForEach-Object { Test-Request $_.Key $_.Value } | Sort-Object -Unique }

    # Fields that the module sends beyond the document, with the reasons. One that no longer occurs is an error, so that it is removed.
    $events = 'POST …/experiments/{id}/events: /data/attributes'
    $deviations = [ordered]@{
        'POST …/{id}/datasets/{id}/records: /data/type*'       = 'sent as datasets, as every recorded client does; an SDK of Datadog says that records is refused'
        "$events/metrics/n/experiment_id:*"                    = 'of a run: the SDKs send it with each metric, and the live service takes it'
        "$events/metrics/n/trace_id:*"                         = 'of a run, likewise'
        "$events/metrics/n/metric_source:*"                    = 'of a run, likewise: custom, or summary for a metric of the whole experiment'
        "$events/metrics/n/status:*"                           = 'of a run, likewise'
        "$events/metrics/n/error/*"                            = 'of a run, likewise: type and stack beside the message'
        "$events/spans/n/meta/metadata:*"                      = 'spans have metadata in every recording, and in what is read back'
        'GET …/{id}/datasets/{id}/records: no parameter filter`[tags`]' = 'recorded: records with one of some tags'
        'PATCH …/projects/{id}: /data/attributes/description:*' = 'null, where the user gives $null to clear it; no recording says what clears it'
        "$events/spans/n/meta/expected_output:*"               = 'a text or a number is an expected output, too: recorded, and what people have'
    }
    $called = [System.Collections.Generic.HashSet[string]]::new()
    $found = [System.Collections.Generic.List[string]]::new()
    function Get-Deviation {
        # Those that are not known; the known ones are noted.
        foreach ($flaw in Get-Passed $args[0]) {
            $known = $deviations.Keys.Where({ $flaw -like $_ }, 'First')
            if ($known) { $found.Add($known[0]) } else { $flaw }
        }
    }
}

AfterAll { $relay.Dispose(); Clear-Session }

Describe 'Bodies of requests' {
    It 'of the quickstart are those of the OpenAPI document' {
        $env:LLMOBS_BASE_URI = $relay.BaseUri
        try {
            $quickstart = Join-Path $PSScriptRoot ../../samples/quickstart.ps1
            $said = pwsh -NoProfile -NonInteractive -File $quickstart -ModulePath $env:LLMOBS_TEST_MANIFEST -ReportPath (Join-Path $folder report.html) 2>&1 | Out-String
            $LASTEXITCODE | Should -Be 0 -Because $said
        } finally { $env:LLMOBS_BASE_URI = $null }
        $relay.Passed.Count | Should -BeGreaterThan 15
        Get-Deviation 0 | Should -BeNullOrEmpty
    }

    It 'of <name> are those of the OpenAPI document' -ForEach @(
        @{ name = 'projects'; calls = @{
                'New-LlmObsProject' = { $script:project = New-LlmObsProject bodies -Description 'd' }
                'Get-LlmObsProject' = { Get-LlmObsProject bodies; Get-LlmObsProject -Id $project.Id; Get-LlmObsProject -First 1 }
                'Set-LlmObsProject' = { Set-LlmObsProject $project -Description 'new'; Set-LlmObsProject $project -Name bodies; Set-LlmObsProject $project -Description $null }
            }
        }
        @{ name = 'datasets'; calls = @{
                'New-LlmObsDataset' = { $script:data = New-LlmObsDataset bodies -Project $project -Description 'd' -Metadata @{ a = 1; b = @(1, @{ c = 'x' }) } }
                'Get-LlmObsDataset' = { Get-LlmObsDataset bodies -Project $project; Get-LlmObsDataset -Project $project -First 1 }
                'Set-LlmObsDataset' = { $data | Set-LlmObsDataset -Description new -Metadata @{ a = 2 }; $data | Set-LlmObsDataset -Name bodies }
            }
        }
        @{ name = 'records'; calls = @{
                'Add-LlmObsDatasetRecord' = { '{"id":"own-1","input":{"q":"a"},"expected_output":[1,"x",{"y":null}],"metadata":{"m":true},"tags":["k:v"]}', '{"input":"text","expected_output":3.5}', '{"input":[1,2],"expected_output":true}' | Add-LlmObsDatasetRecord $data -Deduplicate -Tag 'all:x' }
                'Get-LlmObsDatasetRecord' = { $script:records = $data | Get-LlmObsDatasetRecord; $data | Get-LlmObsDatasetRecord -Tag 'k:v' -First 1 | Out-Null; $data | Get-LlmObsDatasetRecord -Version 1 | Out-Null }
                'Set-LlmObsDatasetRecord' = { Set-LlmObsDatasetRecord -Id own-1 -Dataset $data -Input 'new' -ExpectedOutput @{ a = 1 } -Metadata @{ b = 2 } -Tag 'k:w'; Set-LlmObsDatasetRecord -Id own-1 -Dataset $data -ExpectedOutput $null -Metadata $null }
                'Remove-LlmObsDatasetRecord' = { Remove-LlmObsDatasetRecord -Id own-1 -Dataset $data -Confirm:$false }
                'Get-LlmObsDatasetVersion' = { $data | Get-LlmObsDatasetVersion }
                'Restore-LlmObsDataset' = { $data | Restore-LlmObsDataset -Version 1 }
                'Copy-LlmObsDataset' = { $data | Copy-LlmObsDataset -NewName 'bodies copy' -Description d }
                'Export-LlmObsDataset' = { Export-LlmObsDataset $data (Join-Path $folder export.csv) -Version 1 }
            }
        }
        @{ name = 'experiments'; calls = @{
                'New-LlmObsExperiment' = { $script:bare = New-LlmObsExperiment bare -Project $project; $script:run = New-LlmObsExperiment bodies -Dataset $data -Description d -Config @{ model = 'm'; t = 0.5; nested = @{ list = @(1, 2) } } -Metadata @{ commit = 'c'; tags = @('k:v') } -RunCount 2 -DatasetVersion 1 -ParentExperimentId $bare.Id }
                'Get-LlmObsExperiment' = { Get-LlmObsExperiment -Id $run.Id; Get-LlmObsExperiment -Name bodies*; Get-LlmObsExperiment -Project $project -Dataset $data -First 1; Get-LlmObsExperiment -ParentExperimentId $bare.Id }
                'Find-LlmObsExperiment' = { Find-LlmObsExperiment bodies -First 1; Find-LlmObsExperiment 'bodies' -IncludeTotalCount }
                'Set-LlmObsExperiment' = { $run | Set-LlmObsExperiment -Status failed -ErrorMessage 'boom' -Description x -Metadata @{ a = 1 }; $run | Set-LlmObsExperiment -Status completed -Name renamed -DatasetId $data.Id }
                'Find-LlmObsBaseline' = { Find-LlmObsBaseline $project bodies -ErrorAction SilentlyContinue }
            }
        }
        @{ name = 'events'; calls = @{
                'Send-LlmObsEvent' = {
                    $span = New-LlmObsSpan -Name n -Input @{ q = 'a' } -Output 'text' -ExpectedOutput @{ a = 1 } -Tag 'a:b'
                    $bad = New-LlmObsSpan -Name n -Input a -ErrorMessage m -ErrorType t -ErrorStack s
                    $metrics = ($span | New-LlmObsMetric -Label s -Score 0.5 -Assessment pass -Reasoning r -Tag 'c:d' -Metadata @{ a = 1 }), ($span | New-LlmObsMetric -Label c -Category x), ($span | New-LlmObsMetric -Label b -Boolean $true), ($span | New-LlmObsMetric -Label j -Json @{ a = @(1) })
                    $span, $bad, $metrics | Send-LlmObsEvent $run -Tag 'all:x'
                    'q,a,f,why,ok,id', 'x,y,1,r,true,1' | ConvertFrom-Csv | Send-LlmObsEvent $run -InputColumn q -OutputColumn a -MetricColumn f -ReasoningColumn why -AssessmentColumn ok -IdColumn id
                }
                'Get-LlmObsEvent' = { $run | Get-LlmObsEvent -First 1 }
                'Invoke-LlmObsAggregate' = {
                    $run | Invoke-LlmObsAggregate -GroupBy label -Query '@metric_type:score' -Limit 5 -Last '1.00:00:00' -DatasetVersion 1
                    Invoke-LlmObsAggregate -Compute @{ avg = 'score_value' } -ExperimentId $run.Id -IncludeCount; Invoke-LlmObsAggregate
                }
                'Measure-LlmObsExperiment' = { $run | Measure-LlmObsExperiment }
                'Compare-LlmObsExperiment' = { Compare-LlmObsExperiment $run $run }
                'Export-LlmObsReport' = { Export-LlmObsReport $run (Join-Path $folder run.html) }
            }
        }
        @{ name = 'runs'; calls = @{
                'Invoke-LlmObsExperiment' = {
                    $evaluators = (New-LlmObsEvaluator -ExactMatch), (New-LlmObsEvaluator score { 0.5 }), (New-LlmObsEvaluator verdict { New-LlmObsEvaluation good -Assessment pass -Reasoning r }), (New-LlmObsEvaluator broken { throw 'no' })
                    $data | Invoke-LlmObsExperiment bodies-run -Task { if ($_.Input -is [array]) { throw 'boom' } ; 'text' } -Evaluator $evaluators -SummaryEvaluator @{ count = { @($_).Count } } -ResultPath (Join-Path $folder run.jsonl) -RunCount 2
                }
                'Resume-LlmObsExperiment' = { Resume-LlmObsExperiment -ResultPath (Join-Path $folder run.jsonl) -Task { 'text' } -Evaluator (New-LlmObsEvaluator -ExactMatch) }
            }
        }
        @{ name = 'what is deleted'; calls = @{
                'Test-LlmObsConnection' = { Test-LlmObsConnection }
                'Remove-LlmObsExperiment' = { $run | Remove-LlmObsExperiment -Confirm:$false }
                'Remove-LlmObsDataset' = { $data | Remove-LlmObsDataset -Confirm:$false }
                'Remove-LlmObsProject' = { Remove-LlmObsProject $project -Confirm:$false }
            }
        }
    ) {
        Set-LlmObsConfig -ProfileName bodies -BaseUri $relay.BaseUri
        $before = $relay.Passed.Count
        $defaults = $PSDefaultParameterValues.Clone()
        $order = 'New-LlmObsProject', 'New-LlmObsDataset', 'New-LlmObsExperiment', 'Add-LlmObsDatasetRecord', 'Get-LlmObsDatasetRecord', 'Set-LlmObsDatasetRecord', 'Remove-LlmObsDatasetRecord', 'Send-LlmObsEvent', 'Invoke-LlmObsExperiment', 'Remove-LlmObsExperiment', 'Remove-LlmObsDataset', 'Remove-LlmObsProject'
        try {
            foreach ($api in (Get-Command -Module LlmObs).Where({ $_.Parameters.ContainsKey('ProfileName') -and $_.Noun -ne 'LlmObsConfig' -and $_.Noun -ne 'LlmObsEmulator' })) { $PSDefaultParameterValues["$($api.Name):ProfileName"] = 'bodies' }
            foreach ($call in $calls.Keys | Sort-Object { $at = $order.IndexOf($_); if ($_ -like 'Remove-*' -or $at -lt 0) { 50 + $at } else { $at } }) {
                $problems = $null
                & $calls[$call] *>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { $problems = "$_" }
                if ($call -notlike '*-LlmObsExperiment' -and $call -ne 'Find-LlmObsBaseline') { $problems | Should -BeNullOrEmpty -Because $call }
                [void]$called.Add($call)
            }
        } finally { $PSDefaultParameterValues.Clear(); foreach ($one in $defaults.GetEnumerator()) { $PSDefaultParameterValues[$one.Key] = $one.Value } }
        $relay.Passed.Count | Should -BeGreaterThan $before
        Get-Deviation $before | Should -BeNullOrEmpty
    }

    It 'are looked at for every cmdlet that calls the service' {
        $calls = . $PSScriptRoot/Support/ServiceCalls.ps1
        $calls.Keys.Where({ $_ -notin $called }) | Should -BeNullOrEmpty
    }

    It 'deviate in every way that is listed' {
        $deviations.Keys.Where({ $_ -notin $found }) | Should -BeNullOrEmpty
    }

    It 'would be found if they were wrong: <line>' -ForEach @(
        @{ line = 'POST /api/v2/llm-obs/v1/experiments HTTP/1.1'; body = '{"data":{"type":"experiments","attributes":{"name":"n"}}}'; flaw = '*project_id*' }
        @{ line = 'POST /api/v2/llm-obs/v1/experiments HTTP/1.1'; body = '{"data":{"type":"experiments","attributes":{"name":1,"project_id":"p"}}}'; flaw = '*/data/attributes/name*' }
        @{ line = 'POST /api/v2/llm-obs/v1/experiments/e/events HTTP/1.1'; body = '{"data":{"type":"events","attributes":{"spans":[{"span_id":"s"}]}}}'; flaw = '*/spans/n*trace_id*' }
        @{ line = 'GET /api/v2/llm-obs/v1/experiments?filter[nothing]=1 HTTP/1.1'; body = ''; flaw = '*no parameter filter`[nothing`]*' }
        @{ line = 'POST /api/v2/llm-obs/v9/experiments HTTP/1.1'; body = '{}'; flaw = '*no such operation*' }
    ) {
        "$(Test-Request $line $body)" | Should -BeLike $flaw
    }
}
