# Import-Csv | Send-LlmObsEvent: PowerShell reads the file, the module takes its objects.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'BaseUri', Justification = 'Every way takes it')]
param([string] $File, [string] $BaseUri)

Import-Csv $File | Send-LlmObsEvent -ExperimentId 5eed0000-0000-4000-8000-00000000be9c -ProjectId bench-project -DatasetId bench-dataset
