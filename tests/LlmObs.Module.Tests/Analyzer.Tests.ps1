BeforeDiscovery { $hasAnalyzer = [bool](Get-Module -ListAvailable PSScriptAnalyzer) }

BeforeAll { $repository = Split-Path (Split-Path $PSScriptRoot) }

Describe 'PSScriptAnalyzer' {
    It 'finds nothing in any script, test or manifest, where it is installed' -Skip:(-not $hasAnalyzer) {
        $said = pwsh -NoProfile -NonInteractive -File (Join-Path $repository build.ps1) -Task Analyze 2>&1 | Out-String -Width 200
        $LASTEXITCODE | Should -Be 0 -Because $said
    }

    It 'would find something, if it were there' -Skip:(-not $hasAnalyzer) {
        $file = Join-Path $TestDrive bad.ps1
        Set-Content $file 'function Foo-Bar { Write-Host (gci) }'
        $found = Invoke-ScriptAnalyzer $file -Settings (Join-Path $repository PSScriptAnalyzerSettings.psd1)
        $found.RuleName | Should -Contain 'PSAvoidUsingWriteHost'
        $found.RuleName | Should -Contain 'PSAvoidUsingCmdletAliases'
    }
}
