BeforeDiscovery {
    $values = & $PSScriptRoot/Support/HostileValues.ps1
}

BeforeAll {
    . $PSScriptRoot/Support/TestSession.ps1
    if (-not ('LlmObs.Testing.ThrowingList' -as [type])) { Add-Type -Path $PSScriptRoot/Support/HostileTypes.cs }
    $secret = { ConvertTo-SecureString 'not for anyone' -AsPlainText -Force }
    $metric = @{ span_id = 's'; label = 'l'; score_value = 1; timestamp_ms = 1768473000123 }
    $sentMetric = '{"span_id":"s","label":"l","metric_type":"score","score_value":1,"timestamp_ms":1768473000123}'

    # JSON with its characters as they are: what is escaped is up to the writer, and means the same.
    function Get-Plain([string] $json) {
        [regex]::Replace($json, '\\u([0-9a-fA-F]{4})', { param($escape) [string][char][Convert]::ToInt32($escape.Groups[1].Value, 16) })
    }

    # The sent part of an event or an experiment, or the one error.
    function Get-Outcome([scriptblock] $call) {
        $before = $server.Requests.Count
        $written = @(try { & $call 2>&1 3>$null } catch { "thrown: $($_.FullyQualifiedErrorId) $_" })
        $errors = @($written | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
        $thrown = @($written | Where-Object { $_ -is [string] })
        [pscustomobject]@{
            Errors = $errors
            Thrown = $thrown
            Sent   = @($server.Requests | Select-Object -Skip $before | ForEach-Object Body)
        }
    }
}

Describe 'A value' {
    BeforeEach { $server = New-Server; $ErrorActionPreference = 'Continue' }
    AfterEach { $server.Dispose(); Clear-Session }

    It '<name>' -ForEach $values {
        $ways = [ordered]@{
            'span as an object'   = @{ id = 'InvalidEvent,*'; pattern = '"input":(.*)\}\}\]\}\}\}$'; call = { [pscustomobject]@{ span_id = 's'; trace_id = 't'; name = 'n'; start_ns = 1; duration = 1; project_id = 'p'; dataset_id = 'd'; input = & $value } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
            'span as a hashtable' = @{ id = 'InvalidEvent,*'; pattern = '"input":(.*)\}\}\]\}\}\}$'; call = { @{ span_id = 's'; trace_id = 't'; name = 'n'; start_ns = 1; duration = 1; project_id = 'p'; dataset_id = 'd'; input = & $value } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
            'span that is built'  = @{ id = 'InvalidEvent,*'; pattern = '"input":(.*)\}\}\]\}\}\}$'; call = { New-LlmObsSpan -Name n -ProjectId p -DatasetId d -Input (& $value) | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
            'json of a metric'    = @{ id = 'InvalidEvent,*'; pattern = '"json_value":\{"v":(.*)\},"timestamp_ms"'; call = { @{ span_id = 's'; label = 'l'; metric_type = 'json'; json_value = @{ v = & $value }; timestamp_ms = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 } }
            'configuration'       = @{ id = 'InvalidValue,*'; pattern = '"config":\{"v":(.*?)\}(,"ensure_unique":[a-z]+)?\}\}\}$'; call = { New-LlmObsExperiment -Name n -ProjectId p -Config @{ v = & $value } } }
        }
        foreach ($way in $ways.Keys) {
            $outcome = Get-Outcome $ways[$way].call
            $outcome.Thrown | Should -BeNullOrEmpty -Because $way
            if ($problem) {
                $outcome.Sent | Should -BeNullOrEmpty -Because $way
                $outcome.Errors.Count | Should -Be 1 -Because $way
                $outcome.Errors[0].FullyQualifiedErrorId | Should -BeLike $ways[$way].id -Because $way
                "$($outcome.Errors[0])" | Should -Match $problem -Because $way
                "$($outcome.Errors[0])" | Should -Not -Match 'not for anyone|canary' -Because $way
            }
            else {
                # The service's answer is empty, which New-LlmObsExperiment reports; only the request counts.
                $outcome.Sent.Count | Should -Be 1 -Because "$way $($outcome.Errors)"
                $outcome.Sent[0] -match $ways[$way].pattern | Should -BeTrue -Because $outcome.Sent[0]
                Get-Plain $Matches[1] | Should -BeExactly (Get-Plain $json) -Because $way
            }
        }
    }

    It 'there are enough of them' -ForEach @{ count = $values.Count } { $count | Should -BeGreaterOrEqual 100 }
}

Describe 'A row' {
    BeforeEach { $server = New-Server; $ErrorActionPreference = 'Continue' }
    AfterEach { $server.Dispose(); Clear-Session }

    It '<name> is one error, and the rows around it are sent' -ForEach @(
        @{ name = 'with a name that throws'; row = { $metric + @{ ([LlmObs.Testing.ThrowingName]::new()) = 1 } }; problem = 'key of type LlmObs.Testing.ThrowingName' }
        @{ name = 'with a name that is no text and says it is a label'; row = { @{ span_id = 's'; ([LlmObs.Testing.NamedLabel]::new()) = 'x'; score_value = 1 } }; problem = 'key of type LlmObs.Testing.NamedLabel' }
        @{ name = 'with a date as a name'; row = { $metric + @{ [datetime]'2020-01-01' = 1 } }; problem = 'key of type System.DateTime' }
        @{ name = 'with names that differ in case only'; row = { $t = [Collections.Generic.Dictionary[string, object]]::new([StringComparer]::Ordinal); $t.span_id = 'a'; $t.SPAN_ID = 'b'; $t.label = 'l'; $t.score_value = 1; $t }; problem = 'span_id is given twice' }
        @{ name = 'that throws when it is read'; row = { [LlmObs.Testing.ThrowingTable]::new() }; problem = 'its properties could not be read: the table broke' }
        @{ name = 'with a script property that throws'; row = { [pscustomobject]@{ label = 'l'; score_value = 1 } | Add-Member ScriptProperty span_id { throw 'it broke' } -PassThru }; problem = 'span_id could not be read: it broke' }
        @{ name = 'with a script property that reads itself'; row = { [pscustomobject]@{ label = 'l'; score_value = 1 } | Add-Member ScriptProperty span_id { $this.span_id } -PassThru }; problem = 'span_id could not be read: its script reads the property itself' }
        @{ name = 'with aliases in a circle'; row = { [pscustomobject]@{ label = 'l'; score_value = 1 } | Add-Member AliasProperty span_id other -PassThru | Add-Member AliasProperty other span_id -PassThru }; problem = 'span_id could not be read' }
        @{ name = 'that is a list in itself'; row = { $l = [Collections.ArrayList]::new(); [void]$l.Add($l); , $l }; problem = 'a list that contains itself' }
        @{ name = 'that is a list that throws'; row = { $l = [Collections.ArrayList]::new(); [void]$l.Add([LlmObs.Testing.UnopenableList]::new()); , $l }; problem = 'enumerating its list failed: the list broke' }
        @{ name = 'that is a list of lists without end'; row = { $l = [Collections.ArrayList]::new(); [void]$l.Add([LlmObs.Testing.NestedList]::new()); , $l }; problem = 'endlessly nested lists' }
        @{ name = 'that is an envelope in itself'; row = { $p = @{}; $p.data = $p; $p }; problem = 'neither a span .* nor a metric' }
        @{ name = 'that is two envelopes in each other'; row = { $p = [pscustomobject]@{ data = @{} }; $p.data.attributes = $p; $p }; problem = 'neither a span .* nor a metric' }
        @{ name = 'whose list of metrics contains itself'; row = { $l = [Collections.ArrayList]::new(); [void]$l.Add($l); @{ metrics = $l } }; problem = 'a list that contains itself' }
        @{ name = 'that is XML'; row = { [xml]'<a span_id="s" label="l"/>' }; problem = 'not of type XmlDocument' }
        @{ name = 'that is a SecureString'; row = { & $secret }; problem = 'neither a span .* nor a metric' }
        @{ name = 'that is a handle'; row = { (Get-Process -Id $PID).SafeHandle }; problem = 'neither a span .* nor a metric' }
        @{ name = 'that is a process'; row = { Get-Process -Id $PID }; problem = 'trace_id is missing' }
        @{ name = 'that is a script'; row = { { 1 } }; problem = 'was not sent' }
        @{ name = 'that is a number'; row = { 5 }; problem = 'not of type Int32' }
        @{ name = 'that is a date'; row = { Get-Date }; problem = 'not of type DateTime' }
        @{ name = 'that is a boolean'; row = { $true }; problem = 'not of type Boolean' }
        @{ name = 'with a SecureString as its text'; row = { $metric + @{ reasoning = & $secret } }; problem = 'reasoning .*SecureString' }
        @{ name = 'with a process as its label'; row = { @{ span_id = 's'; score_value = 1; label = Get-Process -Id $PID } }; problem = 'label .*Process' }
        @{ name = 'with a script as its number'; row = { @{ span_id = 's'; label = 'l'; score_value = { 1 } } }; problem = 'score_value must be a number' }
        @{ name = 'with a list as its number'; row = { @{ span_id = 's'; label = 'l'; score_value = @(1, 2) } }; problem = 'score_value must be a number' }
        @{ name = 'with infinity as its number'; row = { @{ span_id = 's'; label = 'l'; score_value = [double]::PositiveInfinity } }; problem = 'score_value' }
        @{ name = 'with tags that throw'; row = { $metric + @{ tags = [LlmObs.Testing.ThrowingList]::new() } }; problem = 'tags' }
        @{ name = 'with tags that contain themselves'; row = { $t = @{}; $t.a = $t; $metric + @{ tags = $t } }; problem = 'tags' }
        @{ name = 'with metadata that is no object'; row = { $metric + @{ metadata = 'text' } }; problem = 'metadata' }
        @{ name = 'with metadata in itself'; row = { $t = @{}; $t.a = $t; $metric + @{ metadata = $t } }; problem = 'metadata\.a contains itself' }
    ) {
        $outcome = Get-Outcome { & { $metric; , (& $row); $metric } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 }
        $outcome.Thrown | Should -BeNullOrEmpty
        $outcome.Errors.Count | Should -Be 1 -Because "$($outcome.Errors)"
        $outcome.Errors[0].FullyQualifiedErrorId | Should -BeLike 'InvalidEvent,*'
        "$($outcome.Errors[0])" | Should -Match $problem
        "$($outcome.Errors[0])" | Should -Match 'Row 2 '
        "$($outcome.Errors[0])" | Should -Not -Match 'not for anyone'
        $outcome.Sent | Should -BeExactly "{`"data`":{`"type`":`"events`",`"attributes`":{`"metrics`":[$sentMetric,$sentMetric]}}}"
    }

    It 'of 1,000 names that are no fields is one warning of bounded length' {
        [void](New-Object psobject -Property ($metric + [LlmObs.Testing.Large]::Table(1000, 'p')) | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -WarningVariable said -WarningAction SilentlyContinue)
        $said = @($said | Where-Object { "$_" -notmatch '24 hours' }) # the metric itself is an old one
        $said.Count | Should -Be 1
        "$said" | Should -Match ' and 950 more are not fields'
        "$said".Length | Should -BeLessThan 1000
    }
}
