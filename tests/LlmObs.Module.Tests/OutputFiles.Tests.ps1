BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
}

Describe 'Export-LlmObsDataset' {
    BeforeEach {
        Start-LlmObsEmulator
        $null = New-LlmObsProject support-bot
        $faq = New-LlmObsDataset faq -Project support-bot
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive "out-$([guid]::NewGuid().ToString('N').Substring(0, 6))")
    }
    AfterEach { Clear-Session }

    It 'writes through a link, and leaves it one' {
        $target = Join-Path $folder target.csv
        'old' | Set-Content $target
        $link = (New-Item -ItemType SymbolicLink -Path (Join-Path $folder link.csv) -Target $target).FullName
        Export-LlmObsDataset $faq $link
        (Get-Item $link).LinkTarget | Should -Be $target
        Get-Content $target -Raw | Should -BeLike 'id,input,*'
        Remove-Item $target
        Export-LlmObsDataset $faq $link # one that leads nowhere yet
        (Get-Item $link).LinkTarget | Should -Be $target
        Get-Content $target -Raw | Should -BeLike 'id,input,*'
        @(Get-ChildItem $folder).Count | Should -Be 2
    }

    # A pipe represents everything that is not a file: a test that fails must not cost a machine its /dev/null.
    It 'replaces no device and no pipe, and does not wait for one: <name>' -Skip:$IsWindows -ForEach @(
        @{ name = 'a pipe'; make = { param($path) mkfifo $path }; kind = 'NamedPipe' }
        @{ name = 'a link to a pipe'; make = { param($path) mkfifo "$path.pipe"; New-Item -ItemType SymbolicLink -Path $path -Target "$path.pipe" }; kind = 'SymbolicLink' }
    ) {
        $path = Join-Path $folder 'odd.csv'
        & $make $path | Out-Null
        Export-LlmObsDataset $faq $path -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnwritableFile,*'
        "$($problem[0])" | Should -Match 'device or a pipe'
        (Get-Item $path).UnixStat.ItemType | Should -Be $kind
        @(Get-ChildItem $folder | Where-Object { $_.UnixStat.ItemType -notin 'NamedPipe', 'SymbolicLink' }).Count | Should -Be 0
    }

    It 'keeps the mode of a file that it writes over: <mode>' -Skip:$IsWindows -ForEach @(
        @{ mode = '0600'; shown = '-rw-------' }
        @{ mode = '0660'; shown = '-rw-rw----' }
    ) {
        $file = Join-Path $folder mine.csv
        'old' | Set-Content $file
        chmod $mode $file
        Export-LlmObsDataset $faq $file
        Get-Content $file -Raw | Should -BeLike 'id,input,*'
        (Get-Item $file).UnixMode | Should -Be $shown
    }

    It 'says that a folder is no file' {
        Export-LlmObsDataset $faq $folder -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnwritableFile,*'
        "$($problem[0])" | Should -Match 'folder'
    }
}

Describe 'The temporary file of an upload' {
    BeforeEach {
        $temporary = New-Item -ItemType Directory (Join-Path $TestDrive "tmp-$([guid]::NewGuid().ToString('N').Substring(0, 6))")
        $before = $env:TMPDIR, $env:TEMP, $env:TMP
        $env:TMPDIR = $env:TEMP = $env:TMP = $temporary
        $records = 1..50 | ForEach-Object { [pscustomobject]@{ input = "question, `"$_`""; expected_output = @{ n = $_; list = 1, 'two' }; tags = @("n:$_"); id = "r$_" } }
    }
    AfterEach {
        $env:TMPDIR, $env:TEMP, $env:TMP = $before
        Clear-Session
    }

    It 'has no name while it is sent, so that nothing can read it or leave it behind' -Skip:$IsWindows {
        Start-LlmObsEmulator
        $null = New-LlmObsProject support-bot
        $null = New-LlmObsDataset faq -Project support-bot
        $seen = [System.Collections.Generic.List[int]]::new()
        $result = $records | Add-LlmObsDatasetRecord -Dataset faq -Project support-bot -UploadThreshold 100 -Verbose 4>&1 | ForEach-Object {
            # The attempt is reported while the file is open.
            if ($_ -is [System.Management.Automation.VerboseRecord]) { if ("$_" -like '*upload*') { $seen.Add(@(Get-ChildItem $temporary -Force).Count) } } else { $_ }
        }
        $seen | Should -Be 0 -Because 'it is one attempt'
        $result.CreatedCount | Should -Be 50
        $result.IsUpload | Should -BeTrue
    }

    It 'that can''t be made is an error that gives the records back, and nothing is sent' {
        $env:TMPDIR = $env:TEMP = $env:TMP = Join-Path $temporary 'not there'
        $problem = $null
        Start-LlmObsEmulator
        $null = New-LlmObsProject support-bot
        $faq = New-LlmObsDataset faq -Project support-bot
        try { $records | Add-LlmObsDatasetRecord -Dataset $faq -UploadThreshold 100 } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'UnwritableFile,*'
        "$problem" | Should -Match 'temporary file.*not there'
        $problem.TargetObject.Count | Should -Be 1 -Because 'it ends at the first record'
        ($problem.TargetObject[0] | ConvertFrom-Json).id | Should -Be 'r1'
        $faq | Get-LlmObsDatasetRecord | Should -BeNullOrEmpty
    }
}

Describe 'A failed upload' {
    AfterEach { Clear-Session }

    It 'gives its records back, and these can be added again' {
        Start-LlmObsEmulator -Fault @{ On = '/upload'; Status = 403; Count = 1 }
        $null = New-LlmObsProject support-bot
        $faq = New-LlmObsDataset faq -Project support-bot
        $odd = "a `"quoted`", comma`r`nand lines — ü", @{ x = @(1, 2.5, $null, 'y,z') }, 17
        $records = $odd + (1..200) | ForEach-Object { [pscustomobject]@{ input = $_; expected_output = "e$_" } }
        $result = $records | Add-LlmObsDatasetRecord -Dataset $faq -UploadThreshold 100 -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.FailedCount | Should -Be 203
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Forbidden,*'
        $problem[0].TargetObject.Count | Should -Be 203
        ($problem[0].TargetObject | Add-LlmObsDatasetRecord -Dataset $faq).CreatedCount | Should -Be 203
        $stored = $faq | Get-LlmObsDatasetRecord | ForEach-Object { $_.Input | ConvertTo-Json -Compress -Depth 5 } | Sort-Object
        $meant = $records.input | ForEach-Object { $_ | ConvertTo-Json -Compress -Depth 5 } | Sort-Object
        Compare-Object $stored $meant | Should -BeNullOrEmpty
    }
}
