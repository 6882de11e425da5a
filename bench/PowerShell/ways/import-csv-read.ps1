# Import-Csv | Read-BenchObject: a compiled cmdlet that reads each property by PowerShell's public API.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'BaseUri', Justification = 'Every way takes it')]
param([string] $File, [string] $BaseUri)

Import-Csv $File | Read-BenchObject
