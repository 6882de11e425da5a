# Dot-sourced by the tests: the PowerShell that runs them starts further ones, whatever is on PATH.

function Get-ShellUnderTest {
    # The program, and what comes before PowerShell's own arguments: as a .NET tool, PowerShell runs in a process of dotnet.
    $program = [Environment]::ProcessPath
    $program
    if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] }
}

function pwsh {
    $program, [string[]]$before = Get-ShellUnderTest
    if ($MyInvocation.ExpectingInput) { $input | & $program @before @args } else { & $program @before @args }
}

function New-ShellStart {
    # How to start a process of it that a test reads, feeds or ends itself.
    param([string[]] $Argument)
    $program, [string[]]$before = Get-ShellUnderTest
    $start = [Diagnostics.ProcessStartInfo]::new($program, [string[]]@($before; $Argument))
    $start.RedirectStandardOutput = $true
    $start
}
