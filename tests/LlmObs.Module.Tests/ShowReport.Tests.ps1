BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1

    function New-ScoredExperiment([string] $name, [double] $add, $in) {
        $experiment = $in | New-LlmObsExperiment -Name $name
        [void](1..12 | ForEach-Object { [pscustomobject]@{ id = "q$_"; question = "question $_ <b>"; answer = "answer $_"; f = 0.02 * $_ + $add } } |
            Send-LlmObsEvent $experiment -InputColumn question -OutputColumn answer -MetricColumn f -IdColumn id)
        $experiment
    }
}

Describe 'The page of an emulator' {
    BeforeAll {
        $emulator = Start-LlmObsEmulator -AllowUnknownId:$false -PassThru
        $faq = New-LlmObsProject 'support <i>' | New-LlmObsDataset faq
        $old = New-ScoredExperiment 'first <script>' 0 $faq
        $new = New-ScoredExperiment second 0.1 $faq
        $empty = New-LlmObsProject another | New-LlmObsExperiment -Name empty
        $gone = $faq | New-LlmObsExperiment -Name gone
        $gone | Remove-LlmObsExperiment -Confirm:$false
        function Get-Page([string] $path) { Invoke-WebRequest "$($emulator.BaseUri)$path" -SkipHttpErrorCheck }
    }
    AfterAll { Clear-Session }

    It 'lists projects and experiments, the newest first' {
        $page = (Get-Page '').Content
        [regex]::Matches($page, '(?<=<h2>).*?(?=</h2>)').Value | Should -Be @('another', 'support &lt;i&gt;')
        [regex]::Matches($page, '(?<=href="/experiments/)[^"]+').Value | Should -Be @($empty.Id, $new.Id, $old.Id)
        $page | Should -Match 'first &lt;script&gt;'
        $page | Should -Match '<td>faq, version 0</td><td class="count">12</td><td class="count">12</td>'
        $page | Should -Not -Match '<script|<i>'
        $page | Should -Not -Match '(src|href)="(?!/experiments/)'
    }

    It 'shows an experiment as its report does, from what is stored' {
        $page = (Get-Page "experiments/$($new.Id)").Content
        $page | Should -Match '<h1>second'
        $page | Should -Match '<nav><a href="/">All experiments</a></nav>'
        [regex]::Matches($page, '"record_id"').Count | Should -Be 12
        $page | Should -Match 'question 12 \\u003cb'
        [void]([pscustomobject]@{ id = 'later'; question = 'one more'; f = 0.5 } | Send-LlmObsEvent $new -InputColumn question -MetricColumn f -IdColumn id)
        (Get-Page "experiments/$($new.Id)").Content | Should -Match 'one more'
    }

    It 'compares the two that are ticked, the older one as baseline' {
        foreach ($order in @($old.Id, $new.Id), @($new.Id, $old.Id)) {
            $page = (Get-Page "compare?experiment=$($order[0])&experiment=$($order[1])").Content
            $page | Should -Match '<h1>second\S* compared with first'
            $page | Should -Match '<span class="verdict good">better</span>'
        }
    }

    It 'says what is wrong: <path>' -ForEach @(
        @{ path = 'experiments/nobody'; status = 404; says = 'no experiment with the id &#x27;nobody&#x27;' }
        @{ path = 'compare'; status = 400; says = 'and 0 were ticked' }
        @{ path = 'compare?experiment=a&experiment=b&experiment=c'; status = 400; says = 'and 3 were ticked' }
        @{ path = 'compare?experiment=a&experiment=b'; status = 404; says = 'not here any more' }
    ) {
        $page = Get-Page $path
        $page.StatusCode | Should -Be $status
        $page.Content | Should -Match $says
    }

    It 'has no page for what was deleted' {
        (Get-Page "experiments/$($gone.Id)").StatusCode | Should -Be 404
    }

    It 'shows an experiment without an event' {
        $page = Get-Page "experiments/$($empty.Id)"
        $page.StatusCode | Should -Be 200
        $page.Content | Should -Match '<h1>empty'
    }

    It 'changes nothing' {
        $before = Get-LlmObsEmulator
        [void](Get-Page '')
        $after = Get-LlmObsEmulator
        $after.ExperimentCount, $after.SpanCount, $after.MetricCount | Should -Be @($before.ExperimentCount, $before.SpanCount, $before.MetricCount)
    }
}

