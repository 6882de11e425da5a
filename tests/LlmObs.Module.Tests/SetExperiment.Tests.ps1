BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
}

Describe 'Set-LlmObsExperiment' {
    BeforeEach { $server = New-Server; $server.Answer(200) | Out-Null }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'sends every field that is given' {
        Set-LlmObsExperiment ([LlmObs.Experiment]@{ Id = 'e 1/x' }) -Name n -Description t -DatasetId d -Metadata @{ a = 1 } -Status failed -ErrorMessage why | Out-Null
        $server.Requests[-1].Method | Should -Be 'PATCH'
        $server.Requests[-1].Path | Should -Be '/api/v2/llm-obs/v1/experiments/e%201%2Fx'
        $server.Requests[-1].Body | Should -BeExactly ('{"data":{"type":"experiments","attributes":{"name":"n","description":"t","dataset_id":"d",' +
            '"metadata":{"a":1},"status":"failed","error":"why"}}}')
    }

    It 'sends only <field>, where only that is given' -ForEach @(
        @{ field = 'name'; arguments = @{ Name = 'x' } }, @{ field = 'description'; arguments = @{ Description = 'x' } }
        @{ field = 'dataset_id'; arguments = @{ DatasetId = 'x' } }, @{ field = 'metadata'; arguments = @{ Metadata = @{ x = 1 } } }
        @{ field = 'status'; arguments = @{ Status = 'completed' } }, @{ field = 'error'; arguments = @{ Error = 'x' } }
    ) {
        Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 @arguments | Out-Null
        (Get-Attribute $server).PSObject.Properties.Name | Should -Be $field
    }

    It 'clears <field> with null' -ForEach @(
        @{ field = 'name'; arguments = @{ Name = $null } }, @{ field = 'description'; arguments = @{ Description = $null } }
        @{ field = 'dataset_id'; arguments = @{ DatasetId = $null } }, @{ field = 'metadata'; arguments = @{ Metadata = $null } }
        @{ field = 'status'; arguments = @{ Status = $null } }, @{ field = 'error'; arguments = @{ ErrorMessage = $null } }
    ) {
        Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 @arguments | Out-Null
        $server.Requests[-1].Body | Should -BeExactly "{""data"":{""type"":""experiments"",""attributes"":{""$field"":null}}}"
    }

    It 'takes only the id from a piped experiment' {
        $piped = [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000'; Name = 'old'; Description = 'old'; Status = 'running'; DatasetId = 'd' }
        $piped | Set-LlmObsExperiment -Status completed | Out-Null
        $server.Requests[-1].Path | Should -Be '/api/v2/llm-obs/v1/experiments/e1000000-0000-4000-8000-000000000000'
        $server.Requests[-1].Body | Should -BeExactly '{"data":{"type":"experiments","attributes":{"status":"completed"}}}'
    }

    It 'writes the piped experiment with the patch, where the service answers with nothing' {
        $piped = [LlmObs.Experiment]@{ Id = 'e1000000-0000-4000-8000-000000000000'; Name = 'old'; Description = 'old'; ProjectId = 'p' }
        $updated = $piped | Set-LlmObsExperiment -Status Completed -Description $null
        $updated | Should -BeOfType ([LlmObs.Experiment])
        $updated.Name | Should -Be 'old'
        $updated.ProjectId | Should -Be 'p'
        $updated.Status | Should -BeExactly 'completed'
        $updated.Description | Should -BeNullOrEmpty
        $piped.Description | Should -Be 'old'
    }

    It 'writes the service''s experiment, where it sends one' {
        $other = [LlmObs.Testing.ScriptedService]::new()
        Set-LlmObsConfig -BaseUri $other.BaseUri
        $other.Answer(200, '{"data":{"id":"e1000000-0000-4000-8000-000000000000","attributes":{"name":"new","status":"completed","updated_at":"2026-01-15T10:30:00.1234Z"}}}') | Out-Null
        $updated = Set-LlmObsExperiment e1000000-0000-4000-8000-000000000000 -Status completed
        $updated.Name | Should -Be 'new'
        $updated.UpdatedAt.Year | Should -Be 2026
        $other.Dispose()
    }

    It 'succeeds whatever a success holds: <body>' -ForEach @(@{ body = '' }, @{ body = 'ok' }, @{ body = '{}' }, @{ body = '{"data":null}' }, @{ body = '[' }) {
        $other = [LlmObs.Testing.ScriptedService]::new()
        Set-LlmObsConfig -BaseUri $other.BaseUri -MaxRetryCount 3
        $other.Answer(200, $body) | Out-Null
        (Set-LlmObsExperiment e1000000-0000-4000-8000-000000000000 -Status completed).Status | Should -Be 'completed'
        $other.Requests.Count | Should -Be 1
        $other.Dispose()
    }

    It 'binds the rows of a CSV file; blank cells leave fields alone' {
        1..2 | ForEach-Object { $server.Answer(200) } | Out-Null
        $file = Join-Path $TestDrive updates.csv
        "experiment_id,status,description,error`ne1000000-0000-4000-8000-000000000000,failed,,it broke`ne2000000-0000-4000-8000-000000000000,completed,done,`n" | Set-Content $file
        $updated = Import-Csv $file | Set-LlmObsExperiment
        $server.Requests[0].Path | Should -Be '/api/v2/llm-obs/v1/experiments/e1000000-0000-4000-8000-000000000000'
        $server.Requests[0].Body | Should -BeExactly '{"data":{"type":"experiments","attributes":{"status":"failed","error":"it broke"}}}'
        $server.Requests[1].Body | Should -BeExactly '{"data":{"type":"experiments","attributes":{"description":"done","status":"completed"}}}'
        $updated.Id | Should -Be @('e1000000-0000-4000-8000-000000000000', 'e2000000-0000-4000-8000-000000000000')
    }

    It 'takes nothing over from the row before' {
        1..3 | ForEach-Object { $server.Answer(200) } | Out-Null
        [pscustomobject]@{ Id = 'e1000000-0000-4000-8000-000000000000'; Name = 'one'; Metadata = @{ a = 1 } }, [pscustomobject]@{ Id = 'e2000000-0000-4000-8000-000000000000'; Status = 'failed' } | Set-LlmObsExperiment | Out-Null
        $server.Requests[1].Body | Should -BeExactly '{"data":{"type":"experiments","attributes":{"status":"failed"}}}'
    }

    It 'clears with the null of a piped object' {
        '{"id":"e1000000-0000-4000-8000-000000000000","description":null}' | ConvertFrom-Json | Set-LlmObsExperiment | Out-Null
        $server.Requests[-1].Body | Should -BeExactly '{"data":{"type":"experiments","attributes":{"description":null}}}'
    }

    It 'refuses a state that does not exist, and the others go on' {
        $rows = [pscustomobject]@{ Id = 'e1000000-0000-4000-8000-000000000000'; Status = 'done' }, [pscustomobject]@{ Id = 'e2000000-0000-4000-8000-000000000000'; Status = 'completed' }
        $updated = $rows | Set-LlmObsExperiment -ErrorVariable problem -ErrorAction SilentlyContinue
        $updated.Id | Should -Be 'e2000000-0000-4000-8000-000000000000'
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        $problem[0].TargetObject | Should -Be 'e1000000-0000-4000-8000-000000000000'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'running, completed, failed, interrupted'
    }

    It 'refuses to send nothing' {
        Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        $server.Requests.Count | Should -Be 0
    }

    It 'refuses the id <id>' -ForEach @(@{ id = '.' }, @{ id = '..' }, @{ id = ' ' }) {
        Set-LlmObsExperiment ([LlmObs.Experiment]@{ Id = $id }) -Status failed -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
        $server.Requests.Count | Should -Be 0
    }

    It 'sends nothing under -WhatIf, and shows what it would' {
        $transcript = Join-Path $TestDrive whatif.txt
        Start-Transcript $transcript | Out-Null
        Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed -WhatIf
        Stop-Transcript | Out-Null
        Get-Content $transcript -Raw | Should -Match 'PATCH http://127.0.0.1:\d+/api/v2/llm-obs/v1/experiments/e1000000-0000-4000-8000-000000000000 \{"data":'
        $server.Requests.Count | Should -Be 0
    }

    It 'completes states' {
        (TabExpansion2 'Set-LlmObsExperiment -Id e -Status c' 36).CompletionMatches.CompletionText | Should -Be 'completed'
    }

    It 'is repeated after a failure of the service, for it does no harm' {
        $other = [LlmObs.Testing.ScriptedService]::new()
        Set-LlmObsConfig -BaseUri $other.BaseUri -MaxRetryCount 3
        $other.Answer(503, '', @{ 'Retry-After' = '0' }, 0).Drop().Answer(200) | Out-Null
        $lines = @(Set-LlmObsExperiment e1000000-0000-4000-8000-000000000000 -Status completed -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] })
        $other.Requests.Count | Should -Be 3
        "$($lines[0])" | Should -Match '^PATCH /api/v2/llm-obs/v1/experiments/e1000000-0000-4000-8000-000000000000 -> 503 ServerError in \d+ ms; again in \d+\.\d s \(retry 1\)$'
        "$($lines[2])" | Should -Match '-> 200 in \d+ ms$'
        $other.Dispose()
    }
}
