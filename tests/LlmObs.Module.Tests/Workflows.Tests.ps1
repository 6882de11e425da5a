BeforeDiscovery {
    $folder = Join-Path (Split-Path (Split-Path $PSScriptRoot)) .github workflows
    $workflows = @(Get-ChildItem $folder -Filter *.yml | ForEach-Object { @{ name = $_.Name; text = (Get-Content $_ -Raw).Replace("`r`n", "`n") } })
}

BeforeAll {
    . $PSScriptRoot/Support/ShellUnderTest.ps1
    $repository = Split-Path (Split-Path $PSScriptRoot)

    # The one-line commands of a workflow.
    function Get-CommandLine([string] $text) { [regex]::Matches($text, '(?m)^\s+- run: (.+)$') | ForEach-Object { $_.Groups[1].Value } }

    # The cmdlet or script of the repository that a line of PowerShell calls, with the names of its parameters.
    function Assert-Call([string] $line) {
        $problems = $null
        $tree = [System.Management.Automation.Language.Parser]::ParseInput($line, [ref] $null, [ref] $problems)
        $problems | Should -BeNullOrEmpty
        foreach ($call in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
            $name = $call.GetCommandName()
            $command = Get-Command ($name -like '*.ps1' ? (Join-Path $repository $name) : $name) -ErrorAction Stop
            foreach ($parameter in $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                $parameter.ParameterName | Should -BeIn $command.Parameters.Keys -Because $line
            }
        }
    }
}

Describe '.github/workflows/<name>' -ForEach $workflows {
    It 'runs only what exists' {
        foreach ($line in Get-CommandLine $text) {
            switch -Regex ($line) {
                '^dotnet run --project (\S+)$' { Join-Path $repository $Matches[1] | Should -Exist; break }
                '^dotnet test (\S+)$' { Join-Path $repository $Matches[1] | Should -Exist; break }
                '^dotnet tool restore$' { break }
                '^dotnet pwsh -NoProfile -Command "(.+)"$' { Assert-Call $Matches[1]; break }
                '^dotnet pwsh -NoProfile -File (.+)$' { Assert-Call $Matches[1]; break }
                default { throw "What is '$line'?" }
            }
        }
    }

    It 'asks build.ps1 for tasks that it has' {
        $tasks = (Get-Command (Join-Path $repository build.ps1)).Parameters['Task'].Attributes.ValidValues
        foreach ($match in [regex]::Matches($text, 'build\.ps1 -Task (\w+)')) { $match.Groups[1].Value | Should -BeIn $tasks }
    }

    It 'uses workflows that exist, and actions of a fixed version' {
        foreach ($match in [regex]::Matches($text, '(?m)^\s+(?:- )?uses: (\S+)$')) {
            $used = $match.Groups[1].Value
            if ($used -like './*') { Join-Path $repository $used | Should -Exist } else { $used | Should -Match '^actions/[a-z-]+@v\d+$' }
        }
        [regex]::Matches($text, 'global-json-file: (\S+)') | ForEach-Object { Join-Path $repository $_.Groups[1].Value | Should -Exist }
    }

    It 'needs jobs that it has, and gives secrets to env only' {
        foreach ($match in [regex]::Matches($text, '(?m)^\s+needs: (\w+)$')) { $text | Should -Match "(?m)^  $($match.Groups[1].Value):$" }
        foreach ($match in [regex]::Matches($text, '(?m)^.*\$\{\{ secrets\..*$')) { $match.Value | Should -Match '^\s+[A-Z_]+: \$\{\{ secrets\.[A-Z_]+ \}\}$' }
    }
}

Describe 'The workflows' {
    It 'run the commands of README and CONTRIBUTING on three systems, and keep the package' {
        $ci = Get-Content (Join-Path $repository .github/workflows/ci.yml) -Raw
        $readme = (Get-Content (Join-Path $repository README.md) -Raw) + (Get-Content (Join-Path $repository CONTRIBUTING.md) -Raw)
        $commands = [regex]::Matches($readme.Replace("`r`n", "`n"), '(?m)^```shell\n(dotnet (?:run|test) .+)\n```') | ForEach-Object { $_.Groups[1].Value }
        $commands.Count | Should -Be 2
        foreach ($command in $commands) { Get-CommandLine $ci | Should -Contain $command }
        $ci | Should -Match 'os: \[ubuntu-latest, windows-latest, macos-latest\]'
        $release = Get-Content (Join-Path $repository .github/workflows/release.yml) -Raw
        foreach ($text in $ci, $release) { [regex]::Match($text, '(?:upload|download)-artifact@v4\s+with:\s+name: (\w+)').Groups[1].Value | Should -BeExactly package }
    }
}

Describe 'A release' {
    BeforeAll {
        $publish = Join-Path $repository tools/package/Publish-ModulePackage.ps1
        $version = (Import-PowerShellDataFile (Join-Path $repository LlmObs.psd1)).ModuleVersion
        function Get-Said([hashtable] $arguments, [string] $key = 'fake-gallery-key-000000001234') {
            $before = $env:GALLERY_API_KEY
            $env:GALLERY_API_KEY = $key
            try { & $publish @arguments *>&1 | Out-String } catch { "$_" } finally { $env:GALLERY_API_KEY = $before }
        }
    }

    It 'is refused if the tag, the package or the key is not there or another' {
        Get-Said @{ Folder = $TestDrive; Tag = 'v99.0.0' } | Should -Match "'v99\.0\.0'.*names version $version"
        Get-Said @{ Folder = $TestDrive; Tag = "v$version" } | Should -Match 'There is no .*build\.ps1 -Task Package'
        Set-Content (Join-Path $TestDrive "LlmObs.$version.nupkg") package
        Get-Said @{ Folder = $TestDrive; Tag = "v$version" } '' | Should -Match 'GALLERY_API_KEY is not set'
    }

    It 'is published by the gallery''s own client, here to a folder' {
        $feed = (New-Item -ItemType Directory (Join-Path $TestDrive feed)).FullName
        $made = (New-Item -ItemType Directory (Join-Path $TestDrive made)).FullName
        $said = pwsh -NoProfile -NonInteractive -File (Join-Path $repository build.ps1) -Task Package -NoBuild -Destination $made 2>&1 | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $said
        $name = "LlmObsTest$([guid]::NewGuid().ToString('N'))"
        Register-PSResourceRepository -Name $name -Uri $feed -Trusted
        try { Get-Said @{ Folder = $made; Tag = "v$version"; Repository = $name } | Should -BeNullOrEmpty }
        finally { Unregister-PSResourceRepository $name }
        Join-Path $feed "LlmObs.$version.nupkg" | Should -Exist
    }
}
