BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/RunSession.ps1
    . $PSScriptRoot/Support/FaultCases.ps1
}

AfterAll { $clients::UseTime([TimeProvider]::System) }

Describe 'The limits of a run' {
    BeforeEach {
        # A clock on which waits are noted, and over at once.
        $clock = [LlmObs.Testing.WaitlessTime]::new(59)
        $clients::UseTime($clock)
        Start-LlmObsEmulator -AllowOldMetric
        Set-LlmObsConfig -TimeoutSec 59 # no limit of a request: see the clock
        $dataset = New-Question 6
    }
    AfterEach { $clients::UseTime([TimeProvider]::System); Clear-Session }

    It 'spread the beginnings of tasks evenly under -RequestsPerMinute' {
        $before = $clock.WaitsSec.Count
        $run = $dataset | Invoke-LlmObsExperiment limited -ThrottleLimit 1 -RequestsPerMinute 4 -Task { 1 } -CiMetadata:$false
        $run.RowCount | Should -Be 6
        $waits = @($clock.WaitsSec | Select-Object -Skip $before | Where-Object { $_ -gt 1 })
        $waits.Count | Should -Be 5 -Because 'the first begins at once, each other 15 s after the one before'
        $waits | ForEach-Object { $_ | Should -BeGreaterThan 10; $_ | Should -BeLessOrEqual 15 }
    }

    It 'hold for all slots together' {
        $before = $clock.WaitsSec.Count
        [void]($dataset | Invoke-LlmObsExperiment limited -ThrottleLimit 6 -RequestsPerMinute 1 -Task { 1 } -CiMetadata:$false)
        @($clock.WaitsSec | Select-Object -Skip $before | Where-Object { $_ -gt 30 }).Count | Should -BeGreaterOrEqual 5
    }

    It 'heed Retry-After of a failed Invoke-RestMethod, in seconds and as a date' -ForEach @(
        @{ form = 'seconds'; after = { '37' } }
        @{ form = 'a date'; after = { $clock.GetUtcNow().AddSeconds(37).ToString('R') } }
    ) {
        $service = [LlmObs.Testing.ScriptedService]::new()
        [void]$service.Answer(429, 'slow down', @{ 'Retry-After' = & $after }, 0).Answer(200, '"better"', @{ 'Content-Type' = 'application/json' }, 0)
        $uri = $service.BaseUri
        $before = $clock.WaitsSec.Count
        $run = $dataset | Invoke-LlmObsExperiment limited -First 1 -MaxRetryCount 2 -CiMetadata:$false -Task { Invoke-RestMethod $using:uri }
        $run.Rows.Output | Should -Be better
        $service.Requests.Count | Should -Be 2
        $waits = @($clock.WaitsSec | Select-Object -Skip $before | Where-Object { $_ -gt 5 })
        $waits.Count | Should -Be 1
        $waits[0] | Should -BeGreaterThan 34
        $waits[0] | Should -BeLessOrEqual 38 -Because 'the jitter of the first attempt is a second at most'
        $service.Dispose()
    }

    It 'name the status of a failed Invoke-RestMethod beside what the service said: <said>' -ForEach @(
        @{ said = '{"error":"boom"}'; message = 'Response status code does not indicate success: 500 (Scripted). {"error":"boom"}' }
        @{ said = ''; message = 'Response status code does not indicate success: 500 (Scripted).' }
    ) {
        $service = [LlmObs.Testing.ScriptedService]::new()
        [void]$service.Answer(500, $said, @{ 'Content-Type' = 'text/plain' }, 0)
        $uri = $service.BaseUri
        $run = $dataset | Invoke-LlmObsExperiment limited -First 1 -CiMetadata:$false -Task { Invoke-RestMethod $using:uri } -ErrorAction Ignore
        $run.Rows.Error.Message | Should -Be $message
        $service.Dispose()
    }

    It 'run another record while one waits to be run again: the wait holds no slot' {
        $service = [LlmObs.Testing.ScriptedService]::new()
        [void]$service.Answer(429, 'slow down', @{ 'Retry-After' = '37' }, 0)
        1..3 | ForEach-Object { [void]$service.Answer(200, '"fine"', @{ 'Content-Type' = 'application/json' }, 0) }
        $clock.HeldFrom = [timespan]::FromSeconds(37) # the wait is over when both other records have begun
        $begun = [Collections.Concurrent.ConcurrentQueue[string]]::new()
        $shell = [powershell]::Create()
        @{ clock = $clock; begun = $begun; uri = $service.BaseUri }.GetEnumerator() | ForEach-Object { $shell.Runspace.SessionStateProxy.SetVariable($_.Key, $_.Value) }
        [void]$shell.AddScript({
                param($module, $dataset)
                Import-Module $module
                $dataset | Invoke-LlmObsExperiment limited -First 3 -ThrottleLimit 1 -MaxRetryCount 1 -CiMetadata:$false -Task {
                    ($using:begun).Enqueue($_.Id)
                    if (($using:begun).Count -eq 3) { ($using:clock).ExpireLimits() }
                    Invoke-RestMethod $using:uri
                }
            }).AddArgument($env:LLMOBS_TEST_MANIFEST).AddArgument($dataset)
        try {
            $running = $shell.BeginInvoke()
            $running.AsyncWaitHandle.WaitOne(60000) | Should -BeTrue -Because 'a wait that holds the only slot would never end'
            $run = $shell.EndInvoke($running)
            $order = $begun.ToArray()
            $order | Should -HaveCount 4
            $order[3] | Should -Be $order[0]
            ($order | Select-Object -First 3 -Unique) | Should -HaveCount 3
            $run.Rows | ForEach-Object Status | Should -Be ok, ok, ok
        } finally {
            $clock.HeldFrom = [timespan]::MaxValue
            $clock.ExpireLimits()
            $shell.Dispose()
            $service.Dispose()
        }
    }
}

