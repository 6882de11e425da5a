BeforeDiscovery {
    $both = @(@{ service = 'GitHub' }, @{ service = 'Azure Repos' })
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    if (-not ('LlmObs.Testing.PullRequestServices' -as [type])) {
        Add-Type -Path (Join-Path $PSScriptRoot Support/PullRequestServices.cs)
    }

    $variables = @(
        'GITHUB_TOKEN', 'GITHUB_EVENT_PATH', 'GITHUB_API_URL', 'GITHUB_REPOSITORY', 'GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY', 'TF_BUILD', 'AGENT_TEMPDIRECTORY'
        'SYSTEM_ACCESSTOKEN', 'SYSTEM_PULLREQUEST_PULLREQUESTID', 'SYSTEM_PULLREQUEST_PULLREQUESTNUMBER', 'SYSTEM_COLLECTIONURI', 'SYSTEM_TEAMPROJECT'
        'BUILD_REPOSITORY_ID', 'BUILD_REPOSITORY_NAME', 'BUILD_REPOSITORY_PROVIDER'
    )

    function Enter-Build([string] $Service, $Comments) {
        # The agents' variables in a step of pull request 7.
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        if ($Service -eq 'GitHub') {
            Set-Content (Join-Path $folder event.json) '{"action":"synchronize","number":7,"pull_request":{"number":7}}'
            $env:GITHUB_ACTIONS = 'true'
            $env:GITHUB_EVENT_PATH = Join-Path $folder event.json
            $env:GITHUB_STEP_SUMMARY = Join-Path $folder summary.md
            $env:GITHUB_API_URL = $Comments.BaseUri
            $env:GITHUB_REPOSITORY = 'acme/faq'
            $env:GITHUB_TOKEN = $Comments.Token
        } else {
            $env:TF_BUILD = 'True'
            $env:AGENT_TEMPDIRECTORY = $folder
            $env:SYSTEM_PULLREQUEST_PULLREQUESTID = '7'
            $env:SYSTEM_COLLECTIONURI = "$($Comments.BaseUri)/"
            $env:SYSTEM_TEAMPROJECT = 'my project'
            $env:BUILD_REPOSITORY_ID = 'repo-id'
            $env:BUILD_REPOSITORY_PROVIDER = 'TfsGit'
            $env:SYSTEM_ACCESSTOKEN = $Comments.Token
        }
    }

    function New-Score([double] $average, [string] $label = 'faithfulness') {
        $by = [System.Collections.Generic.Dictionary[string, object]]::new()
        $by.label = $label
        $metrics = [System.Collections.Generic.Dictionary[string, object]]::new()
        $metrics.avg = $average
        [LlmObs.AggregateBucket]@{ By = $by; Metrics = $metrics; QueryHitCount = 10 }
    }
}

