# Dot-sourced while tests are found and while they run: what the conventions are held against.
$cmdlets = @(Get-Command -Module LlmObs -CommandType Cmdlet)
$common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters

# Changes something, here or at the service. A New that calls nobody only builds an object in memory.
$writers = @($cmdlets | Where-Object {
        $_.Verb -in 'Add', 'Clear', 'Copy', 'Export', 'Import', 'Move', 'New', 'Remove', 'Rename', 'Restart', 'Restore', 'Resume', 'Save', 'Send', 'Set', 'Start', 'Stop', 'Update' -and
        -not ($_.Verb -eq 'New' -and -not $_.Parameters.ContainsKey('ProfileName'))
    })

# One run of each cmdlet against the emulator, with an experiment that holds a span and a metric, and a spool with a request. $more brings -WhatIf and the like.
$runs = @{
    'Get-LlmObsConfig'       = { Get-LlmObsConfig @more }
    'Get-LlmObsEmulator'     = { Get-LlmObsEmulator @more }
    'Invoke-LlmObsAggregate' = { Invoke-LlmObsAggregate -GroupBy label @more }
    'New-LlmObsExperiment'   = { New-LlmObsExperiment other p @more }
    'New-LlmObsMetric'       = { New-LlmObsMetric s1 label -Score 1 @more }
    'New-LlmObsSpan'         = { New-LlmObsSpan question @more }
    'Remove-LlmObsConfig'    = { Remove-LlmObsConfig spare @more }
    'Resume-LlmObsEvent'     = { Resume-LlmObsEvent $spool @more }
    'Send-LlmObsEvent'       = { New-LlmObsSpan question | Send-LlmObsEvent -Experiment $experiment @more }
    'Set-LlmObsConfig'       = { Set-LlmObsConfig spare -Site eu1 -PassThru @more }
    'Set-LlmObsExperiment'   = { $experiment | Set-LlmObsExperiment -Status completed @more }
    'Start-LlmObsEmulator'   = { Start-LlmObsEmulator -ProfileName another -PassThru @more }
    'Stop-LlmObsEmulator'    = { Stop-LlmObsEmulator @more }
    'Write-LlmObsSummary'    = { Invoke-LlmObsAggregate | Write-LlmObsSummary @more }
}
