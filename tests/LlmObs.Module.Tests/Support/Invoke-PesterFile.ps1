<#
.SYNOPSIS
Runs one Pester file against the assembled module. Prints the text of each failed test; exit code 1 if there is one.

.EXAMPLE
tests/LlmObs.Module.Tests/Support/Invoke-PesterFile.ps1 Spool
.EXAMPLE
tests/LlmObs.Module.Tests/Support/Invoke-PesterFile.ps1 Spool -Name '*in every state*'
#>
[CmdletBinding()]
param(
    # The file, or the part of its name before .Tests.ps1.
    [Parameter(Mandatory, Position = 0)] [string] $Path,
    # Runs only the tests whose full name is like this.
    [string] $Name = '*',
    # By default, the module that the last build assembled.
    [string] $Manifest,
    [string] $ReportPath
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$tests = Split-Path $PSScriptRoot
$repository = Split-Path (Split-Path $tests)
if (-not (Test-Path $Path)) { $Path = Join-Path $tests "$Path.Tests.ps1" }
if (-not $Manifest) {
    $version = (Import-PowerShellDataFile (Join-Path $repository LlmObs.psd1)).ModuleVersion
    $Manifest = Join-Path $repository out LlmObs $version LlmObs.psd1
}

# By path: whatever Pester is installed stays out of the way.
Import-Module (Join-Path $repository out Pester Pester.psd1)
$env:LLMOBS_TEST_MANIFEST = $Manifest

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Filter.FullName = $Name
$configuration.Output.Verbosity = 'None'
$configuration.TestResult.Enabled = [bool]$ReportPath
$configuration.TestResult.OutputFormat = 'NUnitXml'
if ($ReportPath) { $configuration.TestResult.OutputPath = $ReportPath }
$result = Invoke-Pester -Configuration $configuration

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

"$($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped"
exit [int]($result.Result -ne 'Passed' -or $result.PassedCount -eq 0)