Describe 'The progress of a run' {
    AfterEach { Clear-Session }

    It 'shows rows, failures, rate, percent and time left, and goes away at the end' {
        Start-LlmObsEmulator
        $dataset = New-Question 8
        $shell = [powershell]::Create()
        [void]$shell.AddScript('param($module, $dataset) Import-Module $module; $dataset | Invoke-LlmObsExperiment shown -ThrottleLimit 1 -CiMetadata:$false -Task { Start-Sleep -Milliseconds 150; if ($_.Id -eq "q-8") { throw "busy" } 1 }').
            AddArgument($env:LLMOBS_TEST_MANIFEST).AddArgument($dataset)
        [void]$shell.Invoke()
        $shown = @($shell.Streams.Progress | Where-Object Activity -Like '*Running shown*')
        $shell.Dispose()
        $under = @($shown | Where-Object RecordType -EQ Processing)
        $under.Count | Should -BeGreaterThan 1
        $last = $under[-1]
        $last.StatusDescription | Should -Match '^\d of 8 rows, 1 failed, \d+[.,]\d a second$'
        $done = [int]($last.StatusDescription -replace ' .*')
        $last.PercentComplete | Should -Be ([math]::Floor(100 * $done / 8))
        $last.SecondsRemaining | Should -BeGreaterOrEqual 0
        ($under.PercentComplete | Sort-Object) | Should -Be $under.PercentComplete -Because 'it never goes back'
        $shown[-1].RecordType | Should -Be Completed
    }

    It 'knows the total of <name> as soon as the records are there, long before the last one is queued' -ForEach @(
        @{ name = 'a whole dataset'; more = @{}; total = 250 }
        @{ name = '-First'; more = @{ First = 220 }; total = 220 }
    ) {
        Start-LlmObsEmulator
        $dataset = New-Question 250
        $shell = [powershell]::Create()
        [void]$shell.AddScript('param($module, $dataset, $more) Import-Module $module; $dataset | Invoke-LlmObsExperiment shown -ThrottleLimit 1 -CiMetadata:$false -Task { Start-Sleep -Milliseconds 8; 1 } @more').
            AddArgument($env:LLMOBS_TEST_MANIFEST).AddArgument($dataset).AddArgument($more)
        $run = $shell.Invoke()[0]
        $first = @($shell.Streams.Progress | Where-Object { $_.Activity -like '*Running shown*' -and $_.StatusDescription -match '^[1-9]' })[0]
        $shell.Dispose()
        $run.RowCount | Should -Be $total
        $first.StatusDescription | Should -Match "^\d+ of $total rows, 0 failed"
        $first.PercentComplete | Should -BeGreaterOrEqual 0
    }
}

