# Get-Content | Send-LlmObsEvent: lines of JSON from the pipeline.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'BaseUri', Justification = 'Every way takes it')]
param([string] $File, [string] $BaseUri)

Get-Content $File | Send-LlmObsEvent -ExperimentId 5eed0000-0000-4000-8000-00000000be9c -ProjectId bench-project -DatasetId bench-dataset
