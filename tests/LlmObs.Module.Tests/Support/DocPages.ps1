# The content of docs/*.md for the tests: their sections with PowerShell lines, and the expected output.

function Get-DocPage {
    # One object for each page of help: its name and its sections.
    param([Parameter(Mandatory)] [string] $Docs)
    Get-ChildItem -LiteralPath $Docs -Filter *.md | Where-Object BaseName -Match '-|^about_' | Sort-Object Name | ForEach-Object {
        @{ Page = $_.BaseName; Sections = @(Get-DocSection $_.FullName) }
    }
}

function Get-DocSection {
    # One object for each section of a page that has PowerShell blocks: its place, its heading, its blocks.
    param([Parameter(Mandatory)] [string] $Path)
    $section = $null
    $block = $null
    $number = 0
    foreach ($line in Get-Content -LiteralPath $Path) {
        $number++
        if ($null -ne $block) {
            if ($line -match '^```\s*$') {
                if ($block.Language -eq 'powershell') {
                    $section.Blocks.Add([pscustomobject]@{ Code = $block.Lines -join "`n"; Output = $null })
                }
                elseif ($block.Language -eq 'output' -and $section.Blocks.Count) {
                    $section.Blocks[-1].Output = $block.Lines -join "`n"
                }

                $block = $null
            }
            else {
                $block.Lines.Add($line)
            }
        }
        elseif ($line -match '^```(\w*)') {
            $block = @{ Language = $Matches[1]; Lines = [System.Collections.Generic.List[string]]::new() }
        }
        elseif ($line -match '^#{2,3} (.+)$') {
            if ($section.Blocks.Count) { $section }
            $section = @{
                Page    = [IO.Path]::GetFileNameWithoutExtension($Path)
                Line    = $number
                Heading = $Matches[1]
                Blocks  = [System.Collections.Generic.List[object]]::new()
            }
        }
    }

    if ($section.Blocks.Count) { $section }
}

function ConvertTo-ComparableText {
    # Output without what differs from run to run and from screen to screen: ids, times, ports, widths, empty lines.
    param([string] $Text)
    $lines = $Text -split '\r?\n' | ForEach-Object {
        $line = $_ -replace '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '<id>'
        $line = $line -replace '\b([0-9a-f]{32}|[0-9a-f]{16})\b', '<id>' -replace '127\.0\.0\.1:\d+', '127.0.0.1:<port>'
        $line = $line -replace '-\d{13}\b', '-<ms>' -replace '\b\d{13}\b', '<ms>' -replace '\b\d{19}\b', '<ns>'
        $line = $line -replace '\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|[+-]\d\d:\d\d))?', '<time>' -replace '\b\d+\.\d+ s\b', '<s>'
        ($line -replace '-{2,}', '--' -replace '\s+', ' ').Trim()
    }
    ($lines | Where-Object { $_ }) -join "`n"
}

function Test-DocOutput {
    # True if output matches a page. A line of ... stands for any lines, ... within a line for anything in it.
    param([string] $Expected, [string] $Actual)
    $pattern = (ConvertTo-ComparableText $Expected) -split "`n" | ForEach-Object {
        if ($_ -eq '...') { '(.*\n)*?' } else { ([regex]::Escape($_) -replace '\\\.\\\.\\\.', '.*') + '\n' }
    }
    "$(ConvertTo-ComparableText $Actual)`n" -match "\A$(-join $pattern)\z"
}
