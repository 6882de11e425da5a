# A call of each cmdlet that talks to the service, by its name: one request each. @common is the caller's; ids are given, so that
# nothing has to be looked up, and what a cmdlet writes to goes to $Folder.
$projectId = '00000000-0000-4000-8000-000000000001'
$dataset = @{ Dataset = '00000000-0000-4000-8000-000000000002'; Project = $projectId }
[ordered]@{
    'New-LlmObsExperiment'       = { New-LlmObsExperiment -Name n -ProjectId p -Metadata @{ a = 1 } @common }
    'Set-LlmObsExperiment'       = { Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed @common }
    'Get-LlmObsExperiment'       = { Get-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 @common }
    'Find-LlmObsExperiment'      = { Find-LlmObsExperiment faq @common }
    'Find-LlmObsBaseline'        = { Find-LlmObsBaseline $projectId n @common }
    'Compare-LlmObsExperiment'   = { Compare-LlmObsExperiment e1000000-0000-4000-8000-000000000000 e2000000-0000-4000-8000-000000000000 @common }
    'Measure-LlmObsExperiment'   = { Measure-LlmObsExperiment e1000000-0000-4000-8000-000000000000 @common }
    'Remove-LlmObsExperiment'    = { Remove-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Confirm:$false @common }
    'Send-LlmObsEvent'           = { @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 @common }
    'Get-LlmObsEvent'            = { Get-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 @common }
    'Invoke-LlmObsAggregate'     = { Invoke-LlmObsAggregate -GroupBy label @common }
    'Get-LlmObsProject'          = { Get-LlmObsProject @common }
    'New-LlmObsProject'          = { New-LlmObsProject n @common }
    'Set-LlmObsProject'          = { Set-LlmObsProject $projectId -Name n @common }
    'Remove-LlmObsProject'       = { Remove-LlmObsProject $projectId -Confirm:$false @common }
    'Get-LlmObsDataset'          = { Get-LlmObsDataset -Project $projectId @common }
    'New-LlmObsDataset'          = { New-LlmObsDataset n -Project $projectId @common }
    'Set-LlmObsDataset'          = { Set-LlmObsDataset @dataset -Name n @common }
    'Remove-LlmObsDataset'       = { Remove-LlmObsDataset @dataset -Confirm:$false @common }
    'Copy-LlmObsDataset'         = { Copy-LlmObsDataset @dataset -NewName n @common }
    'Restore-LlmObsDataset'      = { Restore-LlmObsDataset @dataset -Version 1 @common }
    'Export-LlmObsReport'        = { Export-LlmObsReport e1000000-0000-4000-8000-000000000000 -Path (Join-Path $Folder report.html) @common }
    'Export-LlmObsDataset'       = { Export-LlmObsDataset @dataset -Path (Join-Path $Folder export.csv) @common }
    'Get-LlmObsDatasetVersion'   = { Get-LlmObsDatasetVersion @dataset @common }
    'Get-LlmObsDatasetRecord'    = { Get-LlmObsDatasetRecord @dataset @common }
    'Add-LlmObsDatasetRecord'    = { @{ input = 'a' } | Add-LlmObsDatasetRecord @dataset @common }
    'Set-LlmObsDatasetRecord'    = { Set-LlmObsDatasetRecord -Id r1 @dataset -Input a @common }
    'Remove-LlmObsDatasetRecord' = { Remove-LlmObsDatasetRecord -Id r1 @dataset -Confirm:$false @common }
    # Looks for the dataset's version as well: two requests.
    'Invoke-LlmObsExperiment'    = { Invoke-LlmObsExperiment n @dataset -Task { 1 } @common }
    'Resume-LlmObsExperiment'    = {
        Set-Content (Join-Path $Folder run.jsonl) ('{"type":"run","version":1,"experiment_id":"e1000000-0000-4000-8000-000000000000","name":"n","project_id":"' + $projectId + '","dataset_id":"' + $dataset.Dataset + '"}')
        Resume-LlmObsExperiment -ResultPath (Join-Path $Folder run.jsonl) -Task { 1 } @common
    }
    'Test-LlmObsConnection'      = { Test-LlmObsConnection @common }
}
