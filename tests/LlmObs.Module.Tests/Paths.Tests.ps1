BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'data [1]')).FullName
    $file = Join-Path $folder 'spans [x].csv'
    Set-Content -LiteralPath $file "trace_id,span_id,project_id,dataset_id,name,start_ns,duration,status`nt1,s1,p,d,q,1768473000123456789,5,ok"
}

Describe 'A path' {
    BeforeAll { New-PSDrive -Name Evals -PSProvider FileSystem -Root $folder -Scope Global | Out-Null }
    AfterAll { Remove-PSDrive Evals }
    BeforeEach { Start-LlmObsEmulator }
    AfterEach { Clear-Session }

    It 'goes with -LiteralPath beside it, wherever files are read' {
        foreach ($command in Get-Command -Module LlmObs | Where-Object { $_.Parameters['Path'].ParameterType -eq [string[]] }) {
            $command.Parameters['LiteralPath'].ParameterType | Should -Be ([string[]]) -Because $command.Name
            $command.Parameters['LiteralPath'].Aliases | Should -Contain 'PSPath' -Because $command.Name
            $command.Parameters['Path'].Attributes.TypeId.Name | Should -Contain 'SupportsWildcardsAttribute' -Because $command.Name
            foreach ($set in $command.ParameterSets) {
                $names = $set.Parameters.Name
                'Path' -in $names -and 'LiteralPath' -in $names | Should -BeFalse -Because "$($command.Name), $($set.Name)"
            }
        }
    }

    It 'to a file is read the provider''s way: <kind>' -ForEach @(
        @{ kind = 'a drive of one''s own'; path = 'Evals:/spans*.csv' }
        @{ kind = 'a drive of Pester''s'; path = 'TestDrive:/data*/spans*.csv' }
        @{ kind = 'with the provider''s name'; path = { "Microsoft.PowerShell.Core\FileSystem::$([WildcardPattern]::Escape($file))" } }
        @{ kind = 'escaped'; path = { [WildcardPattern]::Escape($file) } }
    ) {
        if ($path -is [scriptblock]) { $path = & $path }
        (Send-LlmObsEvent e1000000-0000-4000-8000-000000000000 $path -ErrorAction SilentlyContinue -ErrorVariable problem) | Out-Null
        $problem.FullyQualifiedErrorId | Should -BeLike 'NotFound,*' -Because 'the emulator knows no experiment e1000000-0000-4000-8000-000000000000, but the row got there'
        $problem[0].ErrorDetails.Message | Should -BeLike '*row*'
    }

    It 'may be literal: <kind>' -ForEach @(
        @{ kind = 'a drive of one''s own'; path = 'Evals:/spans [x].csv' }
        @{ kind = 'a drive of Pester''s'; path = 'TestDrive:/data [1]/spans [x].csv' }
        @{ kind = 'with the provider''s name'; path = { "Microsoft.PowerShell.Core\FileSystem::$file" } }
        @{ kind = 'as Get-Item gives it'; path = { (Get-Item -LiteralPath $file).PSPath } }
    ) {
        if ($path -is [scriptblock]) { $path = & $path }
        $experiment = New-TestExperiment
        ($experiment | Send-LlmObsEvent -LiteralPath $path).SpanCount | Should -Be 1
        (Get-Item -LiteralPath $file | Send-LlmObsEvent -Experiment $experiment).SpanCount | Should -Be 1
    }

    It 'begins at the location of the session, not of the process' {
        $experiment = New-TestExperiment
        Push-Location Evals:/
        try {
            [Environment]::CurrentDirectory | Should -Not -Be $folder
            ($experiment | Send-LlmObsEvent -Path 'spans*.csv').SpanCount | Should -Be 1
            ($experiment | Send-LlmObsEvent -LiteralPath './spans [x].csv').SpanCount | Should -Be 1
            $journal = Start-LlmObsEmulator -Path journal -ProfileName journalled -PassThru
            $journal.Path | Should -Be (Join-Path $folder journal)
            Test-Path -LiteralPath $journal.Path | Should -BeTrue
        } finally { Pop-Location }
    }

    It 'may begin at home' {
        $name = "llmobs-$([guid]::NewGuid()).csv"
        Copy-Item -LiteralPath $file (Join-Path $HOME $name)
        try {
            $experiment = New-TestExperiment
            ($experiment | Send-LlmObsEvent -Path "~/$name").SpanCount | Should -Be 1
            ($experiment | Send-LlmObsEvent -LiteralPath "~/$name").SpanCount | Should -Be 1
        } finally { Remove-Item (Join-Path $HOME $name) }
    }

    It 'of another provider is an error that says so: <path>' -ForEach @(
        @{ path = 'Env:/PATH' }, @{ path = 'Variable:/PID' }, @{ path = 'Function:/prompt' }
    ) {
        foreach ($parameter in 'Path', 'LiteralPath') {
            $given = @{ $parameter = $path }
            New-TestExperiment | Send-LlmObsEvent @given -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.FullyQualifiedErrorId | Should -BeLike 'NotAFile,*' -Because "-$parameter"
            $problem[0].ErrorDetails.Message | Should -BeLike "*'$path'*file*"
        }
        { Start-LlmObsEmulator -Path $path -ProfileName other } | Should -Throw -ErrorId 'NotAFile,*'
        { New-LlmObsSpan q | Send-LlmObsEvent -Experiment (New-TestExperiment) -SpoolPath $path } | Should -Throw -ErrorId 'NotAFile,*'
        Resume-LlmObsEvent $path -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -BeLike 'NotAFile,*'
    }

    It 'to a file that is not there names it: <path>' -ForEach @(
        @{ path = 'Evals:/nothing.csv' }, @{ path = 'NoDrive:/nothing.csv' }, @{ path = 'NoProvider::nothing.csv' }, @{ path = 'no*.csv' }
    ) {
        foreach ($parameter in 'Path', 'LiteralPath') {
            $given = @{ $parameter = $path }
            New-TestExperiment | Send-LlmObsEvent @given -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*' -Because "-$parameter $path"
            $problem[0].ErrorDetails.Message.Replace(': :', '::') | Should -BeLike "*'$path'*" -Because 'a message has a blank in what an agent could take for a command'
        }
    }
}
