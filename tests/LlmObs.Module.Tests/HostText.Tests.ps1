BeforeDiscovery {
    Import-Module $env:LLMOBS_TEST_MANIFEST
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    $escape = [char]27
    # Commands to build agents and terminals: after a line break, a carriage return, and in the middle.
    $evil = "x`n##vso[task.setvariable variable=PATH]evil`r##vso[task.debug]y`n::set-output name=a::b`r`n  ##[error]z ${escape}[31mred${escape}[0m ##vso[task.complete result=Succeeded;]"

    function Find-HostCommand([string] $text) {
        # The agents' patterns; the terminal's part is every control character except line breaks and tabs.
        foreach ($line in $text -split "`r`n|`n|`r") {
            if ($line -match '##vso\[|##\[' -or $line -match '^\s*::[A-Za-z-]+.*::') { "command: $($line | ConvertTo-Json)" }
        }
        if ($text -match '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]') { 'control character' }
        if ($text -match '\r(?!\n)') { 'carriage return' }
    }

    # All output of a call on any stream except its objects, as a host would show it.
    function Get-Said([scriptblock] $call) {
        $ErrorActionPreference = 'Continue'
        $all = @(try { & $call *>&1 } catch { $_ })
        $records = $all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] -or $_ -is [System.Management.Automation.InformationalRecord] }
        $shown = foreach ($record in $records) {
            "$record"
            $record | Out-String -Width 120
            $record | Out-String -Width 37
            if ($record -is [System.Management.Automation.ErrorRecord]) {
                "$($record.ErrorDetails) $($record.ErrorDetails.RecommendedAction)"
                # Where PowerShell itself refuses to bind an object, the category names the whole object. No view of errors shows that.
                if ($record.Exception -isnot [System.Management.Automation.ParameterBindingException]) { "$($record.CategoryInfo) $($record.CategoryInfo.TargetName)" }
                for ($e = $record.Exception; $e; $e = $e.InnerException) { $e.Message; "$e" }
                $record.Exception.Errors | Out-String
            }
        }
        [pscustomobject]@{ Records = @($records); Text = $shown -join "`n" }
    }
}

