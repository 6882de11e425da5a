BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $assembled = Split-Path $env:LLMOBS_TEST_MANIFEST
    $manifest = Import-PowerShellDataFile $env:LLMOBS_TEST_MANIFEST
    $version = $manifest.ModuleVersion

    $feed = (New-Item -ItemType Directory (Join-Path $TestDrive feed)).FullName
    $said = pwsh -NoProfile -NonInteractive -File (Join-Path $repository build.ps1) -Task Package -NoBuild -Destination $feed 2>&1 | Out-String
    $packed = $LASTEXITCODE
    $package = Join-Path $feed "LlmObs.$version.nupkg"

    # Like the gallery's client: unpacks, and leaves out the parts that belong to the package instead of the module.
    $modules = (New-Item -ItemType Directory (Join-Path $TestDrive 'module path')).FullName
    $unpacked = Join-Path $TestDrive unpacked
    $installed = Join-Path $modules LlmObs $version
    if ($packed -eq 0) {
        [IO.Compression.ZipFile]::ExtractToDirectory($package, $unpacked)
        [void](New-Item -ItemType Directory (Split-Path $installed))
        Copy-Item -LiteralPath $unpacked $installed -Recurse
        foreach ($part in '_rels', 'package', '[Content_Types].xml', 'LlmObs.nuspec') {
            Remove-Item -LiteralPath (Join-Path $installed $part) -Recurse -Force
        }
        $metadata = ([xml](Get-Content -LiteralPath (Join-Path $unpacked LlmObs.nuspec) -Raw)).package.metadata
    }

    function Get-RelativeFile([string] $folder) {
        Get-ChildItem -LiteralPath $folder -Recurse -File -Force | ForEach-Object { [IO.Path]::GetRelativePath($folder, $_.FullName).Replace('\', '/') } | Sort-Object
    }

    # A PowerShell that finds modules in the new path and its own only, in a folder without the repository.
    function Invoke-Installed([string] $script) {
        $before = $env:PSModulePath
        $place = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        Push-Location $place
        try {
            # pwsh puts its own folders behind; the user's, which may hold another LlmObs, are taken out.
            $file = Join-Path $place script.ps1
            Set-Content $file "`$env:PSModulePath = '$modules', (Join-Path `$PSHOME Modules) -join [IO.Path]::PathSeparator; `$ErrorActionPreference = 'stop'`n$script"
            $said = pwsh -NoProfile -NonInteractive -File $file 2>&1 | Out-String -Width 200
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Said = $said; Folder = $place }
        } finally {
            Pop-Location
            $env:PSModulePath = $before
        }
    }
}

