function Get-ReleaseNote {
    <#
    .SYNOPSIS
    The section of a changelog (Keep a Changelog) that is about a version; if that is not released yet, the section Unreleased.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Version)

    $sections = @{}
    $current = $null
    foreach ($line in Get-Content -LiteralPath $Path) {
        if ($line -match '^## \[(?<name>[^\]]+)\]') {
            $current = $sections[$Matches.name] = [System.Collections.Generic.List[string]]::new()
        } elseif ($null -ne $current) {
            $current.Add($line)
        }
    }

    $found = $sections[$Version] ?? $sections['Unreleased']
    if (-not ("$found".Trim())) {
        throw "$Path says nothing of version $Version, neither under [$Version] nor under [Unreleased]."
    }

    ($found -join "`n").Trim()
}