Describe 'The service''s words are never a command to the host' {
    BeforeEach { $server = New-Server; $ErrorActionPreference = 'Stop' }
    AfterEach { $server.Dispose(); Clear-Session }

    It 'in the errors, verbose and debug lines of <name>, whatever form they come in' -ForEach @(
        @{ name = 'New-LlmObsExperiment'; call = { New-LlmObsExperiment -Name n -ProjectId p -Verbose -Debug } }
        @{ name = 'Set-LlmObsExperiment'; call = { Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 -Status failed -Verbose -Debug } }
        @{ name = 'Send-LlmObsEvent'; call = { @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Verbose -Debug } }
        @{ name = 'Invoke-LlmObsAggregate'; call = { Invoke-LlmObsAggregate -Verbose -Debug } }
        @{ name = 'Get-LlmObsExperiment'; call = { Get-LlmObsExperiment -Verbose -Debug } }
        @{ name = 'Find-LlmObsExperiment'; call = { Find-LlmObsExperiment -Verbose -Debug } }
        @{ name = 'Remove-LlmObsExperiment'; call = { Remove-LlmObsExperiment e1000000-0000-4000-8000-000000000000 -Confirm:$false -Verbose -Debug } }
        @{ name = 'Get-LlmObsEvent'; call = { Get-LlmObsEvent e1000000-0000-4000-8000-000000000000 -Verbose -Debug } }
    ) {
        $json = $evil | ConvertTo-Json
        $bodies = @(
            "{`"errors`":[{`"title`":$json,`"detail`":$json,`"status`":$json,`"source`":{`"pointer`":$json,`"parameter`":$json,`"header`":$json}},$json]}"
            "{`"errors`":[$json]}"
            $evil
            "<html>$evil</html>"
            "{`"$($evil.Replace("`n", '\n').Replace("`r", '\r').Replace("$escape", '\u001b'))`":1}"
        )
        foreach ($body in $bodies) {
            $server.Answer(500, $body, @{ 'X-Request-Id' = "##vso[task.debug] ${escape}[31m"; Server = '##[error]' }, 0) | Out-Null
            $said = Get-Said $call
            ($said.Records | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }).FullyQualifiedErrorId | Should -BeLike 'ServerError,*'
            $said.Text -match '# #vso\[task' | Should -BeTrue
            Find-HostCommand $said.Text | Should -BeNullOrEmpty
        }
    }

    It 'where the answer is no HTTP, down to the innermost exception' {
        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $answer = [powershell]::Create().AddScript({
                param($listener)
                $client = $listener.AcceptTcpClient()
                $bytes = [Text.Encoding]::ASCII.GetBytes("##vso[task.complete]`e[31m ::error::x`r`n`r`n")
                $stream = $client.GetStream()
                [void]$stream.Read([byte[]]::new(4096), 0, 4096)
                $stream.Write($bytes, 0, $bytes.Length)
                $client.Dispose()
            }).AddArgument($listener)
        $running = $answer.BeginInvoke()
        Set-LlmObsConfig -BaseUri "http://127.0.0.1:$($listener.LocalEndpoint.Port)" -MaxRetryCount 0 -TimeoutSec 30
        $said = Get-Said { New-LlmObsExperiment -Name n -ProjectId p -Verbose -Debug }
        $said.Text -match 'ConnectionLost' | Should -BeTrue
        Find-HostCommand $said.Text | Should -BeNullOrEmpty
        $answer.EndInvoke($running)
        $answer.Dispose()
        $listener.Stop()
    }

    It 'in a table of experiments, whose properties stay as they are' {
        $json = $evil | ConvertTo-Json
        $server.Answer(200, "{`"data`":{`"id`":$json,`"attributes`":{`"name`":$json,`"status`":$json}}}") | Out-Null
        $made = New-LlmObsExperiment -Name n -ProjectId p
        $made.Name | Should -BeExactly $evil
        Find-HostCommand ($made | Out-String -Width 120) | Should -BeNullOrEmpty
        Find-HostCommand ($made | Format-Table | Out-String -Width 60) | Should -BeNullOrEmpty
    }

    It 'in tables of spans and metrics, whose properties stay as they are' {
        $json = $evil | ConvertTo-Json
        $metric = "{`"span_id`":$json,`"label`":$json,`"metric_type`":`"categorical`",`"categorical_value`":$json,`"assessment`":$json}"
        $server.Answer(200, "{`"data`":{`"attributes`":{`"spans`":[{`"span_id`":$json,`"name`":$json,`"status`":$json,`"eval_metrics`":[$metric]}]}}}") | Out-Null
        $span = Get-LlmObsEvent e1000000-0000-4000-8000-000000000000
        $span.Name | Should -BeExactly $evil
        foreach ($object in $span, $span.EvalMetrics[0]) {
            Find-HostCommand ($object | Out-String -Width 120) | Should -BeNullOrEmpty
            Find-HostCommand ($object | Format-List | Out-String -Width 120) | Should -BeNullOrEmpty
        }
    }

    It 'in the result of a test of the connection' {
        $json = $evil | ConvertTo-Json
        $server.Answer(500, "{`"errors`":[{`"detail`":$json}]}") | Out-Null
        $result = Test-LlmObsConnection
        $result.Problem | Should -Match 'task'
        Find-HostCommand ($result | Out-String -Width 120) | Should -BeNullOrEmpty
    }

    It 'in a table of groups, whose properties stay as they are' {
        $json = $evil | ConvertTo-Json
        $answer = "{`"data`":{`"attributes`":{`"hit_count`":3,`"result`":{`"values`":[{`"by`":{`"label`":`"fine`"},`"metrics`":{`"avg`":1.5}},{`"by`":{`"label`":$json},`"metrics`":{`"avg`":2.5}}]}}}}"
        $server.Answer(200, $answer).Answer(200, $answer.Replace($json, '"also fine"')) | Out-Null
        $buckets = Invoke-LlmObsAggregate -GroupBy label -IncludeCount:$false
        $buckets.label | Should -BeExactly @('fine', $evil)
        Find-HostCommand ($buckets | Out-String -Width 200) | Should -BeNullOrEmpty
        $buckets | Out-String -Width 200 | Should -Match 'label \(shown\)'
        $harmless = Invoke-LlmObsAggregate -GroupBy label -IncludeCount:$false
        $harmless[0].PSObject.Properties.Name | Should -Not -Contain 'label (shown)'
    }
}

