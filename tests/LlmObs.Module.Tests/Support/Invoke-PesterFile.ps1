<#
.SYNOPSIS
Runs one Pester file against the assembled module. Prints the text of each failed test; exit code 1 where there is one.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Manifest,
    [Parameter(Mandatory)] [string] $ReportPath
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module Pester -MinimumVersion 5.0 -MaximumVersion 5.99.99
$env:LLMOBS_TEST_MANIFEST = $Manifest

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputFormat = 'NUnitXml'
$configuration.TestResult.OutputPath = $ReportPath
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
exit [int]($result.Result -ne 'Passed' -or $result.TotalCount -eq 0)
