BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    function Get-Page([int[]] $numbers, [string] $after) {
        $items = $numbers | ForEach-Object { '{"id":"e' + $_ + '","type":"experiments","attributes":{"name":"run-' + $_ + '","experiment":"run"}}' }
        '{"data":[' + ($items -join ',') + '],"meta":{"after":"' + $after + '"}}'
    }
    function Get-Query($server, [int] $index = -1) { [uri]::UnescapeDataString(($server.Requests[$index].Path -split '\?', 2)[1]) }
}

Describe 'Get-LlmObsExperiment, request by request' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'asks for every filter that is given' {
        $server.Answer(200, (Get-Page 1 '')) | Out-Null
        Get-LlmObsExperiment -Name 'run-1' -LogicalName run -ProjectId 'p 1' -DatasetId d -ParentExperiment a0000000-0000-4000-8000-000000000000, b0000000-0000-4000-8000-000000000000 -Metadata @{ commit = 'abc' } -Deleted -IncludeUser -IncludeDatasetName -First 7 |
            Should -BeOfType ([LlmObs.Experiment])
        $server.Requests[-1].Method | Should -Be 'GET'
        $server.Requests[-1].Path | Should -BeLike '/api/v2/llm-obs/v1/experiments?*'
        Get-Query $server | Should -BeExactly ('filter[project_id]=p 1&filter[dataset_id]=d&filter[name]=run-1&filter[experiment]=run&filter[metadata]={"commit":"abc"}' +
            '&filter[parent_experiment_id]=a0000000-0000-4000-8000-000000000000&filter[parent_experiment_id]=b0000000-0000-4000-8000-000000000000&filter[is_deleted]=true&include[user_data]=true&include[dataset_names]=true&page[limit]=7')
    }

    It 'reads every page, in the order of the service' {
        $server.Answer(200, (Get-Page 5, 4 'c1')).Answer(200, (Get-Page 3 'c2')).Answer(200, (Get-Page 2, 1 '')) | Out-Null
        (Get-LlmObsExperiment).Id | Should -Be @('e5', 'e4', 'e3', 'e2', 'e1')
        $server.Requests.Count | Should -Be 3
        Get-Query $server 2 | Should -BeExactly 'page[limit]=1000&page[cursor]=c2'
    }

    It 'fetches one page for Select-Object -First <first>, and <pages> in all' -ForEach @(
        @{ first = 1; pages = 1 }, @{ first = 2; pages = 1 }, @{ first = 3; pages = 2 }, @{ first = 5; pages = 3 }
    ) {
        1..9 | ForEach-Object { $server.Answer(200, (Get-Page (2 * $_), (2 * $_ + 1) "c$_")) } | Out-Null
        @(Get-LlmObsExperiment | Select-Object -First $first).Count | Should -Be $first
        $server.Requests.Count | Should -Be $pages
    }

    It 'fetches a page only when the one before it was used up' {
        $server.Answer(200, (Get-Page 1, 2 'c1')).Answer(200, (Get-Page 3 '')) | Out-Null
        $seen = Get-LlmObsExperiment | ForEach-Object { "$($_.Id) after $($server.Requests.Count)" }
        $seen | Should -Be @('e1 after 1', 'e2 after 1', 'e3 after 2')
    }

    It 'sizes its pages by -First and -Skip, and asks for no more than it needs' {
        $server.Answer(200, (Get-Page 1, 2, 3, 4, 5 'c1')) | Out-Null
        (Get-LlmObsExperiment -First 3 -Skip 2).Id | Should -Be @('e3', 'e4', 'e5')
        $server.Requests.Count | Should -Be 1
        Get-Query $server | Should -BeExactly 'page[limit]=5'
    }

    It 'counts -First and -Skip over all pages' {
        $server.Answer(200, (Get-Page 1, 2 'c1')).Answer(200, (Get-Page 3, 4 'c2')) | Out-Null
        (Get-LlmObsExperiment -Skip 1 -First 2).Id | Should -Be @('e2', 'e3')
        $server.Requests.Count | Should -Be 2
    }

    It 'asks for nothing with -First 0' {
        Get-LlmObsExperiment -First 0 | Should -BeNullOrEmpty
        $server.Requests.Count | Should -Be 0
    }

    It 'says with -IncludeTotalCount that nobody knows the total' {
        $server.Answer(200, (Get-Page 1 '')) | Out-Null
        $all = @(Get-LlmObsExperiment -IncludeTotalCount)
        $all[0].ToString() | Should -Be 'Unknown total count'
        $all[1].Id | Should -Be 'e1'
    }

    It 'does not go in circles where the service repeats a cursor' {
        1..5 | ForEach-Object { $server.Answer(200, (Get-Page $_ 'same')) } | Out-Null
        (Get-LlmObsExperiment -ErrorVariable problem -ErrorAction SilentlyContinue).Id | Should -Be @('e1', 'e2')
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnreadableAnswer,*'
        "$($problem[0])" | Should -Match 'used before'
        $server.Requests.Count | Should -Be 2
    }

    It 'gives what it had before a page failed, and an error' {
        $server.Answer(200, (Get-Page 1, 2 'c1')).Answer(500, '{"errors":[{"detail":"no luck"}]}') | Out-Null
        (Get-LlmObsExperiment -ErrorVariable problem -ErrorAction SilentlyContinue).Id | Should -Be @('e1', 'e2')
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ServerError,*'
        "$($problem[0])" | Should -Match 'no luck'
    }

    It 'says what the service''s documents ask for, where a list of all projects is refused' {
        $refusal = '{"errors":[{"detail":"filter[project_id] is required"}]}'
        $server.Answer(400, $refusal).Answer(400, $refusal) | Out-Null
        Get-LlmObsExperiment -Name n -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'BadRequest,*'
        "$($problem[0])" | Should -Match 'is required'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match '-Project or -Dataset'
        Get-LlmObsExperiment -ProjectId p -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -Match '-Dataset'
    }

    It 'keeps fields that it does not know' {
        $server.Answer(200, '{"data":[{"id":"e1","attributes":{"name":"n","new_thing":{"a":[1]},"run_count":"3","author":{"name":"Ann","team":"x"}}}]}') | Out-Null
        $experiment = Get-LlmObsExperiment
        $experiment.AdditionalProperties.new_thing.a | Should -Be @(1)
        $experiment.RunCount | Should -Be 3
        "$($experiment.Author)" | Should -Be 'Ann'
    }

    It 'asks for many ids in few requests' {
        $server.Answer(200, (Get-Page (1..50) '')).Answer(200, (Get-Page (51..60) '')) | Out-Null
        $ids = 1..60 | ForEach-Object { "e$_" }
        (Get-LlmObsExperiment @($ids | ForEach-Object { [pscustomobject]@{ Id = $_ } })).Count | Should -Be 60
        $server.Requests.Count | Should -Be 2
    }

    It 'stops asking for ids when -First is reached, without an error' {
        $server.Answer(200, (Get-Page 1 '')) | Out-Null
        $found = 'e1', 'e2' | ForEach-Object { [pscustomobject]@{ id = $_ } } | Get-LlmObsExperiment -First 1 -ErrorVariable problem
        $found.Id | Should -Be 'e1'
        $problem | Should -BeNullOrEmpty
        $server.Requests.Count | Should -Be 1
    }
}

