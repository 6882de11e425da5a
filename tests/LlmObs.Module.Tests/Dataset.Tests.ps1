BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
}

Describe 'A dataset whose name is known' {
    BeforeEach { Start-LlmObsEmulator; $project = New-LlmObsProject support-bot }
    AfterEach { Clear-Session }

    It 'is given back with a warning, so that records are not added twice in silence' {
        $first = New-LlmObsDataset faq -Project support-bot -WarningVariable warning
        $warning | Should -BeNullOrEmpty
        @{ input = 'a' } | Add-LlmObsDatasetRecord -Dataset $first | Out-Null
        $again = New-LlmObsDataset faq -Project support-bot -Description other -WarningVariable warning -WarningAction SilentlyContinue
        $again.Id | Should -Be $first.Id
        "$warning" | Should -Match "'faq' already exists, at version 1"
        (Get-LlmObsDataset -Project support-bot).Count | Should -Be 1
    }

    It 'is recognised by its age, too' {
        $server = New-Server
        $answer = '{"data":{"id":"d1","type":"datasets","attributes":{"name":"faq","current_version":0,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}}}'
        $server.Answer(200, $answer) | Out-Null
        New-LlmObsDataset faq -Project 00000000-0000-4000-8000-000000000001 -WarningVariable warning -WarningAction SilentlyContinue | Out-Null
        "$warning" | Should -Match 'already exists'
        $server.Dispose()
    }
}

Describe 'Datasets' {
    BeforeEach { Start-LlmObsEmulator; $project = New-LlmObsProject support-bot }
    AfterEach { Clear-Session }

    It 'creates a dataset in a piped project' {
        $made = Get-LlmObsProject support-bot | New-LlmObsDataset -Name faq -Description questions -Metadata @{ lang = 'en' }
        $made | Should -BeOfType ([LlmObs.Dataset])
        $made.Name | Should -Be 'faq'
        $made.ProjectId | Should -Be $project.Id
        $made.Description | Should -Be 'questions'
        $made.Metadata.lang | Should -Be 'en'
        $made.CurrentVersion | Should -Be 0
    }

    It 'takes nothing but the project from a piped project' {
        $described = New-LlmObsProject other -Description 'of the project'
        ($described | New-LlmObsDataset -Name faq).Description | Should -BeNullOrEmpty
    }

    It 'lists the datasets of a project by name, wildcard and id' {
        'a', 'b', 'c' | ForEach-Object { New-LlmObsDataset $_ -Project support-bot } | Out-Null
        (Get-LlmObsDataset -Project support-bot).Name | Should -Be @('c', 'b', 'a')
        (Get-LlmObsProject | Get-LlmObsDataset b, c*).Name | Should -Be @('b', 'c')
        $b = Get-LlmObsDataset b -Project $project
        (Get-LlmObsDataset -Id $b.Id -Project $project.Id).Name | Should -Be 'b'
        (Get-LlmObsDataset -Project support-bot -First 1).Name | Should -Be 'c'
        Get-LlmObsDataset nobody -Project support-bot -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
    }

    It 'changes a dataset, and null clears' {
        New-LlmObsDataset faq -Project support-bot -Description d -Metadata @{ a = 1 } | Out-Null
        $changed = Set-LlmObsDataset faq -Project support-bot -Name faq2 -Metadata $null
        $changed.Name | Should -Be 'faq2'
        $changed.Description | Should -Be 'd'
        $changed.Metadata | Should -BeNullOrEmpty
        $changed.ProjectId | Should -Be $project.Id
        (Get-LlmObsDataset faq2 -Project support-bot | Set-LlmObsDataset -Description e).Description | Should -Be 'e'
    }

    It 'writes the piped dataset with the patch, where the service answers with nothing' {
        $server = New-Server
        $server.Answer(200) | Out-Null
        $piped = [LlmObs.Dataset]@{ Id = 'd1'; ProjectId = 'p1'; Name = 'old'; Description = 'old' }
        $changed = $piped | Set-LlmObsDataset -Description new
        $server.Requests[-1].Path | Should -Be '/api/v2/llm-obs/v1/p1/datasets/d1'
        $server.Requests[-1].Body | Should -BeExactly '{"data":{"type":"datasets","attributes":{"description":"new"}}}'
        $changed.Name | Should -Be 'old'
        $changed.Description | Should -Be 'new'
        $server.Dispose()
    }

    It 'deletes datasets of several projects with one request each, body or not' -ForEach @(@{ body = 'Resource' }, @{ body = 'Empty' }) {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -DeleteBody $body
        foreach ($name in 'p1', 'p2') { 'a', 'b' | ForEach-Object { New-LlmObsDataset $_ -Project (New-LlmObsProject $name) } | Out-Null }
        $all = Get-LlmObsProject | Get-LlmObsDataset
        $before = (Get-LlmObsEmulator).RequestCount
        $all | Remove-LlmObsDataset -Confirm:$false
        (Get-LlmObsEmulator).RequestCount - $before | Should -Be 2
        Get-LlmObsProject | Get-LlmObsDataset | Should -BeNullOrEmpty
    }

    It 'copies, restores and lists versions' {
        $faq = New-LlmObsDataset faq -Project support-bot
        $copy = $faq | Copy-LlmObsDataset -NewName faq-2 -Description copied
        $copy.Name | Should -Be 'faq-2'
        $copy.Description | Should -Be 'copied'
        $copy.ProjectId | Should -Be $project.Id
        ($faq | Get-LlmObsDatasetVersion).VersionNumber | Should -Be 0
        Get-LlmObsDatasetVersion faq -Project support-bot | Restore-LlmObsDataset
        (Get-LlmObsDatasetVersion faq -Project support-bot).VersionNumber | Should -Be @(0, 1)
        Restore-LlmObsDataset faq 9 -Project support-bot -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'BadRequest,*'
        "$($problem[0])" | Should -Match 'versions are 0 to 1'
    }

    It 'exports to a file, and leaves the old one where that fails' {
        New-LlmObsDataset faq -Project support-bot | Out-Null
        $file = Join-Path $TestDrive 'faq [1].csv'
        $written = Export-LlmObsDataset faq $file -Project support-bot -PassThru
        $written.FullName | Should -Be $file
        Get-Content -LiteralPath $file -Raw | Should -BeLike 'id,input,*'
        Export-LlmObsDataset faq -Project support-bot -LiteralPath $file -NoClobber -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnwritableFile,*'
        'mine' | Set-Content -LiteralPath $file
        Export-LlmObsDataset faq $file -Project support-bot -Version 7 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'BadRequest,*'
        Get-Content -LiteralPath $file | Should -Be 'mine'
        Export-LlmObsDataset faq (Join-Path $TestDrive none there.csv) -Project support-bot -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnwritableFile,*'
        (Get-ChildItem $TestDrive -Filter *.part).Count | Should -Be 0
    }
}

