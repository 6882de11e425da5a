BeforeDiscovery {
    . $PSScriptRoot/Support/DocPages.ps1
    $docs = Join-Path (Split-Path (Split-Path $PSScriptRoot)) docs
    $pages = Get-ChildItem $docs -Filter *.md | Where-Object BaseName -Match '-|^about_' | ForEach-Object {
        @{ Page = $_.BaseName; Path = $_.FullName; Sections = @(Get-DocSection $_.FullName) }
    }
}

Describe 'The lines of docs/<Page>.md' -ForEach $pages {
    BeforeAll {
        . $PSScriptRoot/Support/DocPages.ps1
        $samples = Join-Path (Split-Path (Split-Path $PSScriptRoot)) samples/data
        $folder = Join-Path $TestDrive $Page
        [void](New-Item -ItemType Directory $folder)
        $script = Join-Path $PSScriptRoot Support/Invoke-DocPage.ps1
        $said = pwsh -NoProfile -NonInteractive -File $script -Page $Path -Manifest $env:LLMOBS_TEST_MANIFEST -Samples $samples -Folder $folder 2>&1 | Out-String -Width 4096
        $shown = @{}
        foreach ($part in $said -split '(?m)^<<<section ' | Select-Object -Skip 1) {
            $line, $rest = $part -split '>>>', 2
            $shown[[int] $line] = $rest
        }
    }

    It '<Heading>' -ForEach $Sections {
        $shown.Keys | Should -Contain $Line -Because "the page was run to its end: $said"
        $shown[$Line] | Should -Match '(?m)^<<<done>>>' -Because 'each line of an example runs without an error'
        $outputs = @(($shown[$Line] -replace '(?s)<<<done>>>.*') -split '(?m)^<<<block>>>\r?\n' | Select-Object -Skip 1)
        $outputs.Count | Should -Be $Blocks.Count
        for ($i = 0; $i -lt $Blocks.Count; $i++) {
            if ($null -ne $Blocks[$i].Output) {
                Test-DocOutput $Blocks[$i].Output $outputs[$i] | Should -BeTrue -Because "the page says`n$($Blocks[$i].Output)`nand it shows`n$($outputs[$i])"
            }
        }
    }
}