Describe 'Get-LlmObsExperiment, against the emulator' {
    BeforeEach {
        Start-LlmObsEmulator
        $one = New-LlmObsExperiment -Name 'faq bot' -ProjectId p1 -DatasetId d1 -Metadata @{ commit = 'abc'; branch = 'main' }
        $two = New-LlmObsExperiment -Name 'faq bot' -ProjectId p1 -ParentExperimentId $one.Id -Metadata @{ commit = 'def' }
        $three = New-LlmObsExperiment -Name 'other' -ProjectId p2 -EnsureUnique $false
    }
    AfterEach { Clear-Session }

    It 'lists the newest first' {
        (Get-LlmObsExperiment).Id | Should -Be @($three.Id, $two.Id, $one.Id)
    }

    It 'finds by <what>' -ForEach @(
        @{ what = 'project'; arguments = { @{ ProjectId = 'p1' } }; expected = 'two', 'one' }
        @{ what = 'dataset'; arguments = { @{ DatasetId = 'd1' } }; expected = 'one' }
        @{ what = 'logical name'; arguments = { @{ LogicalName = 'faq bot' } }; expected = 'two', 'one' }
        @{ what = 'a wildcard of the logical name'; arguments = { @{ LogicalName = 'FAQ*' } }; expected = 'two', 'one' }
        @{ what = 'whole name'; arguments = { @{ Name = $two.Name } }; expected = 'two' }
        @{ what = 'wildcards'; arguments = { @{ Name = 'FAQ*', 'oth?r' } }; expected = 'three', 'two', 'one' }
        @{ what = 'whole names and wildcards'; arguments = { @{ Name = 'other', 'faq*' } }; expected = 'three', 'two', 'one' }
        @{ what = 'wildcards within a project'; arguments = { @{ Name = '*'; ProjectId = 'p2' } }; expected = 'three' }
        @{ what = 'parent'; arguments = { @{ ParentExperiment = $one.Id, $two.Name } }; expected = 'two' }
        @{ what = 'metadata'; arguments = { @{ Metadata = @{ commit = 'abc' } } }; expected = 'one' }
        @{ what = 'metadata as JSON'; arguments = { @{ Metadata = '{"branch":"main"}' } }; expected = 'one' }
        @{ what = 'id'; arguments = { @{ Id = $one.Id } }; expected = 'one' }
        @{ what = 'ids'; arguments = { @{ Id = $one.Id, $three.Id } }; expected = 'three', 'one' }
    ) {
        $splat = & $arguments
        $wanted = @($expected | ForEach-Object { (Get-Variable $_ -ValueOnly).Id })
        @((Get-LlmObsExperiment @splat).Id) | Should -Be $wanted
    }

    It 'takes a name without its parameter, and experiments from the pipeline' {
        (Get-LlmObsExperiment other).Id | Should -Be $three.Id
        ($one, $two | Get-LlmObsExperiment).Id | Should -Be @($one.Id, $two.Id)
        ([pscustomobject]@{ experiment_id = $two.Id } | Get-LlmObsExperiment).Id | Should -Be $two.Id
    }

    It 'takes projects and datasets by name, by id and from the pipeline' {
        $project = New-LlmObsProject support-bot
        $dataset = $project | New-LlmObsDataset -Name faq
        $mine = New-LlmObsExperiment -Name mine -ProjectId $project.Id -DatasetId $dataset.Id
        $also = New-LlmObsExperiment -Name also -ProjectId $project.Id
        @((Get-LlmObsExperiment -Project support-bot).Id) | Should -Be @($also.Id, $mine.Id)
        @((Get-LlmObsExperiment -Project $project.Id).Id) | Should -Be @($also.Id, $mine.Id)
        @(($project | Get-LlmObsExperiment).Id) | Should -Be @($also.Id, $mine.Id)
        (Get-LlmObsExperiment -Project support-bot -Dataset faq).Id | Should -Be $mine.Id
        (Get-LlmObsExperiment -Dataset $dataset.Id).Id | Should -Be $mine.Id
        ($dataset | Get-LlmObsExperiment).Id | Should -Be $mine.Id
        (Get-LlmObsExperiment -Project support-bot -Name 'al*').Id | Should -Be $also.Id
        ($mine | Get-LlmObsExperiment -IncludeDatasetName).DatasetName | Should -Be 'faq'
    }

    It 'says that there is no project of a name, and lists nothing' {
        Get-LlmObsExperiment -Project nobody -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($problem[0])" | Should -Match "'nobody'"
    }

    It 'says which id there is not, and finds the others' {
        $found = Get-LlmObsExperiment -Id $one.Id, 'nobody' -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.Id | Should -Be $one.Id
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problem[0].TargetObject | Should -Be 'nobody'
        "$($problem[0])" | Should -Match "'nobody'"
        { Get-LlmObsExperiment -Id nobody -ErrorAction Stop } | Should -Throw "*'nobody'*"
    }

    It 'finds all that were created with a name, if none has it as it is' {
        @((Get-LlmObsExperiment 'faq bot').Id) | Should -Be @($two.Id, $one.Id)
        @((Get-LlmObsExperiment 'faq bot' -Metadata @{ commit = 'def' }).Id) | Should -Be $two.Id
    }

    It 'says that a whole name is not there, and how to find it' {
        Get-LlmObsExperiment 'no bot' -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'Get-LlmObsExperiment lists'
        Get-LlmObsExperiment other -ProjectId p1 -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($problem[0])" | Should -Match 'other parameters'
    }

    It 'says nothing where a wildcard or a filter matches nothing' {
        Get-LlmObsExperiment 'nothing*' -ErrorVariable problem | Should -BeNullOrEmpty
        Get-LlmObsExperiment -ProjectId nobody -ErrorVariable +problem | Should -BeNullOrEmpty
        Get-LlmObsExperiment -LogicalName nobody -ErrorVariable +problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
    }

    It 'ends its list however the service says so: <end>' -ForEach @(@{ end = 'Empty' }, @{ end = 'Null' }, @{ end = 'Absent' }, @{ end = 'NoMeta' }) {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -ListEnd $end
        New-TestExperiment | Out-Null
        @(Get-LlmObsExperiment).Count | Should -Be 1
        (Get-LlmObsEmulator).RequestCount | Should -Be 2
    }

    It 'brings the user where that is asked for' {
        (Get-LlmObsExperiment -Id $one.Id).Author | Should -BeNullOrEmpty
        (Get-LlmObsExperiment -Id $one.Id -IncludeUser).Author.Name | Should -Be 'Emulator User'
    }

    It 'reads back what was written with a lag' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -ReadLagSec 3600
        $new = New-TestExperiment
        Get-LlmObsExperiment | Should -BeNullOrEmpty
        Get-LlmObsExperiment -Id $new.Id -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'seconds until it is found'
    }
}

