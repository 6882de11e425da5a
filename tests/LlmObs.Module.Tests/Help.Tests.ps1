BeforeDiscovery {
    # Held here: the cmdlets that have a page. The others get theirs one by one.
    $docs = Join-Path (Split-Path (Split-Path $PSScriptRoot)) docs
    $names = (Import-PowerShellDataFile $env:LLMOBS_TEST_MANIFEST).CmdletsToExport | Where-Object { Test-Path (Join-Path $docs "$_.md") }
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/DocPages.ps1
    $docs = Join-Path (Split-Path (Split-Path $PSScriptRoot)) docs
    $common = [System.Management.Automation.Cmdlet]::CommonParameters
    $topics = @(Get-ChildItem (Join-Path (Split-Path $env:LLMOBS_TEST_MANIFEST) en-US) -Filter about_*.help.txt | ForEach-Object { $_.Name -replace "\.help\.txt$" })
}

Describe 'Get-Help <_>' -ForEach $names {
    BeforeAll {
        $command = Get-Command $_ -Module LlmObs
        $help = Get-Help $_ -Full
        $real = $command.Parameters.Values | Where-Object Name -NotIn $common
        $said = @($help.parameters.parameter)
    }

    It 'has a page in docs' {
        Join-Path $docs "$($command.Name).md" | Should -Exist -Because 'docs/README.md says how to write it'
        $help.PSTypeNames | Should -Contain 'MamlCommandHelpInfo#FullView' -Because 'the help comes from the page'
    }

    It 'says what it does' {
        $help.Synopsis | Should -Match '^[A-Z].+\.$'
        ($help.description.Text -join ' ').Length | Should -BeGreaterThan 80
    }

    It 'explains every parameter, and invents none' {
        ($said.name | Sort-Object) | Should -Be ($real.Name | Sort-Object)
        $empty = $said | Where-Object { -not ($_.description.Text -join '').Trim() -or ($_.description.Text[0] -like 'Accepted values*') }
        $empty.name | Should -BeNullOrEmpty -Because 'each has its words on the page'
    }

    It 'says of each parameter what the cmdlet says' {
        foreach ($parameter in $real) {
            $one = $said | Where-Object name -EQ $parameter.Name
            $sets = $parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ParameterAttribute] }
            $one.required | Should -Be "$($sets.Mandatory -notcontains $false)" -Because "-$($parameter.Name)"
            $positions = $sets | ForEach-Object { if ($_.Position -ge 0) { "$($_.Position)" } else { 'named' } } | Select-Object -Unique
            $one.position | Should -Be ($positions -join ' or ') -Because "-$($parameter.Name)"
            ($one.pipelineInput -match 'ByValue') | Should -Be ($sets.ValueFromPipeline -contains $true) -Because "-$($parameter.Name)"
            ($one.pipelineInput -match 'ByPropertyName') | Should -Be ($sets.ValueFromPipelineByPropertyName -contains $true) -Because "-$($parameter.Name)"
            ($one.aliases -replace '^none$' -split ', ' | Where-Object { $_ }) | Should -Be ($parameter.Aliases | Where-Object { $_ }) -Because "-$($parameter.Name)"
            $type = [Nullable]::GetUnderlyingType($parameter.ParameterType) ?? $parameter.ParameterType
            $one.type.name | Should -Be $type.Name -Because "-$($parameter.Name)"
            $words = $parameter.Attributes.ValidValues ?? $(if ($type.IsEnum) { [enum]::GetNames($type) })
            if ($words) { $one.description.Text | Should -Contain "Accepted values: $($words -join ', ')." }
        }
    }

    It 'shows each way to call it' {
        @($help.syntax.syntaxItem).Count | Should -Be $command.ParameterSets.Count
        $shown = foreach ($item in $help.syntax.syntaxItem) { ($item.parameter.name | Sort-Object) -join ' ' }
        $sets = foreach ($set in $command.ParameterSets) { ($set.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object) -join ' ' }
        ($shown | Sort-Object) | Should -Be ($sets | Sort-Object)
    }

    It 'has three examples or more, as they stand on its page' {
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterOrEqual 3
        $examples.code | Should -Be (Get-DocSection (Join-Path $docs "$($command.Name).md")).Blocks.Code
        foreach ($example in $examples) { $example.title | Should -Match 'Example \d+: \w+' }
    }

    It 'leads on to what exists' {
        $links = $help.relatedLinks.navigationLink.linkText
        $links | Should -Not -BeNullOrEmpty
        foreach ($link in $links | Where-Object { $_ -notmatch '^https://' }) {
            "$link" | Should -BeIn ($topics + @((Get-Module LlmObs).ExportedCommands.Keys))
        }
    }

    It 'names what it writes' {
        $types = $command.OutputType.Name | Where-Object { $_ -ne 'System.Void' }
        ($help.returnValues.returnValue.type.name | Sort-Object) | Should -Be (@($types ?? 'None') | Sort-Object)
    }
}
