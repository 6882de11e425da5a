BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/RunSession.ps1

    # The rows of a result file, also of one that is being written or was cut off.
    function Get-ResultRow([string] $file) {
        foreach ($line in Get-Content $file) {
            $read = try { $line | ConvertFrom-Json } catch { $null } # a torn line
            if ($read.type -eq 'row') { $read }
        }
    }

    function Get-Length([string] $file) { (Test-Path $file) ? (Get-Item $file).Length : 0 }
}

Describe 'A run whose process is killed' {
    AfterEach { Clear-Session }

    It 'goes on each time, runs nothing again that was finished, and misses nothing' {
        Start-LlmObsEmulator
        $dataset = New-Question 120
        $file = Join-Path $TestDrive killed.jsonl
        $log = Join-Path $TestDrive ran
        [void](New-Item -ItemType Directory $log)
        # Each run of a task leaves a file of its own: no two processes write to one.
        $task = "{ Set-Content (Join-Path '$log' `"`$PID `$(`$_.Id) `$([guid]::NewGuid())`") ''; Start-Sleep -Milliseconds 10; `$_.Input }"
        $random = [random]::new(20261129)
        $kills = 0
        $experiment = $null
        while ($kills -lt 10) {
            $begin = Get-Length $file
            $script = $begin -eq 0 ? "Get-LlmObsDataset questions -Project bot | Invoke-LlmObsExperiment killed -ThrottleLimit 2 -ResultPath '$file' -CiMetadata:`$false -Task $task -Evaluator @{ good = { 1 } }"
                : "Resume-LlmObsExperiment '$file' -ThrottleLimit 2 -Task $task -Evaluator @{ good = { 1 } }"
            $finished = @($begin -gt 0 ? (Get-ResultRow $file).record_id : @())
            # Anywhere from the first line to a tenth of what there will be: by progress, so that a slow machine kills no earlier.
            $until = $begin + $random.Next(1, 6000)
            $process = Start-RunProcess $script
            Wait-Until { (Get-Length $file) -ge $until } { $process.HasExited } | Should -BeTrue -Because "it was to be killed before its end: $($process.HasExited ? $process.Errors.Result : '')"
            $process.Kill()
            $process.WaitForExit()
            $kills++
            $again = @(Get-ChildItem $log "$($process.Id) *" | ForEach-Object { ($_.Name -split ' ')[1] }) | Where-Object { $_ -in $finished }
            $again | Should -BeNullOrEmpty -Because 'these were finished before'
            if ($kills % 3 -eq 0) { [IO.File]::AppendAllText($file, '{"type":"row","record_id":"q-') } # as if it had died in the middle of a line
        }
        $finished = @((Get-ResultRow $file).record_id)
        $run = Resume-LlmObsExperiment $file -Task ([scriptblock]::Create($task.Trim('{', '}'))) -Evaluator @{ good = { 1 } } -ThrottleLimit 2
        $again = @(Get-ChildItem $log "$PID *" | ForEach-Object { ($_.Name -split ' ')[1] }) | Where-Object { $_ -in $finished }
        $again | Should -BeNullOrEmpty
        $run.Status | Should -Be completed
        $run.RowCount | Should -Be 120
        @($run.Metrics)[0].Count | Should -Be 120
        $stored = @(Get-Stored $run)
        @(Get-RecordId $stored | Sort-Object -Unique).Count | Should -Be 120
        # Events that were sent twice, because the answer was not written down, are the same span.
        @($stored.SpanId | Sort-Object -Unique).Count | Should -Be 120
        $run.Rows.SpanId | Sort-Object | Should -Be ($stored.SpanId | Sort-Object -Unique)
        (Get-LlmObsExperiment -Id $run.Experiment.Id).Status | Should -Be completed
    }
}
