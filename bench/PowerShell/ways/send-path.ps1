# Send-LlmObsEvent -Path: the module reads the file.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'BaseUri', Justification = 'Every way takes it')]
param([string] $File, [string] $BaseUri)

Send-LlmObsEvent -ExperimentId bench -ProjectId bench-project -DatasetId bench-dataset -Path $File