Describe './build.ps1 -Task Package' {
    It 'makes one package, named as the gallery names it' {
        $packed | Should -Be 0 -Because $said
        (Get-ChildItem $feed).Name | Should -Be "LlmObs.$version.nupkg"
    }

    It 'warns if it holds no code compiled for a runtime of hosted agents' {
        $missing = @('linux-x64', 'win-x64').Where{ -not (Test-Path (Join-Path $assembled "deps/$_")) }
        foreach ($runtime in $missing) {
            $said | Should -Match "WARNING: The package holds no code compiled for .*\b$runtime\b"
        }
        ($said -match 'holds no code compiled') | Should -Be ($missing.Count -gt 0)
    }

    It 'puts every file of the assembled module into it, as it is, and nothing else' {
        Get-RelativeFile $installed | Should -Be (Get-RelativeFile $assembled)
        foreach ($file in Get-RelativeFile $assembled) {
            (Get-FileHash -LiteralPath (Join-Path $installed $file)).Hash | Should -Be (Get-FileHash -LiteralPath (Join-Path $assembled $file)).Hash -Because $file
        }
        Get-RelativeFile $installed | Should -Not -Match '\.(pdb|deps\.json|runtimeconfig\.json)$|^(tests|src|obj)/'
        'LICENSE', 'CHANGELOG.md', 'ThirdPartyNotices.txt', 'LlmObs.psd1', 'Views/LlmObs.Format.ps1xml', 'LlmObs.Types.ps1xml', 'samples/data/evaluation.csv' | Should -BeIn (Get-RelativeFile $installed)
    }

    It 'has a nuspec that says what the manifest says' {
        $listed = $manifest.PrivateData.PSData
        $metadata.id | Should -BeExactly 'LlmObs'
        $metadata.version | Should -BeExactly $version
        $metadata.authors | Should -BeExactly $manifest.Author
        $metadata.owners | Should -BeExactly $manifest.CompanyName
        $metadata.description | Should -BeExactly $manifest.Description
        $metadata.copyright | Should -BeExactly $manifest.Copyright
        $metadata.licenseUrl | Should -BeExactly $listed.LicenseUri
        $metadata.projectUrl | Should -BeExactly $listed.ProjectUri
        $metadata.requireLicenseAcceptance | Should -BeExactly 'false'
        $metadata.dependencies | Should -BeNullOrEmpty -Because 'the module needs no other'
    }

    It 'has the tags that Find-PSResource looks for' {
        $tags = $metadata.tags -split ' '
        $tags | Should -Be ($tags | Select-Object -Unique)
        foreach ($tag in @('PSModule', 'PSIncludes_Cmdlet') + $manifest.PrivateData.PSData.Tags) { $tags | Should -Contain $tag }
        foreach ($name in (Get-Module LlmObs).ExportedCmdlets.Keys) { "PSCmdlet_$name", "PSCommand_$name" | Should -BeIn $tags }
        $metadata.tags.Length | Should -BeLessOrEqual 4000 -Because 'the gallery takes no more'
    }

    It 'has release notes, which are the changelog''s of this version' {
        $notes = $metadata.releaseNotes
        $notes | Should -Match '(?m)^### Added'
        $changes = (Get-Content (Join-Path $repository CHANGELOG.md) -Raw).Replace("`r`n", "`n")
        $changes.Contains($notes.Replace("`r`n", "`n")) | Should -BeTrue
        $notes | Should -Not -Match '(?m)^## '
        $notes.Length | Should -BeLessThan 35000 -Because 'the gallery takes no more'
    }

    It 'is a package as the packaging conventions want it: every part has a type, and the root leads to the nuspec' {
        $types = [xml](Get-Content -LiteralPath (Join-Path $unpacked '[Content_Types].xml') -Raw)
        $known = $types.Types.Default.Extension
        $named = $types.Types.Override.PartName
        foreach ($file in Get-RelativeFile $unpacked | Where-Object { $_ -ne '[Content_Types].xml' }) {
            [IO.Path]::GetExtension($file).TrimStart('.') -in $known -or "/$file" -in $named | Should -BeTrue -Because $file
        }
        $rels = [xml](Get-Content -LiteralPath (Join-Path $unpacked _rels .rels) -Raw)
        ($rels.Relationships.Relationship | Where-Object Type -Like '*/packaging/2010/07/manifest').Target | Should -Be '/LlmObs.nuspec'
        Add-Type -AssemblyName System.IO.Packaging
        $opened = [System.IO.Packaging.Package]::Open($package, 'Open', 'Read')
        try { $opened.PartExists('/LlmObs.psd1') | Should -BeTrue } finally { $opened.Close() }
    }

    It 'refuses a manifest that the gallery would refuse' {
        $broken = Join-Path $TestDrive broken
        Copy-Item $assembled $broken -Recurse
        $file = Join-Path $broken LlmObs.psd1
        (Get-Content $file -Raw) -replace "(?m)^\s+LicenseUri.*$" | Set-Content $file
        $said = pwsh -NoProfile -NonInteractive -File (Join-Path $repository tools/package/New-ModulePackage.ps1) -ModuleFolder $broken -Destination (Join-Path $TestDrive refused) 2>&1 | Out-String
        $LASTEXITCODE | Should -Be 1
        $said | Should -Match 'licenseUrl'
        Join-Path $TestDrive refused | Should -Not -Exist
    }
}

