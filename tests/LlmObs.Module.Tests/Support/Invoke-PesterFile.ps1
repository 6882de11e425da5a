<#
.SYNOPSIS
Runs Pester files against the assembled module. Prints the text of each failed test; exit code 1 if there is one.

.EXAMPLE
tests/LlmObs.Module.Tests/Support/Invoke-PesterFile.ps1 Spool
.EXAMPLE
tests/LlmObs.Module.Tests/Support/Invoke-PesterFile.ps1 Spool -Name '*killed pipeline*'
#>
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', 'Name', Justification = 'A function below reads it.')]
param(
    # Files, or the parts of their names before .Tests.ps1.
    [Parameter(Mandatory, Position = 0, ValueFromRemainingArguments)] [string[]] $Path,
    # Runs only the tests whose full name is like this.
    [string] $Name = '*',
    # By default, the module that the last build assembled.
    [string] $Manifest,
    # Each file leaves its report here, and the text of what failed. Processes with the same folder share the files between them.
    [string] $Reports
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$tests = Split-Path $PSScriptRoot
$repository = Split-Path (Split-Path $tests)
if (-not $Manifest) {
    $version = (Import-PowerShellDataFile (Join-Path $repository LlmObs.psd1)).ModuleVersion
    $Manifest = Join-Path $repository out LlmObs $version LlmObs.psd1
}

# By path, so that an installed Pester does not interfere.
Import-Module (Join-Path $repository out Pester Pester.psd1)
$env:LLMOBS_TEST_MANIFEST = $Manifest

function Test-Claim([string] $base) {
    # True if this process runs a file: only one process can make the file's mark.
    if (-not $Reports) { return $true }
    try { [IO.File]::Open((Join-Path $Reports "$base.claim"), 'CreateNew').Dispose(); $true } catch [IO.IOException] { $false }
}

function Invoke-File([string] $file, [string] $base) {
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $file
    $configuration.Run.PassThru = $true
    $configuration.Filter.FullName = $Name
    $configuration.Output.Verbosity = 'None'
    $configuration.TestResult.Enabled = [bool]$Reports
    $configuration.TestResult.OutputFormat = 'NUnitXml'
    if ($Reports) { $configuration.TestResult.OutputPath = Join-Path $Reports "$base.xml" }

    # Leftovers of a file must not reach the next one.
    $variables = [Environment]::GetEnvironmentVariables()
    Push-Location
    try { Invoke-Pester -Configuration $configuration }
    finally {
        Pop-Location
        foreach ($added in [Environment]::GetEnvironmentVariables().Keys | Where-Object { -not $variables.Contains($_) }) {
            [Environment]::SetEnvironmentVariable($added, $null)
        }
        $variables.GetEnumerator() | ForEach-Object { [Environment]::SetEnvironmentVariable($_.Key, $_.Value) }
    }
}

function Get-Failure($result) {
    foreach ($test in $result.Failed) {
        "[-] $($test.ExpandedPath)"
        foreach ($record in $test.ErrorRecord) {
            "    $($record.DisplayErrorMessage ?? $record)"
            "    $($record.DisplayStackTrace ?? $record.ScriptStackTrace)"
        }
    }

    # A block or a file that breaks before its tests run has failed, although none of its tests did.
    foreach ($broken in @($result.FailedBlocks) + @($result.FailedContainers)) {
        "[-] $($broken.ExpandedPath ?? $broken.Item)"
        foreach ($record in $broken.ErrorRecord) { "    $record"; "    $($record.ScriptStackTrace)" }
    }

    if ($result.PassedCount + $result.FailedCount -eq 0) { '[-] No test ran.' }
    if ($result.SkippedCount) { "[-] $($result.SkippedCount) tests were skipped." }
}

$failed = 0
foreach ($one in $Path) {
    $file = (Test-Path $one) ? $one : (Join-Path $tests "$one.Tests.ps1")
    $base = [IO.Path]::GetFileNameWithoutExtension($file)
    if (-not (Test-Claim $base)) { continue }
    $result = Invoke-File $file $base
    $text = @(Get-Failure $result)
    if ($result.Result -ne 'Passed' -or $text) {
        $failed++
        $text
        if ($Reports) { Set-Content (Join-Path $Reports "$base.failed") $text }
    }

    "$base`: $($result.PassedCount) passed, $($result.FailedCount) failed, $([Math]::Round($result.Duration.TotalSeconds, 1)) s"
}

exit [int]($failed -gt 0)
