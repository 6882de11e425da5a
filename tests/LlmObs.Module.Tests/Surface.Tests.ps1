BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    . $PSScriptRoot/Support/Surface.ps1
    $written = Join-Path $PSScriptRoot Surface.txt
}

Describe 'What scripts can see of the module' {
    It 'is what Surface.txt has' {
        $errorPage = Join-Path $PSScriptRoot ../../docs/about_LlmObs_Errors.md
        $now = @(Get-Surface LlmObs $errorPage)
        $now.Count | Should -BeGreaterThan 300
        $differences = Compare-Object @(Get-Content $written) $now | ForEach-Object { "$($_.SideIndicator -eq '<=' ? 'gone' : 'new ') $($_.InputObject)" }
        $differences -join "`n" | Should -BeNullOrEmpty -Because 'a change of the surface is meant: if it is, run tests/LlmObs.Module.Tests/Support/Update-Surface.ps1 and review the difference'
    }
}
