# Dot-sourced while tests are discovered and while they run: the table that the conventions are checked against.
$cmdlets = @(Get-Command -Module LlmObs -CommandType Cmdlet)
$common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters

# Changes something, here or at the service. A New that calls nobody only builds an object in memory.
$writers = @($cmdlets | Where-Object {
        $_.Verb -in 'Add', 'Clear', 'Copy', 'Export', 'Import', 'Move', 'New', 'Remove', 'Rename', 'Restart', 'Restore', 'Resume', 'Save', 'Send', 'Set', 'Start', 'Stop', 'Update' -and
        -not ($_.Verb -eq 'New' -and -not $_.Parameters.ContainsKey('ProfileName')) -or $_.Name -eq 'Invoke-LlmObsExperiment'
    })

# One run of each cmdlet against the emulator, with an experiment that holds a span and a metric, a dataset with a record,
# and a spool with a request. $more brings -WhatIf and the like.
$runs = @{
    'Add-LlmObsDatasetRecord'    = { @{ input = 'why?' } | Add-LlmObsDatasetRecord -Dataset $dataset @more }
    'Compare-LlmObsExperiment'   = { Compare-LlmObsExperiment $experiment.Id $experiment @more }
    'Copy-LlmObsDataset'         = { $dataset | Copy-LlmObsDataset -NewName copy @more }
    'Export-LlmObsDataset'       = { $dataset | Export-LlmObsDataset -LiteralPath (Join-Path $folder export.csv) -PassThru @more }
    'Export-LlmObsReport'        = { Export-LlmObsReport $experiment -LiteralPath (Join-Path $folder report.html) -PassThru @more }
    'Find-LlmObsBaseline'        = { $experiment | Set-LlmObsExperiment -Status completed; Find-LlmObsBaseline $dataset.ProjectId $experiment.LogicalName @more }
    'Find-LlmObsExperiment'      = { Find-LlmObsExperiment @more }
    'Get-LlmObsConfig'           = { Get-LlmObsConfig @more }
    'Get-LlmObsDataset'          = { Get-LlmObsDataset -Project $dataset.ProjectId @more }
    'Get-LlmObsDatasetRecord'    = { $dataset | Get-LlmObsDatasetRecord @more }
    'Get-LlmObsDatasetVersion'   = { $dataset | Get-LlmObsDatasetVersion @more }
    'Get-LlmObsEmulator'         = { Get-LlmObsEmulator @more }
    'Get-LlmObsEvent'            = { $experiment | Get-LlmObsEvent @more }
    'Get-LlmObsExperiment'       = { Get-LlmObsExperiment -Id $experiment.Id @more }
    'Get-LlmObsProject'          = { Get-LlmObsProject -Id $dataset.ProjectId @more }
    'Invoke-LlmObsAggregate'     = { Invoke-LlmObsAggregate -GroupBy label @more }
    'Measure-LlmObsExperiment'   = { $experiment | Measure-LlmObsExperiment @more }
    'Invoke-LlmObsExperiment'    = { $dataset | Invoke-LlmObsExperiment run -Task { $_.Input } @more }
    'New-LlmObsEvaluation'       = { New-LlmObsEvaluation 1 @more }
    'New-LlmObsEvaluator'        = { New-LlmObsEvaluator -ExactMatch @more }
    'New-LlmObsTaskResult'       = { New-LlmObsTaskResult a @more }
    'New-LlmObsDataset'          = { New-LlmObsDataset another $dataset.ProjectId @more }
    'New-LlmObsExperiment'       = { New-LlmObsExperiment other $dataset.ProjectId @more }
    'New-LlmObsMetric'           = { New-LlmObsMetric s1 label -Score 1 @more }
    'New-LlmObsProject'          = { New-LlmObsProject another @more }
    'New-LlmObsSpan'             = { New-LlmObsSpan question @more }
    'Remove-LlmObsConfig'        = { Remove-LlmObsConfig spare @more }
    'Remove-LlmObsDataset'       = { $dataset | Remove-LlmObsDataset @more }
    'Remove-LlmObsDatasetRecord' = { $record | Remove-LlmObsDatasetRecord @more }
    'Remove-LlmObsExperiment'    = { $experiment | Remove-LlmObsExperiment @more }
    'Remove-LlmObsProject'       = { Remove-LlmObsProject $dataset.ProjectId @more }
    'Restore-LlmObsDataset'      = { $dataset | Restore-LlmObsDataset -Version 0 @more }
    'Resume-LlmObsEvent'         = { Resume-LlmObsEvent (Join-Path $folder spool) @more }
    'Resume-LlmObsExperiment'    = { Resume-LlmObsExperiment (Join-Path $folder run.jsonl) -Task { $_.Input } @more }
    'Send-LlmObsEvent'           = { New-LlmObsSpan question | Send-LlmObsEvent -Experiment $experiment @more }
    'Set-LlmObsConfig'           = { Set-LlmObsConfig spare -Site eu1 -PassThru @more }
    'Set-LlmObsDataset'          = { $dataset | Set-LlmObsDataset -Description new @more }
    'Set-LlmObsDatasetRecord'    = { $record | Set-LlmObsDatasetRecord -Input 'how?' @more }
    'Set-LlmObsExperiment'       = { $experiment | Set-LlmObsExperiment -Status completed @more }
    'Set-LlmObsProject'          = { Set-LlmObsProject $dataset.ProjectId -Description new @more }
    'Show-LlmObsReport'          = { Show-LlmObsReport -PassThru @more }
    'Start-LlmObsEmulator'       = { Start-LlmObsEmulator -ProfileName another -PassThru @more }
    'Stop-LlmObsEmulator'        = { Stop-LlmObsEmulator @more }
    'Test-LlmObsConnection'      = { Test-LlmObsConnection @more }
    'Write-LlmObsSummary'        = { Invoke-LlmObsAggregate | Write-LlmObsSummary @more }
}