Describe 'Text of events is never a command to the host' {
    BeforeEach { $server = New-Server; $ErrorActionPreference = 'Stop' }
    AfterEach { $server.Dispose(); Clear-Session }

    It '<name>' -ForEach @(
        @{ name = 'in a row with a bad value'; call = { [pscustomobject]@{ span_id = $evil; label = $evil; score_value = $evil } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
        @{ name = 'in a row with a bad word'; call = { [pscustomobject]@{ span_id = 's'; label = 'l'; score_value = 1; assessment = $evil } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
        @{ name = 'in a row with a bad time'; call = { [pscustomobject]@{ span_id = 's'; label = 'l'; score_value = 1; timestamp_ms = $evil } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
        @{ name = 'in the name of a property'; call = { [pscustomobject]@{ span_id = 's'; label = 'l'; score_value = 1; $evil = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
        @{ name = 'in the key of a hashtable'; call = { @{ span_id = 's'; label = 'l'; json_value = @{ $evil = [double]::NaN } } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
        @{ name = 'in JSON text'; call = { "{`"span_id`":`"s`",`"label`":`"l`",`"score_value`":$($evil | ConvertTo-Json)}", $evil, "{$evil" | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
        @{ name = 'in what a script property throws'; call = { [pscustomobject]@{ label = 'l'; score_value = 1 } | Add-Member ScriptProperty span_id { throw $evil } -PassThru | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
        @{ name = 'in an id that is refused'; call = { Set-LlmObsExperiment -Id $evil -Status $evil } }
        @{ name = 'in the name of an experiment that is not made'; call = { New-LlmObsExperiment -Name $evil -ProjectId p -Config @{ $evil = [double]::NaN } } }
        @{ name = 'in a configuration that is no JSON'; call = { New-LlmObsExperiment -Name n -ProjectId p -Config "{$evil" } }
        @{ name = 'in a query'; call = { Set-LlmObsExperiment -Id e1000000-0000-4000-8000-000000000000 } }
        @{ name = 'in a path'; call = { Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -LiteralPath "no such`n##vso[task.debug]file.csv" } }
        @{ name = 'in a wildcard path'; call = { Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path "no such`n::error::file*.csv" } }
        @{ name = 'in a profile''s name'; call = { New-LlmObsExperiment -Name n -ProjectId p -ProfileName $evil; Get-LlmObsConfig $evil; Remove-LlmObsConfig $evil } }
        @{ name = 'in a site and an address'; call = { try { Set-LlmObsConfig -Site $evil } catch { Write-Error $_ }; Set-LlmObsConfig -BaseUri $evil } }
        @{ name = 'in a span that is not built'; call = { New-LlmObsSpan -Name $evil -StartTime $evil; New-LlmObsMetric -SpanId $evil -Label $evil -Score ([double]::NaN) } }
        @{ name = 'in columns of a table'; call = { [pscustomobject]@{ q = 1; $evil = 2 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -InputColumn $evil -MetricColumn q -MetricType @{ $evil = $evil } } }
        @{ name = 'in cells of a table'; call = { @([pscustomobject]@{ q = 1; m = 1 }, [pscustomobject]@{ q = 2; m = $evil }) | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ProjectId p -DatasetId d -InputColumn q -MetricColumn m } }
    ) {
        $said = Get-Said $call
        $said.Records.Count | Should -BeGreaterThan 0
        Find-HostCommand $said.Text | Should -BeNullOrEmpty
    }

    It 'under -WhatIf, which is said to the host itself' {
        $script = Join-Path $TestDrive whatif.ps1
        @'
param($Manifest, $Evil)
Import-Module $Manifest
Set-LlmObsConfig -BaseUri http://127.0.0.1:1
$row = [pscustomobject]@{ span_id = $Evil; label = $Evil; score_value = 1 }
New-LlmObsExperiment -Name $Evil -ProjectId $Evil -Config @{ $Evil = $Evil } -WhatIf
Set-LlmObsExperiment ([LlmObs.Experiment]@{ Id = $Evil }) -Description $Evil -WhatIf
$row | Send-LlmObsEvent -Experiment ([LlmObs.Experiment]@{ Id = $Evil }) -WhatIf
$row | Send-LlmObsEvent -Experiment ([LlmObs.Experiment]@{ Id = $Evil }) -ProjectId p -DatasetId d -InputColumn label -MetricColumn span_id -WhatIf
Set-LlmObsConfig -ProfileName $Evil -WhatIf
Set-LlmObsConfig -ProfileName $Evil
Remove-LlmObsConfig -ProfileName "$($Evil[0])*" -WhatIf
Start-LlmObsEmulator -ProfileName $Evil -WhatIf
'@ | Set-Content $script
        $shown = (pwsh -NoProfile -NonInteractive -File $script $env:LLMOBS_TEST_MANIFEST $evil.Replace("`0", '') *>&1) -join "`n"
        [regex]::Matches($shown, '(?m)^What if: ').Count | Should -Be 7 -Because ($shown -replace '[\x00-\x08\x0b-\x1f]', '?')
        Find-HostCommand ($shown -replace '\e\[[0-9;]*m') | Should -BeNullOrEmpty
    }

    It 'in files: <name>' -ForEach @(
        @{ name = 'bad cells.csv'; text = "span_id,label,score_value`n`"{0}`",l,`"{0}`"`n" }
        @{ name = 'unknown columns.csv'; text = "span_id,label,score_value,`"{0}`"`ns,l,1,2`n" }
        @{ name = 'ragged.csv'; text = "span_id,label,score_value`n`"{0}`"`n" }
        @{ name = 'broken quotes.csv'; text = "span_id,label,score_value`nab`"{0},l,1`ns,l,`"{0}" }
        @{ name = 'one column.csv'; text = "`"{0};`"`nx`n" }
        @{ name = 'no json.jsonl'; text = "{0}`n" }
        @{ name = 'no json.json'; text = '{0}' }
        @{ name = 'not an event.json'; text = '["##vso[task.debug]\n::error::x"]' }
        @{ name = 'twice.jsonl'; text = '{{"span_id":"a","span_id":"##vso[x]"}}' }
    ) {
        $file = Join-Path $TestDrive $name
        [IO.File]::WriteAllText($file, ($text -f $evil))
        $said = Get-Said { Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -Path $file -WarningAction Continue }
        $said.Records.Count | Should -BeGreaterThan 0
        Find-HostCommand $said.Text | Should -BeNullOrEmpty
    }

    if (-not $IsWindows) {
        It 'in the name of a file' {
            $file = Join-Path $TestDrive "a`n##vso[task.debug]x`e[31m.csv"
            [IO.File]::WriteAllText($file, "span_id,label,score_value,more`ns,l,x,1`ns`n")
            $said = Get-Said { Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -LiteralPath $file -WarningAction Continue }
            $said.Records.Count | Should -BeGreaterThan 2
            Find-HostCommand $said.Text | Should -BeNullOrEmpty
        }
    }

    It 'in what PowerShell itself says of piped properties that do not bind: <name> -<parameter>' -ForEach @(
        foreach ($command in Get-Command -Module LlmObs) {
            foreach ($one in $command.Parameters.Values) {
                if ($one.ParameterType -ne [string] -and $one.ParameterSets.Values.ValueFromPipelineByPropertyName -contains $true -or $one.Attributes.Where{ $_ -is [ValidateSet] }) {
                    @{ name = $command.Name; parameter = $one.Name }
                }
            }
        }
    ) {
        $row = @{ Name = 'n'; ProjectId = 'p'; SpanId = 's'; Label = 'l'; ExperimentId = 'e1000000-0000-4000-8000-000000000000' }
        if ($name -eq 'New-LlmObsMetric' -and $parameter -notin 'Score', 'Boolean', 'Json') { $row.Score = 1 }
        $row[$parameter] = $evil
        $said = Get-Said { [pscustomobject]$row | & $name -ErrorAction Continue }
        Find-HostCommand $said.Text | Should -BeNullOrEmpty
    }

    It 'in tables of spans and metrics, whose properties stay as they are' {
        $span = New-LlmObsSpan -Name $evil -SpanId $evil -Input $evil
        $metric = New-LlmObsMetric -SpanId $evil -Label $evil -Category $evil
        $json = New-LlmObsMetric -SpanId s -Label l -Json @{ $evil = $evil }
        $span.Name | Should -BeExactly $evil
        $metric.CategoricalValue | Should -BeExactly $evil
        foreach ($shown in $span, $metric, $json) { Find-HostCommand ($shown | Out-String -Width 160) | Should -BeNullOrEmpty }
    }

    It 'is still sent, and is still the error''s target, as it was' {
        $row = [pscustomobject]@{ span_id = $evil; label = $evil; score_value = 1 }
        [void]($row | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000)
        (Get-Attribute $server).metrics[0].label | Should -BeExactly $evil
        $row.score_value = 'none'
        $row | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem[0].TargetObject.label | Should -BeExactly $evil
        $server.Answer(500, '') | Out-Null
        $row.score_value = 1
        $row | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        ($problem[0].TargetObject | ConvertFrom-Json).label | Should -BeExactly $evil
    }
}

Describe 'The way out to the host' {
    It 'is one: nothing in the module holds a cmdlet by the type whose Write members are PowerShell''s own' {
        $assembly = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'LlmObs' } | Select-Object -Last 1
        $flags = [System.Reflection.BindingFlags]'Instance, Static, Public, NonPublic, DeclaredOnly'
        $raw = foreach ($type in $assembly.GetTypes()) {
            foreach ($field in $type.GetFields($flags)) { if ("$($field.FieldType)" -match '\.(PS)?Cmdlet\b|ICommandRuntime|PSHost') { "$type.$($field.Name)" } }
            foreach ($method in @($type.GetMethods($flags)) + @($type.GetConstructors($flags))) {
                foreach ($parameter in $method.GetParameters()) { if ("$($parameter.ParameterType)" -match '\.(PS)?Cmdlet\b|ICommandRuntime|PSHost') { "$type.$($method.Name)" } }
            }
        }
        $raw | Should -BeNullOrEmpty
    }

    It 'is taken by every Write member' {
        $base = [System.Management.Automation.Cmdlet].GetMethods() | Where-Object { $_.Name -match '^Write(?!Object)|^ThrowTerminatingError' -and $_.Name -notmatch 'Information|CommandDetail' }
        $assembly = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'LlmObs' } | Select-Object -Last 1
        $own = $assembly.GetType('LlmObs.PowerShell.Cmdlets.LlmObsCmdlet').GetMethods([System.Reflection.BindingFlags]'Instance, NonPublic, DeclaredOnly').Name
        foreach ($name in $base.Name | Sort-Object -Unique) { $own | Should -Contain $name }
    }
}
