BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $root = Split-Path $env:LLMOBS_TEST_MANIFEST
    $manifest = Import-PowerShellDataFile $env:LLMOBS_TEST_MANIFEST
    $module = Get-Module LlmObs
}

Describe 'The assembled module' {
    It 'has a manifest that PowerShell accepts' {
        $tested = Test-ModuleManifest $env:LLMOBS_TEST_MANIFEST
        $tested.Version.ToString() | Should -Be (Split-Path $root -Leaf)
        $tested.CompatiblePSEditions | Should -Be 'Core'
        $tested.PowerShellVersion | Should -Be '7.6'
    }

    It 'exports the cmdlets that its manifest names, and no more' {
        ($module.ExportedCommands.Keys | Sort-Object) | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $module.ExportedFunctions.Count | Should -Be 0
        $module.ExportedVariables.Count | Should -Be 0
        $module.ExportedAliases.Count | Should -Be 0
    }

    It 'makes no cmdlet that its manifest forgot' {
        $made = [LlmObs.Experiment].Assembly.Location | Split-Path | Join-Path -ChildPath 'LlmObs.dll'
        $types = ([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object Location -EQ $made).GetExportedTypes()
        $names = $types | ForEach-Object {
            $cmdlet = $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)
            if ($cmdlet) { "$($cmdlet[0].VerbName)-$($cmdlet[0].NounName)" }
        }
        ($names | Sort-Object) | Should -Be ($manifest.CmdletsToExport | Sort-Object)
    }

    It 'brings no PowerShell of its own' {
        Get-ChildItem $root -Recurse -Filter 'System.Management.Automation*' | Should -BeNullOrEmpty
    }

    It 'keeps only its two public assemblies beside the manifest' {
        (Get-ChildItem $root -Filter *.dll).Name | Sort-Object | Should -Be @('LlmObs.dll', 'LlmObs.Model.dll')
    }

    It 'has every dependency in deps' {
        $deps = (Get-ChildItem (Join-Path $root deps) -Filter *.dll).BaseName
        $platform = ([AppContext]::GetData('TRUSTED_PLATFORM_ASSEMBLIES') -split [IO.Path]::PathSeparator | ForEach-Object { [IO.Path]::GetFileNameWithoutExtension($_) })
        $all = Get-ChildItem $root -Recurse -Filter *.dll
        foreach ($dll in $all) {
            $stream = [IO.File]::OpenRead($dll.FullName)
            $reader = [System.Reflection.PortableExecutable.PEReader]::new($stream)
            $metadata = [System.Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($reader)
            foreach ($handle in $metadata.AssemblyReferences) {
                $name = $metadata.GetString($metadata.GetAssemblyReference($handle).Name)
                $name | Should -BeIn ($deps + $platform + @('LlmObs.Model', 'System.Management.Automation')) -Because "$($dll.Name) needs it"
            }
            $reader.Dispose()
        }
    }

    It 'takes -ProfileName wherever it calls the service' {
        foreach ($name in 'New-LlmObsExperiment', 'Set-LlmObsExperiment', 'Send-LlmObsEvent', 'Invoke-LlmObsAggregate') {
            (Get-Command $name).Parameters.Keys | Should -Contain 'ProfileName'
        }
    }

    It 'names its types for scripts' {
        [LlmObs.Experiment].FullName | Should -Be 'LlmObs.Experiment'
        [LlmObs.SendResult].FullName | Should -Be 'LlmObs.SendResult'
        [LlmObs.AggregateBucket].FullName | Should -Be 'LlmObs.AggregateBucket'
        [LlmObs.LlmObsException].FullName | Should -Be 'LlmObs.LlmObsException'
    }
}

Describe 'Import' {
    It 'leaves the cmdlets working when it is forced again' {
        Import-Module $env:LLMOBS_TEST_MANIFEST -Force
        $server = New-Server
        $server.Answer(200, '{"data":{"id":"e1","attributes":{}}}') | Out-Null
        (New-LlmObsExperiment -Name n -ProjectId p).Id | Should -Be 'e1'
        $server.Dispose()
    }

    It 'keeps its emulators when it is forced again' {
        $out = pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$env:LLMOBS_TEST_MANIFEST'
            `$emulator = Start-LlmObsEmulator -PassThru
            Import-Module '$env:LLMOBS_TEST_MANIFEST' -Force
            (Get-LlmObsEmulator).Port -eq `$emulator.Port
            (Test-LlmObsConnection).IsEmulator"
        $out | Should -Be @('True', 'True')
    }

    It 'stops its emulators when it is removed' {
        $out = pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$env:LLMOBS_TEST_MANIFEST'
            `$emulator = Start-LlmObsEmulator -AllowUnknownId -PassThru
            Remove-Module LlmObs
            for (`$i = 0; `$i -lt 100; `$i++) {
                try { [void](Invoke-RestMethod `$emulator.BaseUri -TimeoutSec 5 -SkipHttpErrorCheck); Start-Sleep -Milliseconds 50 } catch { 'gone'; break }
            }"
        $out | Should -Be 'gone'
    }

    It 'is not disturbed by other modules with other versions of its packages, and does not disturb them' {
        # Assemblies of the same names and other versions are in the session first, as another module would have loaded them.
        $folder = Join-Path $TestDrive 'other'
        [void](New-Item -ItemType Directory $folder)
        $script = Join-Path $folder 'both.ps1'
        @'
param($Manifest, $Folder)
$ErrorActionPreference = 'Stop'
foreach ($name in 'Polly.Core', 'Microsoft.Extensions.Http') {
    $builder = [System.Reflection.Emit.PersistedAssemblyBuilder]::new([System.Reflection.AssemblyName]::new("$name, Version=1.2.3.4"), [object].Assembly)
    [void]$builder.DefineDynamicModule($name).DefineType('Other.Marker', 'Public').CreateType()
    $builder.Save((Join-Path $Folder "$name.dll"))
    $context = [System.Runtime.Loader.AssemblyLoadContext]::Default
    $other = $context.LoadFromAssemblyPath((Join-Path $Folder "$name.dll"))
    if ($other.GetName().Version.ToString() -ne '1.2.3.4') { throw "the stand-in for $name was not loaded" }
}
Import-Module $Manifest
Start-LlmObsEmulator -AllowUnknownId
$experiment = New-LlmObsExperiment -Name both -ProjectId p
"created $($experiment.LogicalName)"
foreach ($name in 'Polly.Core', 'Microsoft.Extensions.Http') {
    $loaded = [System.Runtime.Loader.AssemblyLoadContext]::All.Assemblies | Where-Object { $_.GetName().Name -eq $name }
    "$name $(($loaded | ForEach-Object { $_.GetName().Version.ToString() } | Sort-Object) -join ' and ')"
}
"the other still has $($other.GetType('Other.Marker').FullName)"
'@ | Set-Content $script
        $out = pwsh -NoProfile -NonInteractive -File $script $env:LLMOBS_TEST_MANIFEST $folder
        $out[0] | Should -Be 'created both'
        $out[1] | Should -Match '^Polly.Core 1\.2\.3\.4 and 8\.'
        $out[2] | Should -Match '^Microsoft.Extensions.Http 1\.2\.3\.4 and 10\.'
        $out[3] | Should -Be 'the other still has Other.Marker'
    }
}