Describe 'Names' {
    BeforeEach { Start-LlmObsEmulator; $project = New-LlmObsProject support-bot; $faq = New-LlmObsDataset faq -Project support-bot }
    AfterEach { Clear-Session }

    It 'are looked up once a session' {
        # Another profile at the same emulator knows nothing of what this one has made.
        Set-LlmObsConfig -ProfileName other -BaseUri (Get-LlmObsEmulator).BaseUri
        $before = (Get-LlmObsEmulator).RequestCount
        Get-LlmObsDatasetVersion faq -Project support-bot -ProfileName other | Out-Null
        Get-LlmObsDatasetVersion faq -Project support-bot -ProfileName other | Out-Null
        (Get-LlmObsEmulator).RequestCount - $before | Should -Be 4
    }

    It 'are not looked up where ids or objects are given' {
        $before = (Get-LlmObsEmulator).RequestCount
        Get-LlmObsDatasetVersion $faq.Id -Project $project.Id | Out-Null
        $faq | Get-LlmObsDatasetVersion | Out-Null
        (Get-LlmObsEmulator).RequestCount - $before | Should -Be 2
    }

    It 'that several have are an error with the candidates' {
        $second = New-LlmObsDataset other -Project support-bot | Set-LlmObsDataset -Name faq
        Get-LlmObsDatasetVersion faq -Project support-bot -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'AmbiguousName,*'
        "$($problem[0])" | Should -Match "2 datasets.*$($second.Id).*$($faq.Id)"
    }

    It 'that nobody has are an error' {
        Get-LlmObsDatasetVersion nobody -Project support-bot -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        "$($problem[0])" | Should -Match "no dataset 'nobody' in the project $($project.Id)"
    }

    It 'can be ids of another form than usual' {
        $server = New-Server
        $server.Answer(200, '{"data":[]}').Answer(200, '{"data":[{"id":"p-1","type":"projects","attributes":{"name":"x"}}]}').Answer(200, '{"data":[]}') | Out-Null
        Get-LlmObsDataset -Project p-1 | Should -BeNullOrEmpty
        $server.Requests[0].Path | Should -BeLike '*filter%5Bname%5D=p-1*'
        $server.Requests[1].Path | Should -BeLike '*filter%5Bid%5D=p-1*'
        $server.Requests[2].Path | Should -BeLike '/api/v2/llm-obs/v1/p-1/datasets?*'
        $server.Dispose()
    }

    It 'mean another thing after a change of names' {
        Set-LlmObsProject support-bot -Name old-bot | Out-Null
        $new = New-LlmObsProject support-bot
        (New-LlmObsDataset x -Project support-bot).ProjectId | Should -Be $new.Id
    }

    It 'of datasets need a project' {
        Get-LlmObsDatasetVersion faq -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MissingProject,*'
    }

    It 'are those of experiments, too' {
        $byName = New-LlmObsExperiment v1 -Project support-bot -Dataset faq
        $byName.ProjectId | Should -Be $project.Id
        $byName.DatasetId | Should -Be $faq.Id
        $byName.DatasetVersion | Should -Be 0
        $byObject = New-LlmObsExperiment -Name v2 -Dataset $faq -ParentExperimentId $byName.Id
        $byObject.ProjectId | Should -Be $project.Id
        $byObject.DatasetId | Should -Be $faq.Id
        $alone = New-LlmObsExperiment v3 -Project (Get-LlmObsProject support-bot)
        $alone.ProjectId | Should -Be $project.Id
        $alone.DatasetId | Should -BeNullOrEmpty
        (New-LlmObsExperiment v4 support-bot faq).ProjectId | Should -Be $project.Id
        New-LlmObsExperiment v5 -Project support-bot -Dataset nobody -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        New-LlmObsExperiment v6 -Dataset faq -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MissingProject,*'
        (Get-LlmObsDatasetVersion $byObject).VersionNumber | Should -Be 0
    }

    It 'are looked up anew where what they meant is gone' {
        # Somebody else deletes the dataset, and makes another one of its name.
        Set-LlmObsConfig -ProfileName other -BaseUri (Get-LlmObsEmulator).BaseUri
        Remove-LlmObsDataset $faq.Id -Project $project.Id -ProfileName other -Confirm:$false
        $new = New-LlmObsDataset faq -Project $project.Id -ProfileName other
        Get-LlmObsDatasetVersion faq -Project support-bot -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        (Get-LlmObsDatasetVersion faq -Project support-bot).DatasetId | Should -Be $new.Id
    }

    It 'are looked up anew by what changes, restores or deletes: <name>' -ForEach @(
        @{ name = 'Remove-LlmObsDataset'; do = { Remove-LlmObsDataset faq -Project support-bot -Confirm:$false } }
        @{ name = 'Set-LlmObsDataset'; do = { Set-LlmObsDataset faq -Project support-bot -Description changed } }
        @{ name = 'Restore-LlmObsDataset'; do = { Restore-LlmObsDataset faq 0 -Project support-bot } }
        @{ name = 'Add-LlmObsDatasetRecord'; do = { @{ input = 'added' } | Add-LlmObsDatasetRecord -Dataset faq -Project support-bot } }
        @{ name = 'Remove-LlmObsDatasetRecord'; do = { Remove-LlmObsDatasetRecord r1 faq -Project support-bot -Confirm:$false } }
        @{ name = 'Set-LlmObsDatasetRecord'; do = { Set-LlmObsDatasetRecord r1 faq -Project support-bot -Input changed } }
        @{ name = 'Remove-LlmObsProject'; do = { Remove-LlmObsProject support-bot -Confirm:$false } }
        @{ name = 'Set-LlmObsProject'; do = { Set-LlmObsProject support-bot -Description changed } }
    ) {
        # Somebody else gives the names to other objects; this session knows the old ones.
        Set-LlmObsConfig -ProfileName other -BaseUri (Get-LlmObsEmulator).BaseUri
        @{ id = 'r1'; input = 'first' } | Add-LlmObsDatasetRecord -Dataset faq -Project support-bot | Out-Null
        Set-LlmObsDataset $faq.Id -Project $project.Id -Name faq-old -ProfileName other | Out-Null
        Set-LlmObsProject $project.Id -Name bot-old -ProfileName other | Out-Null
        $newProject = New-LlmObsProject support-bot -ProfileName other
        $newFaq = New-LlmObsDataset faq -Project $newProject.Id -ProfileName other
        @{ id = 'r1'; input = 'second' } | Add-LlmObsDatasetRecord -Dataset $newFaq -ProfileName other | Out-Null
        function Show-All($ofProject, $ofDataset) {
            Get-LlmObsProject -ProfileName other | Where-Object Id -EQ $ofProject.Id | ForEach-Object { "$($_.Name) $($_.Description)" }
            Get-LlmObsDataset -Project $ofProject.Id -ProfileName other -ErrorAction Ignore | ForEach-Object { "$($_.Name) $($_.Description)" }
            Get-LlmObsDatasetVersion $ofDataset.Id -Project $ofProject.Id -ProfileName other -ErrorAction Ignore | ForEach-Object VersionNumber
            Get-LlmObsDatasetRecord $ofDataset.Id -Project $ofProject.Id -ProfileName other -ErrorAction Ignore | ForEach-Object Input
        }
        $old, $new = (Show-All $project $faq | Out-String), (Show-All $newProject $newFaq | Out-String)
        & $do | Out-Null
        Show-All $project $faq | Out-String | Should -BeExactly $old
        Show-All $newProject $newFaq | Out-String | Should -Not -BeExactly $new
    }

    It 'of what was just made are good also where the service does not find it yet' {
        $server = New-Server
        $server.Answer(200, '{"data":{"id":"p-1","type":"projects","attributes":{"name":"young"}}}') | Out-Null
        New-LlmObsProject young | Out-Null
        $server.Answer(200, '{"data":[]}').Answer(200, '{"data":[]}').Answer(200, '{"data":[]}').Answer(200, '{"data":{"id":"p-1","type":"projects","attributes":{"name":"young"}}}') | Out-Null
        (Set-LlmObsProject young -Description d).Id | Should -Be 'p-1'
        $server.Requests[-1].Path | Should -BeLike '*/p-1*'
        $server.Answer(200, '{"data":{"id":"p-2","type":"projects","attributes":{"name":"renamed"}}}') | Out-Null
        New-LlmObsProject renamed | Out-Null
        $server.Answer(200, '{"data":[]}').Answer(200, '{"data":[]}').Answer(200, '{"data":[{"id":"p-2","type":"projects","attributes":{"name":"another"}}]}') | Out-Null
        Set-LlmObsProject renamed -Description d -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        $server.Dispose()
    }

    It 'are not needed where a dataset is piped on to an experiment' {
        $made = $faq | New-LlmObsExperiment -Name v1 -Config @{ model = 'small-1' }
        $made.LogicalName | Should -Be 'v1'
        $made.ProjectId | Should -Be $project.Id
        $made.DatasetId | Should -Be $faq.Id
        $made.Config.model | Should -Be 'small-1'
        ($faq | New-LlmObsExperiment -Name v2 -Project support-bot).DatasetId | Should -Be $faq.Id
        ('faq' | New-LlmObsExperiment -Name v3 -Project support-bot).DatasetId | Should -Be $faq.Id
    }

    It 'are not needed where a project is piped on to an experiment' {
        $made = Get-LlmObsProject support-bot | New-LlmObsExperiment -Name v1 -Config @{ model = 'small-1' }
        $made.LogicalName, $made.ProjectId, $made.DatasetId, $made.Config.model | Should -Be @('v1', $project.Id, $null, 'small-1')
        foreach ($dataset in 'faq', $faq.Id, $faq) {
            $made = Get-LlmObsProject support-bot | New-LlmObsExperiment -Name v2 -Dataset $dataset
            $made.ProjectId, $made.DatasetId | Should -Be @($project.Id, $faq.Id)
        }
        (Get-LlmObsProject support-bot | New-LlmObsExperiment -Name v3 -DatasetId any).DatasetId | Should -Be 'any'
        ('support-bot' | New-LlmObsExperiment -Name v4 -Dataset faq).DatasetId | Should -Be $faq.Id
        $other = New-LlmObsProject other
        $project, $other | New-LlmObsExperiment -Name v5 | ForEach-Object ProjectId | Should -Be @($project.Id, $other.Id)
        $made = New-LlmObsProject described -Description text | New-LlmObsExperiment
        $made.LogicalName, $made.Description | Should -Be @('described', 'text')
    }

    It 'are completed from what the session has seen' {
        $line = 'Get-LlmObsDataset -Project supp'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'support-bot'
    }
}
