# Send-LlmObsEvent -Path: the module reads the file.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'BaseUri', Justification = 'Every way takes it')]
param([string] $File, [string] $BaseUri)

Send-LlmObsEvent -ExperimentId 5eed0000-0000-4000-8000-00000000be9c -ProjectId bench-project -DatasetId bench-dataset -Path $File
