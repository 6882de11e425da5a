@{
    RootModule           = 'LlmObs.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = 'b4d9a7f2-6c1e-4b53-9a70-2f8e51c3d6a4'
    Author               = 'The LlmObs authors'
    CompanyName          = 'The LlmObs authors'
    Copyright            = '(c) 2026 The LlmObs authors. MIT licence.'
    Description          = 'Datadog LLM Observability experiments (Agent Observability, Offline Experiments) from PowerShell: create experiments, send spans and evaluation metrics from the pipeline, CSV and JSON, run evaluations, compare runs, gate builds. With an embedded emulator, so that a first try needs no account.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('Views/LlmObs.Format.ps1xml')
    TypesToProcess       = @('LlmObs.Types.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Add-LlmObsDatasetRecord'
        'Compare-LlmObsExperiment'
        'Copy-LlmObsDataset'
        'Export-LlmObsDataset'
        'Export-LlmObsReport'
        'Find-LlmObsBaseline'
        'Find-LlmObsExperiment'
        'Get-LlmObsConfig'
        'Get-LlmObsDataset'
        'Get-LlmObsDatasetRecord'
        'Get-LlmObsDatasetVersion'
        'Get-LlmObsEmulator'
        'Get-LlmObsEvent'
        'Get-LlmObsExperiment'
        'Get-LlmObsProject'
        'Invoke-LlmObsAggregate'
        'Invoke-LlmObsExperiment'
        'Measure-LlmObsExperiment'
        'New-LlmObsDataset'
        'New-LlmObsEvaluation'
        'New-LlmObsEvaluator'
        'New-LlmObsExperiment'
        'New-LlmObsMetric'
        'New-LlmObsProject'
        'New-LlmObsSpan'
        'New-LlmObsTaskResult'
        'Remove-LlmObsConfig'
        'Remove-LlmObsDataset'
        'Remove-LlmObsDatasetRecord'
        'Remove-LlmObsExperiment'
        'Remove-LlmObsProject'
        'Restore-LlmObsDataset'
        'Resume-LlmObsEvent'
        'Resume-LlmObsExperiment'
        'Send-LlmObsEvent'
        'Set-LlmObsConfig'
        'Set-LlmObsDataset'
        'Set-LlmObsDatasetRecord'
        'Set-LlmObsExperiment'
        'Set-LlmObsProject'
        'Show-LlmObsReport'
        'Start-LlmObsEmulator'
        'Stop-LlmObsEmulator'
        'Test-LlmObsConnection'
        'Write-LlmObsSummary'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('Datadog', 'LLM', 'Observability', 'AgentObservability', 'OfflineExperiments', 'Evaluation', 'Experiment', 'AI', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://www.powershellgallery.com/packages/LlmObs'
            ReleaseNotes = 'CHANGELOG.md beside this file says what each version brings.'
            Prerelease   = ''
        }
    }
}