Describe 'Write-LlmObsSummary -PullRequest' {
    BeforeEach {
        $before = @{}
        foreach ($name in $variables) { $before[$name] = [Environment]::GetEnvironmentVariable($name); [Environment]::SetEnvironmentVariable($name, [NullString]::Value) }
        $comments = [LlmObs.Testing.PullRequestServices]::new()
    }
    AfterEach {
        $comments.Dispose()
        foreach ($name in $variables) { [Environment]::SetEnvironmentVariable($name, $before[$name] ?? [NullString]::Value) }
        Clear-Session
    }

    It 'writes a comment once, and then changes it: <service>' -ForEach $both {
        Enter-Build $service $comments
        $said = New-Score 0.5 | Write-LlmObsSummary -Title 'faq-bot' -PullRequest 6>&1
        "$said" | Should -Match "The comment 'faq-bot' of pull request 7 of \S+ was written"
        $again = New-Score 0.75 | Write-LlmObsSummary -Title 'faq-bot' -PullRequest 6>&1
        "$again" | Should -Match 'was brought up to date'
        New-Score 0.25 | Write-LlmObsSummary -Title 'another' -PullRequest 6>$null
        $comments.Comments.Count | Should -Be 2
        $comments.Comments[0].Body | Should -Match '^<!-- LlmObs summary [0-9a-f]{32} -->\n## faq-bot\n'
        $comments.Comments[0].Body | Should -Match '\| faithfulness \| 0\.75 \|'
        $comments.Comments[1].Body | Should -Match '## another'
        $summaries = $service -eq 'GitHub' ? (Get-Content $env:GITHUB_STEP_SUMMARY) : (Get-Content $env:AGENT_TEMPDIRECTORY/*/*.md)
        @($summaries -match '^## ').Count | Should -Be 3 -Because 'the summary goes where it went'
    }

    It 'says in one line that the build is of no pull request, and does nothing else: <kind>' -ForEach @(
        @{ kind = 'at a prompt'; set = {} }
        @{ kind = 'a push on GitHub'; set = { $env:GITHUB_ACTIONS = 'true'; Set-Content $TestDrive/push.json '{"ref":"refs/heads/main"}'; $env:GITHUB_EVENT_PATH = "$TestDrive/push.json" } }
        @{ kind = 'a comment on an issue'; set = { $env:GITHUB_ACTIONS = 'true'; Set-Content $TestDrive/issue.json '{"issue":{"number":7}}'; $env:GITHUB_EVENT_PATH = "$TestDrive/issue.json" } }
        @{ kind = 'a build of main on Azure'; set = { $env:TF_BUILD = 'True'; $env:AGENT_TEMPDIRECTORY = "$TestDrive"; $env:SYSTEM_PULLREQUEST_PULLREQUESTID = '$(System.PullRequest.PullRequestId)' } }
    ) {
        . $set
        $all = @(New-Score 0.5 | Write-LlmObsSummary -PullRequest -PassThru 6>&1)
        $lines = @($all | Where-Object { "$_" -match 'not a build of a pull request' })
        $lines.Count | Should -Be 1
        @($all | Where-Object { $_ -is [string] }) | Should -Match '^## Evaluation scores'
        $comments.Requests.Count | Should -Be 0
    }

    It 'takes an event about a comment on a pull request' {
        Enter-Build GitHub $comments
        Set-Content $env:GITHUB_EVENT_PATH '{"issue":{"number":7,"pull_request":{"url":"x"}},"comment":{}}'
        New-Score 0.5 | Write-LlmObsSummary -PullRequest 6>$null
        $comments.Comments.Count | Should -Be 1
    }

    It 'finds its comment behind pages of others, and leaves what others wrote: <login>' -ForEach @(@{ login = $null }, @{ login = 'robot' }) {
        Enter-Build GitHub $comments
        if ($login) { $comments.Login = $login }
        New-Score 0.5 | Write-LlmObsSummary -PullRequest 6>$null
        $body = $comments.Comments[0].Body
        $comments.Comments[0].IsDeleted = $true
        $copied = $comments.Add('mallory', $body)
        [void]$comments.Add($null, $body)
        foreach ($i in 1..230) { [void]$comments.Add('somebody', "> $body`n`nLooks good, $i") }
        $own = $comments.Add($login ?? 'github-actions[bot]', $body)
        New-Score 0.75 | Write-LlmObsSummary -PullRequest 6>$null
        $copied.Body | Should -BeExactly $body
        $own.Body | Should -Match '0\.75'
        $comments.Comments.Count | Should -Be 233
        @($comments.Requests -like '*page=3').Count | Should -Be 1
        @($comments.Requests -like '*page=4').Count | Should -Be 0
    }

    It 'writes a comment of its own where Azure Repos keeps the one of another' {
        Enter-Build 'Azure Repos' $comments
        New-Score 0.5 | Write-LlmObsSummary -PullRequest 6>$null
        $comments.Comments[0].Author = 'somebody'
        New-Score 0.75 | Write-LlmObsSummary -PullRequest 6>$null
        New-Score 0.8 | Write-LlmObsSummary -PullRequest 6>$null
        $comments.Comments.Count | Should -Be 2
        $comments.Comments[0].Body | Should -Match '\| 0\.5 \|'
        $comments.Comments[1].Body | Should -Match '\| 0\.8 \|'
    }

    It 'leaves one comment of two jobs that write at once: <service>' -ForEach $both {
        Enter-Build $service $comments
        $comments.HoldFirstLists(2)
        $manifest = $env:LLMOBS_TEST_MANIFEST
        1..2 | ForEach-Object -ThrottleLimit 2 -Parallel {
            Import-Module $using:manifest
            $by = [System.Collections.Generic.Dictionary[string, object]]::new()
            $metrics = [System.Collections.Generic.Dictionary[string, object]]::new()
            $metrics.avg = [double]$_
            [LlmObs.AggregateBucket]@{ By = $by; Metrics = $metrics; QueryHitCount = 10 } | Write-LlmObsSummary -Title both -PullRequest 6>$null
        }
        @($comments.Requests -like 'POST *').Count | Should -Be 2 -Because 'neither saw a comment at first'
        $comments.Comments.Count | Should -Be 1
        $comments.Comments[0].Body | Should -Match '\n\| [12] \|\n'
    }

    It 'merges doubles that are there: <service>' -ForEach $both {
        Enter-Build $service $comments
        New-Score 0.5 | Write-LlmObsSummary -PullRequest 6>$null
        1..3 | ForEach-Object { [void]$comments.Add('github-actions[bot]', $comments.Comments[0].Body) }
        New-Score 0.75 | Write-LlmObsSummary -PullRequest 6>$null
        $comments.Comments.Count | Should -Be 1
        $comments.Comments[0].Id | Should -Be 101
        $comments.Comments[0].Body | Should -Match '0\.75'
    }

    It 'says what a refused token needs, without the token, and holds the gate all the same: <service>, <kind>' -ForEach @(
        foreach ($one in $both) { foreach ($kind in 'wrong', 'read-only', 'missing', 'not replaced') { @{ service = $one.service; kind = $kind } } }
    ) {
        Enter-Build $service $comments
        $name = $service -eq 'GitHub' ? 'GITHUB_TOKEN' : 'SYSTEM_ACCESSTOKEN'
        switch ($kind) {
            'wrong' { [Environment]::SetEnvironmentVariable($name, 'wrong-token-000000000009999') }
            'read-only' { $comments.IsReadOnly = $true }
            'missing' { [Environment]::SetEnvironmentVariable($name, [NullString]::Value) }
            'not replaced' { [Environment]::SetEnvironmentVariable($name, '$(System.AccessToken)') }
        }
        $problem = $null
        { New-Score 0.5 | Write-LlmObsSummary -Threshold @{ avg = '> 0.9' } -PullRequest -ErrorAction SilentlyContinue -ErrorVariable script:problem 6>$null } | Should -Throw -ErrorId 'ThresholdBroken,*'
        $script:problem[0].FullyQualifiedErrorId | Should -BeLike 'CommentRefused,*'
        $script:problem[0].ErrorDetails.RecommendedAction | Should -Match ($service -eq 'GitHub' ? 'pull-requests: write' : 'Contribute to pull requests')
        $text = $script:problem | Format-List * -Force | Out-String
        $text | Should -Not -Match '0000000009999|0000000001234'
        $comments.Comments.Count | Should -Be 0
    }

    It 'tries again after a failure that passes' {
        Enter-Build GitHub $comments
        $comments.Failures = 1
        New-Score 0.5 | Write-LlmObsSummary -PullRequest 6>$null
        $comments.Comments.Count | Should -Be 1
    }

    It 'cuts what is too long for a comment, and says so' {
        Enter-Build GitHub $comments
        $scores = 1..4000 | ForEach-Object { New-Score 0.5 "label number $_ 📴" }
        $scores | Write-LlmObsSummary -Threshold @{ 'label number 1 📴' = '> 0.1' } -PullRequest 6>$null
        $body = $comments.Comments[0].Body
        $body.Length | Should -BeLessOrEqual 65536
        $body.Length | Should -BeGreaterThan 60000
        $rows = [regex]::Matches($body, '(?m)^\| label number').Count
        $body | Should -Match ('_{0:N0} of 4,000 rows are shown: a comment holds 65,536 characters' -f $rows).Replace('.', '\.')
        $body | Should -Match '✅ pass: label number 1'
        (Get-Content $env:GITHUB_STEP_SUMMARY -Raw) | Should -Match 'label number 4000'
    }

    It 'cuts what is checked, too, if that alone is too long' {
        Enter-Build GitHub $comments
        $scores = 1..2000 | ForEach-Object { New-Score 0.5 "label number $_" }
        $scores | Write-LlmObsSummary -Threshold @{ avg = '> 0.1' } -PullRequest 6>$null
        $body = $comments.Comments[0].Body
        $body.Length | Should -BeLessOrEqual 65536
        $body | Should -Match 'The rest is left out: a comment holds 65,536 characters'
    }

    It 'comments a comparison, too' {
        Enter-Build GitHub $comments
        $runs = foreach ($add in 0, 0.2) {
            $file = "$TestDrive/run$add.jsonl"
            Set-Content $file (@('{"type":"run","version":1,"experiment_id":"' + [guid]::NewGuid() + '","name":"n"}') + @(1..12 | ForEach-Object { '{"type":"row","record_id":"r' + $_ + '","evaluations":{"f":{"metric_type":"score","value":' + (0.01 * $_ + $add) + '}}}' }))
            $file
        }
        Compare-LlmObsExperiment @runs -Label f | Write-LlmObsSummary -PullRequest -Title compared 6>$null
        $comments.Comments[0].Body | Should -Match '\| f \|.*Improved'
    }

    It 'shows under -WhatIf what it would do, and calls nobody' {
        Enter-Build GitHub $comments
        New-Score 0.5 | Write-LlmObsSummary -PullRequest -WhatIf 6>$null
        $comments.Requests.Count | Should -Be 0
    }

    It 'takes a repository on GitHub that Azure Pipelines builds' {
        Enter-Build 'Azure Repos' $comments
        $env:BUILD_REPOSITORY_PROVIDER = 'GitHub'
        $env:BUILD_REPOSITORY_NAME = 'acme/faq'
        $env:SYSTEM_PULLREQUEST_PULLREQUESTNUMBER = '7'
        $env:GITHUB_TOKEN = $comments.Token
        $env:GITHUB_API_URL = $comments.BaseUri
        New-Score 0.5 | Write-LlmObsSummary -PullRequest 6>$null
        $comments.Comments.Count | Should -Be 1
        $comments.Requests[0] | Should -Be 'GET /user'
    }

    It 'sends its token to no address in clear text' {
        Enter-Build GitHub $comments
        $env:GITHUB_API_URL = 'http://github.example'
        New-Score 0.5 | Write-LlmObsSummary -PullRequest -ErrorAction SilentlyContinue -ErrorVariable problem 6>$null
        "$($problem[0])" | Should -Match 'GITHUB_API_URL can.t be used: keys are sent over https only'
    }
}