Describe 'Models in the form of Azure OpenAI' {
    BeforeEach {
        Start-LlmObsEmulator
        $dataset = New-LlmObsProject bot | New-LlmObsDataset questions
        [void](@{ id = 'q-1'; input = 'q'; expected_output = 'truth' } | Add-LlmObsDatasetRecord -Dataset $dataset)
        $model = [LlmObs.Testing.ScriptedService]::new()
        $json = @{ 'Content-Type' = 'application/json' }
        $azure = @{ Model = 'my-deployment'; Endpoint = "$($model.BaseUri)openai/v1/"; ApiKey = 'fake-azure-key-000000000000cccc' }
    }
    AfterEach { $model.Dispose(); Clear-Session }

    It 'judge under /openai/v1/ by the name of the deployment' {
        $answer = @{ id = 'c'; object = 'chat.completion'; created = 1; model = 'm'; choices = @(@{ index = 0; finish_reason = 'stop'; message = @{ role = 'assistant'; content = '{"reasoning":"r","value":true}' } }) }
        [void]$model.Answer(200, ($answer | ConvertTo-Json -Depth 9), $json, 0)
        $run = $dataset | Invoke-LlmObsExperiment judged -Task { 'much' } -Evaluator (New-LlmObsEvaluator good -Judge '{{output}}?' @azure) -CiMetadata:$false
        $run.Rows[0].good | Should -BeTrue
        $model.Requests[0].Path | Should -Match '^/openai/v1/chat/completions(\?|$)'
        $model.Requests[0].Headers['Authorization'] | Should -Be 'Bearer fake-azure-key-000000000000cccc'
        ($model.Requests[0].Body | ConvertFrom-Json).model | Should -Be my-deployment
    }

    It 'embed output and expected output there' {
        $vectors = { param($one) @{ object = 'list'; model = 'm'; usage = @{ prompt_tokens = 1; total_tokens = 1 }; data = @(@{ object = 'embedding'; index = 0; embedding = [Convert]::ToBase64String([byte[]]($one | ForEach-Object { [BitConverter]::GetBytes([float]$_) })) }) } | ConvertTo-Json -Depth 9 }
        [void]$model.Answer(200, (& $vectors 1, 0), $json, 0).Answer(200, (& $vectors 1, 1), $json, 0)
        $run = $dataset | Invoke-LlmObsExperiment embedded -Task { 'much' } -Evaluator (New-LlmObsEvaluator near -Semantic -Threshold 0.7 @azure) -CiMetadata:$false
        $run.Rows[0].Evaluations.near.Error | Should -BeNullOrEmpty
        [math]::Round($run.Rows[0].near, 4) | Should -Be 0.7071
        $model.Requests.Count | Should -Be 2
        $model.Requests.Path | Should -Match '^/openai/v1/embeddings(\?|$)'
        ($model.Requests.Body | ConvertFrom-Json).model | Should -Be my-deployment, my-deployment
        ($model.Requests.Body | ConvertFrom-Json).input | Sort-Object | Should -Be much, truth
    }

    It 'say what the service refuses without the key, as the error of the evaluator' {
        [void]$model.Answer(401, '{"error":{"message":"bad key fake-azure-key-000000000000cccc","code":"401"}}', $json, 0)
        $run = $dataset | Invoke-LlmObsExperiment judged -Task { 'much' } -Evaluator (New-LlmObsEvaluator good -Judge '{{output}}?' @azure) -CiMetadata:$false
        $run.RowCount | Should -Be 1
        $run.FailedCount | Should -Be 0
        $said = $run.Rows[0].Evaluations.good.Error.Message
        $said | Should -BeLike "The model 'my-deployment' at $(([uri]$model.BaseUri).Authority) gave no answer: *"
        $said | Should -Match '^.*401.*bad key .*\. Check -ApiKey\.$' -Because 'it is one line, and ends with the next step'
        $said | Should -Not -Match 'fake-azure-key'
    }
}
