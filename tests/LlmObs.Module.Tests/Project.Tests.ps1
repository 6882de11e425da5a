BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
}

Describe 'Projects' {
    BeforeEach { Start-LlmObsEmulator }
    AfterEach { Clear-Session }

    It 'creates a project, and gets the one that has the name' {
        $made = New-LlmObsProject support-bot -Description 'answers'
        $made | Should -BeOfType ([LlmObs.Project])
        $made.Name | Should -Be 'support-bot'
        $made.Description | Should -Be 'answers'
        $made.CreatedAt | Should -BeOfType ([DateTimeOffset])
        (New-LlmObsProject support-bot -Description other).Id | Should -Be $made.Id
        (Get-LlmObsProject).Count | Should -Be 1
    }

    It 'sends only what is given' {
        $server = New-Server
        $server.Answer(200, '{"data":{"id":"p1","type":"projects","attributes":{"name":"a","extra":{"b":1}}}}') | Out-Null
        $project = New-LlmObsProject a
        $server.Requests[-1].Path | Should -Be '/api/v2/llm-obs/v1/projects'
        $server.Requests[-1].Body | Should -BeExactly '{"data":{"type":"projects","attributes":{"name":"a"}}}'
        $project.AdditionalProperties.extra.b | Should -Be 1
        $server.Dispose()
    }

    It 'lists newest first, by name, wildcard and id' {
        'alpha', 'beta', 'gamma' | New-LlmObsProject | Out-Null
        (Get-LlmObsProject).Name | Should -Be @('gamma', 'beta', 'alpha')
        (Get-LlmObsProject *a*).Name | Should -Be @('gamma', 'beta', 'alpha')
        (Get-LlmObsProject b*, alpha).Name | Should -Be @('alpha', 'beta')
        ('beta', 'alpha' | Get-LlmObsProject).Name | Should -Be @('beta', 'alpha')
        (Get-LlmObsProject -Id (Get-LlmObsProject beta).Id).Name | Should -Be 'beta'
        Get-LlmObsProject z* | Should -BeNullOrEmpty
    }

    It 'says which project is not there, and goes on' {
        New-LlmObsProject alpha | Out-Null
        $found = Get-LlmObsProject nobody, alpha -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.Name | Should -Be 'alpha'
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        $problem[0].TargetObject | Should -Be 'nobody'
    }

    It 'fetches one page for the first few' {
        1..12 | ForEach-Object { New-LlmObsProject "p$_" } | Out-Null
        $before = (Get-LlmObsEmulator).RequestCount
        (Get-LlmObsProject | Select-Object -First 5).Count | Should -Be 5
        (Get-LlmObsProject -First 5 -Skip 2).Name | Should -Be @('p10', 'p9', 'p8', 'p7', 'p6')
        (Get-LlmObsEmulator).RequestCount - $before | Should -Be 2
    }

    It 'changes a project by name, id or pipeline' {
        $made = New-LlmObsProject old -Description before
        (Set-LlmObsProject old -Description after).Description | Should -Be 'after'
        (Set-LlmObsProject $made.Id -Name new).Name | Should -Be 'new'
        $cleared = Get-LlmObsProject new | Set-LlmObsProject -Description $null
        $cleared.Description | Should -BeNullOrEmpty
        $cleared.Name | Should -Be 'new'
    }

    It 'refuses to change nothing' {
        New-LlmObsProject a | Out-Null
        Set-LlmObsProject a -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
    }

    It 'deletes all that are piped in one request' {
        1..3 | ForEach-Object { New-LlmObsProject "p$_" } | Out-Null
        $before = (Get-LlmObsEmulator).RequestCount
        Get-LlmObsProject p1, p2 | Remove-LlmObsProject -Confirm:$false
        (Get-LlmObsEmulator).RequestCount - $before | Should -Be 3
        (Get-LlmObsProject).Name | Should -Be 'p3'
        Remove-LlmObsProject p3 -Confirm:$false
        Get-LlmObsProject | Should -BeNullOrEmpty
    }

    It 'deletes nothing under -WhatIf, and shows the request' {
        New-LlmObsProject a | Out-Null
        $transcript = Join-Path $TestDrive whatif.txt
        Start-Transcript $transcript | Out-Null
        Remove-LlmObsProject a -WhatIf
        Stop-Transcript | Out-Null
        Get-Content $transcript -Raw | Should -Match 'POST http://127.0.0.1:\d+/api/v2/llm-obs/v1/projects/delete \{"data":\{"type":"projects","attributes":\{"project_ids":\["[0-9a-f-]{36}"\]'
        (Get-LlmObsProject).Name | Should -Be 'a'
    }

    It 'asks before it deletes' {
        (Get-Command Remove-LlmObsProject).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High'
        (Get-Command Remove-LlmObsDataset).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High'
    }
}
