# Get-Content | Send-LlmObsEvent: lines of JSON from the pipeline.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'BaseUri', Justification = 'Every way takes it')]
param([string] $File, [string] $BaseUri)

Get-Content $File | Send-LlmObsEvent -ExperimentId bench -ProjectId bench-project -DatasetId bench-dataset