Describe 'Remove-LlmObsExperiment' {
    BeforeEach { Start-LlmObsEmulator; $all = 'a', 'b', 'c' | ForEach-Object { New-LlmObsExperiment -Name $_ -ProjectId p } }
    AfterEach { Clear-Session }

    It 'deletes piped experiments in one request' {
        $before = (Get-LlmObsEmulator).RequestCount
        $start = [DateTimeOffset]::UtcNow.AddMilliseconds(-1)
        $all[0], $all[2] | Remove-LlmObsExperiment -Confirm:$false | Should -BeNullOrEmpty
        (Get-LlmObsEmulator).RequestCount | Should -Be ($before + 1)
        (Get-LlmObsExperiment).Id | Should -Be $all[1].Id
        (Get-LlmObsExperiment -Deleted).Id | Should -Be @($all[2].Id, $all[0].Id)
        (Get-LlmObsExperiment -Deleted)[0].DeletedAt | Should -BeGreaterOrEqual $start
        (Get-LlmObsExperiment -Deleted)[0].DeletedAt | Should -BeLessOrEqual ([DateTimeOffset]::UtcNow)
    }

    It 'deletes by id, each id once' {
        $server = [LlmObs.Testing.ScriptedService]::new()
        Set-LlmObsConfig -BaseUri $server.BaseUri
        $server.Answer(204) | Out-Null
        Remove-LlmObsExperiment ([LlmObs.Experiment]@{ Id = 'e1' }), ([pscustomobject]@{ Id = 'e2' }), ([pscustomobject]@{ ExperimentId = 'e1' }) -Confirm:$false
        $server.Requests[-1].Method | Should -Be 'POST'
        $server.Requests[-1].Path | Should -Be '/api/v2/llm-obs/v1/experiments/delete'
        $server.Requests[-1].Body | Should -BeExactly '{"data":{"type":"experiments","attributes":{"experiment_ids":["e1","e2"]}}}'
        $server.Dispose()
    }

    It 'shows what it would delete under -WhatIf, and deletes nothing' {
        $transcript = Join-Path $TestDrive whatif.txt
        Start-Transcript $transcript | Out-Null
        $all | Remove-LlmObsExperiment -WhatIf
        Stop-Transcript | Out-Null
        Get-Content $transcript -Raw | Should -Match "POST http://127.0.0.1:\d+/api/v2/llm-obs/v1/experiments/delete \{.*$($all[0].Id).*$($all[2].Id)"
        @(Get-LlmObsExperiment).Count | Should -Be 3
    }

    It 'asks first, without being told to' {
        # Nobody can answer here, and that ends it before anything is sent.
        { $all | Remove-LlmObsExperiment } | Should -Throw '*NonInteractive*'
        @(Get-LlmObsExperiment).Count | Should -Be 3
        $ConfirmPreference = 'None'
        $all | Remove-LlmObsExperiment
        Get-LlmObsExperiment | Should -BeNullOrEmpty
    }

    It 'deletes nothing where its input breaks off' {
        { $all | ForEach-Object { if ($_.Id -eq $all[2].Id) { throw 'enough' }; $_ } | Remove-LlmObsExperiment -Confirm:$false } | Should -Throw 'enough'
        @(Get-LlmObsExperiment).Count | Should -Be 3
    }

    It 'is repeated after a failure of the service, for it does no harm' {
        Stop-LlmObsEmulator
        Start-LlmObsEmulator -Fault @{ Drop = 'AfterStoring'; On = '/delete' }
        $one = New-TestExperiment
        $one | Remove-LlmObsExperiment -Confirm:$false
        Get-LlmObsExperiment | Should -BeNullOrEmpty
    }

    It 'says why the service refused' {
        $server = New-Server
        $server.Answer(403, '{"errors":[{"title":"Forbidden","detail":"not yours"}]}') | Out-Null
        $all[0] | Remove-LlmObsExperiment -Confirm:$false -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Forbidden,*'
        $problem[0].TargetObject.Id | Should -Be $all[0].Id
        $server.Dispose()
    }
}
