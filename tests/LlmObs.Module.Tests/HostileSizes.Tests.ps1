BeforeDiscovery {
    # The expected outcome of each: the number of events and the least number of bytes, or the one error's message.
    $cases = @(
        @{ name = 'an object with 1,000,000 properties'; sent = 1; bytes = 50 }
        @{ name = 'a value with 1,000,000 properties'; sent = 1; bytes = 10MB }
        @{ name = 'a hashtable with 1,000,000 keys'; sent = 1; bytes = 10MB }
        @{ name = '100,000 columns of meta'; sent = 1; bytes = 900kB }
        @{ name = 'a list of 1,000,000 numbers'; sent = 1; bytes = 1900kB }
        @{ name = 'a list without end'; problem = 'metadata\.a\[\d+\] goes on beyond 32 MiB of JSON' }
        @{ name = 'a number of a million digits'; problem = 'metadata\.a is a number of more than 10000 digits' }
        @{ name = 'a text of 10 MB'; sent = 1; bytes = 10MB }
        @{ name = 'JSON text with 1,000,000 names'; sent = 1; bytes = 50 }
        @{ name = 'JSON text with 100,000 members of meta'; sent = 1; bytes = 900kB }
        @{ name = 'a cell of 10 MB.csv'; sent = 1; bytes = 10MB }
        @{ name = 'a line of 10 MB.jsonl'; sent = 1; bytes = 10MB }
        @{ name = 'a line of 100 MB.jsonl'; problem = 'line 1 is longer than 32 MiB' }
        @{ name = 'a value of 100 MB.json'; problem = 'one value in it is larger than 32 MiB' }
        @{ name = 'a quote that is open for 100 MB.csv'; problem = 'e\.csv' }
        @{ name = 'a line of 300 MB in an archive.jsonl'; problem = 'line 1 is longer than 32 MiB' }
        @{ name = '500 rows of 200 kB in an archive.csv'; sent = 500; bytes = 20kB }
        @{ name = '100,000 columns.csv'; sent = 1; bytes = 50 }
    )
}

Describe 'Input that is large where nobody expects it' {
    BeforeAll {
        . $PSScriptRoot/Support/TestSession.ps1
        $server = New-Server
        $written = pwsh -NoProfile -NonInteractive -File $PSScriptRoot/Support/HostileSizes.ps1 -Manifest $env:LLMOBS_TEST_MANIFEST -BaseUri $server.BaseUri -Folder $TestDrive 2>&1
        $outcomes = @{}
        $other = foreach ($line in $written) {
            if ("$line" -like '{"name":*') { $outcome = "$line" | ConvertFrom-Json; $outcomes[$outcome.name] = $outcome } else { "$line" }
        }
        $server.Dispose()
        Clear-Session
    }

    It '<name> ends well within 10 s of work and 200 MB of memory' -ForEach $cases {
        $outcome = $outcomes[$name]
        $outcome | Should -Not -BeNullOrEmpty -Because ($other -join "`n")
        # The processor's time: that of the clock depends on what else the machine does.
        $outcome.cpuSeconds | Should -BeLessThan 10
        if ($problem) {
            $outcome.sent | Should -Be 0
            $outcome.errors.Count | Should -Be 1 -Because ($outcome.errors -join "`n")
            $outcome.errors[0] | Should -Match $problem
        }
        else {
            $outcome.errors | Should -BeNullOrEmpty
            $outcome.sent | Should -Be $sent
            $outcome.bytes | Should -BeGreaterOrEqual $bytes
        }
    }

    It 'all that is tried is looked at' -ForEach @{ names = $cases.name } { $outcomes.Keys | Sort-Object | Should -Be @($names | Sort-Object) }
}