Describe 'The package in an empty module path' {
    It 'is found by its name, with its version and its cmdlets' {
        $run = Invoke-Installed "
            `$found = @(Get-Module LlmObs -ListAvailable); `$found.Count; `$found[0].Version.ToString(); `$found[0].ModuleBase
            (Test-ModuleManifest (Join-Path `$found[0].ModuleBase LlmObs.psd1)).ExportedCmdlets.Count"
        $run.ExitCode | Should -Be 0 -Because $run.Said
        $run.Said.Trim() -split '\r?\n' | Should -Be @('1', $version, $installed, $manifest.CmdletsToExport.Count)
    }

    It 'loads at the first cmdlet, with help and views' {
        $run = Invoke-Installed "
            Start-LlmObsEmulator -AllowUnknownId; (Get-Module LlmObs).ModuleBase
            (Get-Help New-LlmObsExperiment).Synopsis
            (Get-Help about_LlmObs_CI).Length -gt 500
            New-LlmObsExperiment n -ProjectId p | Out-String"
        $run.ExitCode | Should -Be 0 -Because $run.Said
        $run.Said | Should -Match ([regex]::Escape($installed))
        $run.Said | Should -Match 'Creates an experiment\.\s+True'
        $run.Said | Should -Match 'Id\s+Name\s+Status\s+Created'
    }

    It 'runs the quickstart' {
        $samples = Join-Path $TestDrive samples
        [void](New-Item -ItemType Directory $samples)
        Copy-Item (Join-Path $repository samples/quickstart.ps1) $samples
        Copy-Item (Join-Path $repository samples/data) $samples -Recurse
        $result = Join-Path $TestDrive result.json
        $run = Invoke-Installed "& '$samples/quickstart.ps1' -ModulePath LlmObs -ReportPath '$TestDrive/report.html' -ResultPath '$result'; (Get-Module LlmObs).ModuleBase"
        $run.ExitCode | Should -Be 0 -Because $run.Said
        $run.Said.Trim() | Should -BeLike "*$installed"
        $run.Said | Should -Match 'The report: .*report\.html'
        Get-Content "$TestDrive/report.html" -TotalCount 1 | Should -Be '<!DOCTYPE html>'
        $summary = Get-Content $result -Raw | ConvertFrom-Json
        $summary.spans | Should -BeGreaterThan 200
        $summary.metrics | Should -BeGreaterThan 400
        [Math]::Round($summary.averages.faithfulness, 6) | Should -Be 0.850529
    }

    It 'is taken by the gallery''s own client' {
        $target = (New-Item -ItemType Directory (Join-Path $TestDrive saved)).FullName
        $name = "LlmObsTest$([guid]::NewGuid().ToString('N'))"
        Register-PSResourceRepository -Name $name -Uri $feed -Trusted
        try {
            (Find-PSResource LlmObs -Repository $name).Version.ToString() | Should -Be $version
            Save-PSResource LlmObs -Repository $name -Path $target
        } finally { Unregister-PSResourceRepository $name }
        Get-RelativeFile (Join-Path $target LlmObs $version) | Where-Object { $_ -notlike 'PSGetModuleInfo.xml' -and $_ -notlike '*.nuspec' } | Should -Be (Get-RelativeFile $installed)
    }
}

Describe 'The manifest' {
    It 'is complete' {
        $tested = Test-ModuleManifest $env:LLMOBS_TEST_MANIFEST -WarningAction SilentlyContinue -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        $listed = $tested.PrivateData.PSData
        $listed.Tags.Count | Should -BeGreaterThan 5
        foreach ($system in 'Windows', 'Linux', 'MacOS', 'PSEdition_Core') { $listed.Tags | Should -Contain $system }
        foreach ($uri in $listed.LicenseUri, $listed.ProjectUri) { ([uri]$uri).Scheme | Should -Be 'https' }
        $listed.ReleaseNotes | Should -Not -BeNullOrEmpty
        foreach ($text in $tested.Author, $tested.CompanyName, $tested.Copyright, $tested.Description) { $text | Should -Not -BeNullOrEmpty }
        $tested.Guid | Should -Not -Be ([guid]::Empty)
    }

    It 'exports by name, so that commands are found without loading the module' {
        foreach ($kind in 'CmdletsToExport', 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport') {
            $manifest.ContainsKey($kind) | Should -BeTrue -Because $kind
            $manifest[$kind] | Should -Not -Match '\*'
        }
        $manifest.CmdletsToExport | Should -Be ($manifest.CmdletsToExport | Sort-Object)
    }

    It 'names the files that it brings' {
        foreach ($file in @($manifest.RootModule) + $manifest.FormatsToProcess + $manifest.TypesToProcess) { Join-Path $assembled $file | Should -Exist }
    }
}

Describe 'CHANGELOG.md' {
    BeforeAll { $lines = Get-Content (Join-Path $repository CHANGELOG.md) }

    It 'is in the form of Keep a Changelog' {
        $lines[0] | Should -BeExactly '# Changelog'
        $lines -join ' ' | Should -Match 'keepachangelog\.com'
        $headings = @($lines -match '^## ')
        $headings[0] | Should -Match '^## \[(Unreleased\]|\d)'
        foreach ($heading in $headings) { $heading | Should -Match '^## \[(Unreleased\]|\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?\] - \d{4}-\d\d-\d\d)$' }
        foreach ($heading in $lines -match '^### ') { $heading | Should -BeIn @('Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security' | ForEach-Object { "### $_" }) }
        ($lines -match '^#{4,} ') | Should -BeNullOrEmpty
    }

    It 'has each kind of change once a version, and no kind without a change' {
        $kinds = @()
        for ($i = 0; $i -lt $lines.Count; $i++) {
            if ($lines[$i] -match '^## ') { $kinds = @() }
            if ($lines[$i] -match '^### ') {
                $lines[$i] | Should -Not -BeIn $kinds
                $kinds += $lines[$i]
                ($lines | Select-Object -Skip ($i + 1) | Where-Object { $_ } | Select-Object -First 1) | Should -Match '^- '
            }
        }
    }

    It 'tells of the version that the manifest names, or of what is not released yet' {
        ($lines -match "^## \[($([regex]::Escape($version))|Unreleased)\]") | Should -Not -BeNullOrEmpty
    }
}
