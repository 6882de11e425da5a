# Import-Csv | Out-Null: the cost of reading alone; the reference of the way above.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'BaseUri', Justification = 'Every way takes it')]
param([string] $File, [string] $BaseUri)

Import-Csv $File | Out-Null
