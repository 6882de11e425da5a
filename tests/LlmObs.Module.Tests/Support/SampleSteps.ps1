# Dot-sourced by the Pester files about samples: the part of a pipeline's YAML that an agent reads.

# The script blocks of a pipeline, each without its indentation.
function Get-Step([string] $yaml, [string] $block) {
    [regex]::Matches($yaml, "(?m)^( *)${block}: \|\n((?:\1 +.*\n|\n)+)") | ForEach-Object {
        $lines = $_.Groups[2].Value.TrimEnd() -split "`n"
        $depth = [regex]::Match($lines[0], '^ *').Length
        ($lines | ForEach-Object { $_.Length -ge $depth ? $_.Substring($depth) : '' }) -join "`n"
    }
}

# "NAME: value" below the words that begin a mapping.
function Get-Mapping([string] $yaml, [string] $word) {
    $found = @{}
    foreach ($match in [regex]::Matches($yaml, "(?m)^( *)${word}:(?: #.*)?\n((?:\1  +\S.*\n)+)")) {
        foreach ($line in $match.Groups[2].Value -split "`n" | Where-Object { $_.Trim() }) {
            $name, $value = $line.Trim() -split ':\s+', 2
            $found[$name] = $value -replace '\s+#.*'
        }
    }
    $found
}
