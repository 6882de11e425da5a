# Import-Csv | Skip-BenchObject: a compiled cmdlet that does nothing.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'BaseUri', Justification = 'Every way takes it')]
param([string] $File, [string] $BaseUri)

Import-Csv $File | Skip-BenchObject