Describe 'Show-LlmObsReport' {
    BeforeEach {
        $emulator = Start-LlmObsEmulator -PassThru
        $one = New-LlmObsExperiment -Name one -ProjectId p
        $two = New-LlmObsExperiment -Name two -ProjectId p
    }
    AfterEach { Clear-Session }

    It 'gives the address of what is meant: <kind>' -ForEach @(
        @{ kind = 'everything'; run = { Show-LlmObsReport -PassThru }; path = { '' } }
        @{ kind = 'an emulator'; run = { $emulator | Show-LlmObsReport -PassThru }; path = { '' } }
        @{ kind = 'an experiment'; run = { $one | Show-LlmObsReport -PassThru }; path = { "experiments/$($one.Id)" } }
        @{ kind = 'an id'; run = { Show-LlmObsReport $one.Id -PassThru }; path = { "experiments/$($one.Id)" } }
        @{ kind = 'a name'; run = { Show-LlmObsReport two -PassThru }; path = { "experiments/$($two.Id)" } }
        @{ kind = 'what came through JSON'; run = { $one | ConvertTo-Json | ConvertFrom-Json | Show-LlmObsReport -PassThru }; path = { "experiments/$($one.Id)" } }
        @{ kind = 'two experiments'; run = { $one, $two | Show-LlmObsReport -PassThru }; path = { "compare?experiment=$($one.Id)&experiment=$($two.Id)" } }
    ) {
        $address = . $run
        $address | Should -BeOfType ([uri])
        $address.AbsoluteUri | Should -Be "$($emulator.BaseUri)$(. $path)"
        (Invoke-WebRequest $address).StatusCode | Should -Be 200
    }

    It 'gives the address of a page on disk' {
        Export-LlmObsReport $one "$TestDrive/a page.html"
        $address = Get-Item "$TestDrive/a page.html" | Show-LlmObsReport -PassThru
        $address.LocalPath | Should -Be (Get-Item "$TestDrive/a page.html").FullName
        Push-Location $TestDrive
        try { (Show-LlmObsReport 'a page.html' -PassThru).AbsoluteUri | Should -Be $address.AbsoluteUri } finally { Pop-Location }
    }

    It 'takes the emulator that has the experiment, and that of -Port' {
        $other = Start-LlmObsEmulator -ProfileName another -PassThru
        (Show-LlmObsReport one -PassThru).Port | Should -Be $emulator.Port
        (Show-LlmObsReport -PassThru).Port | Should -Be $other.Port
        (Show-LlmObsReport -Port $emulator.Port -PassThru).Port | Should -Be $emulator.Port
    }

    It 'says what can not be shown: <kind>' -ForEach @(
        @{ kind = 'nothing of that name'; id = 'NotFound'; run = { Show-LlmObsReport nobody -PassThru } }
        @{ kind = 'a port without an emulator'; id = 'EmulatorNotFound'; run = { Show-LlmObsReport -Port 1 -PassThru } }
        @{ kind = 'no emulator'; id = 'EmulatorNotFound'; run = { Stop-LlmObsEmulator; Show-LlmObsReport -PassThru } }
        @{ kind = 'an emulator that stopped'; id = 'EmulatorNotFound'; run = { Stop-LlmObsEmulator; $emulator | Show-LlmObsReport -PassThru } }
        @{ kind = 'a program'; id = 'InvalidValue'; run = { Set-Content "$TestDrive/run.exe" x; Show-LlmObsReport "$TestDrive/run.exe" } }
        @{ kind = 'another object'; id = 'InvalidValue'; run = { Get-Date | Show-LlmObsReport -PassThru } }
        @{ kind = 'three experiments'; id = 'TooManyRuns'; run = { $one, $two, $one | Show-LlmObsReport -PassThru } }
        @{ kind = 'an emulator that asks for keys'; id = 'EmulatorShowsNothing'; run = { Start-LlmObsEmulator -ProfileName keyed -ApiKey fake-api-key-1234; Show-LlmObsReport -PassThru } }
    ) {
        { $ErrorActionPreference = 'Stop'; . $run } | Should -Throw -ErrorId "$id,*"
    }

    It 'shows nothing for an empty pipeline' {
        @() | Show-LlmObsReport -PassThru | Should -BeNullOrEmpty
    }

    if ($IsLinux) {
        It 'hands the address to the system' {
            $folder = (New-Item -ItemType Directory "$TestDrive/bin").FullName
            Set-Content "$folder/xdg-open" "#!/bin/sh`nprintf %s `"`$1`" > '$folder/part' && mv '$folder/part' '$folder/opened'"
            chmod +x "$folder/xdg-open"
            $path = $env:PATH
            $env:PATH = "$folder$([IO.Path]::PathSeparator)$path"
            try { $one | Show-LlmObsReport | Should -BeNullOrEmpty } finally { $env:PATH = $path }
            Wait-Until { Test-Path "$folder/opened" } | Should -BeTrue
            Get-Content "$folder/opened" | Should -Be "$($emulator.BaseUri)experiments/$($one.Id)"
        }
    }
}
