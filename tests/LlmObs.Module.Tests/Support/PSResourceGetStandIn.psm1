# Stands in for the gallery's client on a machine whose tests contact nobody: the feed "has" the module under test.
function Install-PSResource {
    param([Parameter(Mandatory, Position = 0)] [string] $Name, [string] $Repository, [switch] $TrustRepository)
    if (-not $TrustRepository) { throw 'An untrusted repository would be asked about, and nobody is there to answer.' }
    if ($Repository -ne $env:LLMOBS_TEST_FEED) { throw "There is no repository '$Repository'." }
    $source = Split-Path $env:LLMOBS_TEST_MANIFEST
    $target = Join-Path ($env:PSModulePath -split [IO.Path]::PathSeparator)[0] $Name (Split-Path $source -Leaf)
    [void](New-Item -ItemType Directory $target -Force)
    Copy-Item (Join-Path $source '*') $target -Recurse -Force
}
