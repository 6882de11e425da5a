BeforeDiscovery {
    . $PSScriptRoot/Support/DocPages.ps1
    $pages = Get-DocPage (Join-Path (Split-Path (Split-Path $PSScriptRoot)) docs)
}

BeforeAll {
    . $PSScriptRoot/Support/ShellUnderTest.ps1
    . $PSScriptRoot/Support/DocPages.ps1
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $folder = Join-Path $TestDrive pages
    [void](New-Item -ItemType Directory $folder)
    $arguments = '-Docs', (Join-Path $repository docs), '-Manifest', $env:LLMOBS_TEST_MANIFEST, '-Samples', (Join-Path $repository samples/data), '-Folder', $folder
    $said = pwsh -NoProfile -NonInteractive -File $PSScriptRoot/Support/Invoke-DocPage.ps1 @arguments 2>&1 | Out-String -Width 4096
    $shown = @{}
    foreach ($part in $said -split '(?m)^<<<section ' | Select-Object -Skip 1) {
        $place, $rest = $part -split '>>>', 2
        $shown[$place] = $rest
    }
}

Describe 'The lines of docs/<Page>.md' -ForEach $pages {
    It '<Heading>' -ForEach $Sections {
        $text = $shown["${Page}:$Line"]
        $text | Should -Match '(?m)^<<<done>>>' -Because 'each line runs, and shows no error'
        $outputs = @(($text -replace '(?s)<<<done>>>.*') -split '(?m)^<<<block>>>\r?\n' | Select-Object -Skip 1)
        $outputs.Count | Should -Be $Blocks.Count
        for ($i = 0; $i -lt $Blocks.Count; $i++) {
            if ($null -ne $Blocks[$i].Output) {
                Test-DocOutput $Blocks[$i].Output $outputs[$i] | Should -BeTrue -Because "the page says`n$($Blocks[$i].Output)`nand it shows`n$($outputs[$i])"
            }
        }
    }
}

Describe 'The comparison of outputs' {
    It 'sees what differs, and not what may' {
        Test-DocOutput "Name   Count`n----   -----`nfaq        3" "`nName Count`n---- -----`nfaq      3`n`n" | Should -BeTrue
        Test-DocOutput 'faq 3' 'faq 4' | Should -BeFalse
        Test-DocOutput "faq 3`nbot 4" 'faq 3' | Should -BeFalse
        Test-DocOutput 'faq 3' "faq 3`nbot 4" | Should -BeFalse
        Test-DocOutput "faq 3`n..." "faq 3`nbot 4" | Should -BeTrue
        Test-DocOutput 'took ... in all' 'took 3 s in all' | Should -BeTrue
        Test-DocOutput 'http://127.0.0.1:41234/ 5ce20a29-bbd1-4a59-8f58-6ea3f4fbf0f5' 'http://127.0.0.1:50000/ 00000000-bbd1-4a59-8f58-6ea3f4fbf0f5' | Should -BeTrue
    }
}