# The number of objects of those that write more than one.
$outputCounts = @{ 'Compare-LlmObsExperiment' = 2; 'Get-LlmObsConfig' = 2; 'Get-LlmObsDatasetVersion' = 2; 'Measure-LlmObsExperiment' = 2 }

# The -WhatIf text of each that changes something: the request that it would send, or its action and target.
# {api}, {project} and so on stand for the address of the API and the ids of what the tests made.
$whatIf = @{
    'Add-LlmObsDatasetRecord'    = 'POST {api}/{project}/datasets/{dataset}/records {"data":{"type":"datasets","attributes":{"deduplicate":false,"records":[{"input":"why?"}]}}}'
    'Copy-LlmObsDataset'         = 'POST {api}/{project}/datasets/{dataset}/clone {"data":{"id":"{dataset}","type":"datasets","attributes":{"name":"copy"}}}'
    'Export-LlmObsDataset'       = 'Performing the operation "GET {api}/{project}/datasets/{dataset}/export?format=csv" on target "{folder}export.csv".'
    'Export-LlmObsReport'        = 'Performing the operation "Write report as Html" on target "{folder}report.html".'
    'Invoke-LlmObsExperiment'    = 'POST {api}/experiments {"data":{"type":"experiments","attributes":{"name":"run","project_id":"{project}","dataset_id":"{dataset}",*'
    'New-LlmObsDataset'          = 'POST {api}/{project}/datasets {"data":{"type":"datasets","attributes":{"name":"another"}}}'
    'New-LlmObsExperiment'       = 'POST {api}/experiments {"data":{"type":"experiments","attributes":{"name":"other","project_id":"{project}"}}}'
    'New-LlmObsProject'          = 'POST {api}/projects {"data":{"type":"projects","attributes":{"name":"another"}}}'
    'Remove-LlmObsConfig'        = 'Performing the operation "Remove" on target "profile ''spare''".'
    'Remove-LlmObsDataset'       = 'POST {api}/{project}/datasets/delete {"data":{"type":"datasets","attributes":{"dataset_ids":["{dataset}"]}}}'
    'Remove-LlmObsDatasetRecord' = 'POST {api}/{project}/datasets/{dataset}/batch_update {"data":{"id":"{dataset}","type":"datasets","attributes":{"delete_records":["{record}"]}}}'
    'Remove-LlmObsExperiment'    = 'POST {api}/experiments/delete {"data":{"type":"experiments","attributes":{"experiment_ids":["{experiment}"]}}}'
    'Remove-LlmObsProject'       = 'POST {api}/projects/delete {"data":{"type":"projects","attributes":{"project_ids":["{project}"]}}}'
    'Restore-LlmObsDataset'      = 'POST {api}/{project}/datasets/{dataset}/restore {"data":{"id":"{dataset}","type":"datasets","attributes":{"dataset_version":0}}}'
    'Resume-LlmObsEvent'         = 'Performing the operation "Send the rest" on target "run * of {folder}spool: 1 requests, and the unread rest of its files".'
    'Resume-LlmObsExperiment'    = 'experiment {run} *: run the rows that are missing beside 0 finished ones, and send 0 of those again'
    'Send-LlmObsEvent'           = 'POST {api}/experiments/{experiment}/events {"data":{"type":"events","attributes":{"spans":[{*"name":"question",*}]}}}'
    'Set-LlmObsConfig'           = 'Performing the operation "Set" on target "profile ''spare''".'
    'Set-LlmObsDataset'          = 'PATCH {api}/{project}/datasets/{dataset} {"data":{"type":"datasets","attributes":{"description":"new"}}}'
    'Set-LlmObsDatasetRecord'    = 'POST {api}/{project}/datasets/{dataset}/batch_update {"data":{"id":"{dataset}","type":"datasets","attributes":{"update_records":[{"id":"{record}","input":"how?"}],"create_new_version":true}}}'
    'Set-LlmObsExperiment'       = 'PATCH {api}/experiments/{experiment} {"data":{"type":"experiments","attributes":{"status":"completed"}}}'
    'Set-LlmObsProject'          = 'PATCH {api}/projects/{project} {"data":{"type":"projects","attributes":{"description":"new"}}}'
    'Start-LlmObsEmulator'       = 'Performing the operation "Start emulator" on target "loopback port of choice, profile ''another''".'
    'Stop-LlmObsEmulator'        = 'Performing the operation "Stop emulator" on target "{emulator}".'
}
