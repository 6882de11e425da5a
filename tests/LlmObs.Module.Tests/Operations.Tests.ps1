BeforeDiscovery {
    # "Update records" and "delete records" are not among them: "batch update" does both, and is how it was recorded.
    # Every other operation of the API on projects, datasets, records and experiments that have been: the cmdlet that calls it, and a line
    # that makes it do so with a project, a dataset with a record, and an experiment with a span.
    $operations = @(
        @{ operation = 'GET v1/projects'; cmdlet = 'Get-LlmObsProject'; line = { Get-LlmObsProject } }
        @{ operation = 'POST v1/projects'; cmdlet = 'New-LlmObsProject'; line = { New-LlmObsProject another } }
        @{ operation = 'PATCH v1/projects/{project_id}'; cmdlet = 'Set-LlmObsProject'; line = { $project | Set-LlmObsProject -Description new } }
        @{ operation = 'POST v1/projects/delete'; cmdlet = 'Remove-LlmObsProject'; line = { $project | Remove-LlmObsProject } }
        @{ operation = 'GET v1/{project_id}/datasets'; cmdlet = 'Get-LlmObsDataset'; line = { $project | Get-LlmObsDataset } }
        @{ operation = 'POST v1/{project_id}/datasets'; cmdlet = 'New-LlmObsDataset'; line = { $project | New-LlmObsDataset another } }
        @{ operation = 'PATCH v1/{project_id}/datasets/{dataset_id}'; cmdlet = 'Set-LlmObsDataset'; line = { $dataset | Set-LlmObsDataset -Name new } }
        @{ operation = 'POST v1/{project_id}/datasets/delete'; cmdlet = 'Remove-LlmObsDataset'; line = { $dataset | Remove-LlmObsDataset } }
        @{ operation = 'GET v1/{project_id}/datasets/{dataset_id}/versions'; cmdlet = 'Get-LlmObsDatasetVersion'; line = { $dataset | Get-LlmObsDatasetVersion } }
        @{ operation = 'POST v1/{project_id}/datasets/{dataset_id}/clone'; cmdlet = 'Copy-LlmObsDataset'; line = { $dataset | Copy-LlmObsDataset -NewName copy } }
        @{ operation = 'POST v1/{project_id}/datasets/{dataset_id}/restore'; cmdlet = 'Restore-LlmObsDataset'; line = { $dataset | Restore-LlmObsDataset -Version 0 } }
        @{ operation = 'GET v1/{project_id}/datasets/{dataset_id}/export'; cmdlet = 'Export-LlmObsDataset'; line = { $dataset | Export-LlmObsDataset -LiteralPath (Join-Path $TestDrive export.csv) } }
        @{ operation = 'GET v1/{project_id}/datasets/{dataset_id}/records'; cmdlet = 'Get-LlmObsDatasetRecord'; line = { $dataset | Get-LlmObsDatasetRecord } }
        @{ operation = 'POST v1/{project_id}/datasets/{dataset_id}/records'; cmdlet = 'Add-LlmObsDatasetRecord'; line = { @{ input = 'b' } | Add-LlmObsDatasetRecord -Dataset $dataset } }
        @{ operation = 'POST v1/{project_id}/datasets/{dataset_id}/batch_update'; cmdlet = 'Add-LlmObsDatasetRecord'; line = { @{ id = 'b'; input = 'b' } | Add-LlmObsDatasetRecord -Dataset $dataset } }
        @{ operation = 'POST v2/{project_id}/datasets/{dataset_id}/records/upload'; cmdlet = 'Add-LlmObsDatasetRecord'; line = { @{ input = 'b' } | Add-LlmObsDatasetRecord -Dataset $dataset -UploadThreshold 0 } }
        @{ operation = 'POST v1/{project_id}/datasets/{dataset_id}/batch_update'; cmdlet = 'Set-LlmObsDatasetRecord'; line = { $record | Set-LlmObsDatasetRecord -Input new } }
        @{ operation = 'POST v1/{project_id}/datasets/{dataset_id}/batch_update'; cmdlet = 'Remove-LlmObsDatasetRecord'; line = { $record | Remove-LlmObsDatasetRecord } }
        @{ operation = 'GET v1/experiments'; cmdlet = 'Get-LlmObsExperiment'; line = { Get-LlmObsExperiment } }
        @{ operation = 'POST v1/experiments/delete'; cmdlet = 'Remove-LlmObsExperiment'; line = { $experiment | Remove-LlmObsExperiment } }
        @{ operation = 'GET v3/experiments/{experiment_id}/events'; cmdlet = 'Get-LlmObsEvent'; line = { $experiment | Get-LlmObsEvent } }
        @{ operation = 'POST v1/experimentation/search'; cmdlet = 'Find-LlmObsExperiment'; line = { Find-LlmObsExperiment test } }
        @{ operation = 'POST v1/experimentation/simple-search'; cmdlet = 'Find-LlmObsExperiment'; line = { Find-LlmObsExperiment test -Sort created_at } }
    )
    $reached = @($operations | ForEach-Object { $_.cmdlet } | Sort-Object -Unique | ForEach-Object { @{ cmdlet = $_ } })
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $docs = Join-Path (Split-Path (Split-Path $PSScriptRoot)) docs
}

Describe 'The operation <operation>' -ForEach $operations {
    BeforeEach {
        Start-LlmObsEmulator
        $project = New-LlmObsProject support-bot
        $dataset = $project | New-LlmObsDataset faq
        [void](@{ input = 'a' } | Add-LlmObsDatasetRecord -Dataset $dataset)
        $record = $dataset | Get-LlmObsDatasetRecord
        $experiment = New-LlmObsExperiment test -Dataset $dataset
        [void](New-LlmObsSpan question | Send-LlmObsEvent -Experiment $experiment)
    }
    AfterEach { Clear-Session }

    It 'is called by <cmdlet>, and answered by the emulator' {
        $VerbosePreference = 'Continue'
        $ConfirmPreference = 'None'
        $said = @(. ([scriptblock]::Create($line)) 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] -and "$_" -match ' -> ' })
        $said.Count | Should -Be 1
        $method, $path = $operation -split ' '
        $pattern = $path -replace '\{\w+\}', '[0-9a-f-]{36}'
        "$($said[0])" | Should -Match "$method /api/v2/llm-obs/$pattern(\?\S*)? -> 20\d\b"
    }
}

Describe '<cmdlet>' -ForEach $reached {
    It 'has help of its own' {
        Join-Path $docs "$cmdlet.md" | Should -Exist
        (Get-Help $cmdlet).PSTypeNames[0] | Should -BeLike 'MamlCommandHelpInfo*'
    }

    It 'has tests' {
        # Those of one cmdlet or a family of them; the files that go over all cmdlets do not count.
        $files = Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | Where-Object Name -Match '^(Get|Find|New|Set|Remove|Dataset|Project)'
        $called = foreach ($file in $files) {
            $script = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref]$null, [ref]$null)
            $script.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true).Where({ $_.GetCommandName() -eq $cmdlet })
        }
        @($called).Count | Should -BeGreaterOrEqual 1 -Because 'a name in a comment or a text is no call'
    }
}
