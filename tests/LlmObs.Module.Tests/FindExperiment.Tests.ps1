BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    function Get-Found([int[]] $numbers, [string] $after) {
        '{"data":{"id":"x","attributes":{"experiments":[' + (($numbers | ForEach-Object { '{"id":"e' + $_ + '"}' }) -join ',') + ']}},"meta":{"after":"' + $after + '"}}'
    }
}

Describe 'Find-LlmObsExperiment, request by request' {
    BeforeEach { $server = New-Server }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'reads on while the answer is 206' {
        $server.Answer(206, (Get-Found 1, 2 'c1')).Answer(200, (Get-Found 3 '')) | Out-Null
        $found = Find-LlmObsExperiment ' faq @status:failed '
        $found.Id | Should -Be @('e1', 'e2', 'e3')
        $found[0] | Should -BeOfType ([LlmObs.Experiment])
        $server.Requests[0].Path | Should -Be '/api/v2/llm-obs/v1/experimentation/search'
        $server.Requests[0].Body | Should -BeExactly '{"data":{"type":"experimentation","attributes":{"filter":{"query":"faq @status:failed","scope":["experiments"]},"page":{"limit":1000}}}}'
        (Get-Attribute $server).page.cursor | Should -Be 'c1'
    }

    It 'fetches one page for Select-Object -First 2' {
        1..3 | ForEach-Object { $server.Answer(206, (Get-Found 1, 2 "c$_")) } | Out-Null
        @(Find-LlmObsExperiment | Select-Object -First 2).Count | Should -Be 2
        $server.Requests.Count | Should -Be 1
    }

    It 'asks for everything that is given' {
        $server.Answer(200, '{"data":{"id":"x","attributes":{"experiments":[{"id":"e1"}]}},"meta":{"page":{"current":1,"limit":3,"total_count":1,"total_pages":1}}}') | Out-Null
        Find-LlmObsExperiment -Sort created_at -Descending -Deleted -IncludeDeleted -IncludeUser -First 3 | Out-Null
        $server.Requests[-1].Path | Should -Be '/api/v2/llm-obs/v1/experimentation/simple-search'
        $server.Requests[-1].Body | Should -BeExactly ('{"data":{"type":"experimentation","attributes":{"filter":{"include_deleted":true,"is_deleted":true,"scope":["experiments"]},' +
            '"include":{"user_data":true},"page":{"limit":3,"number":1},"sort":[{"direction":"desc","field":"created_at"}]}}}')
    }
}

Describe 'Find-LlmObsExperiment, against the emulator' {
    BeforeEach {
        Start-LlmObsEmulator
        $one = New-LlmObsExperiment -Name 'faq bot' -ProjectId p1 -Metadata @{ commit = 'abc' } -EnsureUnique $false
        $two = New-LlmObsExperiment -Name 'other' -ProjectId p1 -EnsureUnique $false
        $three = New-LlmObsExperiment -Name 'faq two' -ProjectId p2 -EnsureUnique $false
        $two | Set-LlmObsExperiment -Status failed | Out-Null
    }
    AfterEach { Clear-Session }

    It 'finds by the query <query>' -ForEach @(
        @{ query = ''; expected = 'faq two', 'other', 'faq bot' }, @{ query = 'faq'; expected = 'faq two', 'faq bot' }, @{ query = '@status:failed'; expected = 'other' }
        @{ query = 'faq @project_id:p1'; expected = 'faq bot' }, @{ query = '-faq'; expected = 'other' }, @{ query = '@metadata.commit:abc'; expected = 'faq bot' }
        @{ query = 'nobody'; expected = @() }
    ) {
        @(Find-LlmObsExperiment $query -ErrorVariable problem).Name | Should -Be $expected
        $problem | Should -BeNullOrEmpty
    }

    It 'sorts, and says how many there are' {
        (Find-LlmObsExperiment -Sort name).Name | Should -Be @('faq bot', 'faq two', 'other')
        (Find-LlmObsExperiment -Sort name -Descending -First 1).Name | Should -Be 'other'
        $all = @(Find-LlmObsExperiment faq -IncludeTotalCount -First 1)
        $all[0] | Should -Be 2
        $all[0].ToString() | Should -Match '2'
        $all[1].Name | Should -Be 'faq two'
    }

    It 'finds what was deleted' {
        $one | Remove-LlmObsExperiment -Confirm:$false
        (Find-LlmObsExperiment faq).Name | Should -Be 'faq two'
        (Find-LlmObsExperiment faq -Deleted).Name | Should -Be 'faq bot'
        (Find-LlmObsExperiment faq -IncludeDeleted).Count | Should -Be 2
    }

    It 'finds what other cmdlets take' {
        Find-LlmObsExperiment '@status:failed' | Get-LlmObsExperiment -IncludeUser | ForEach-Object { $_.Author.Name } | Should -Be 'Emulator User'
        Find-LlmObsExperiment other | Set-LlmObsExperiment -Status completed | ForEach-Object Status | Should -Be 'completed'
    }

    It 'says where a query does not parse' {
        Find-LlmObsExperiment '@name:(a OR' -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'BadRequest,*'
        "$($problem[0])" | Should -Match 'character \d+'
    }
}
