# Values that no one would give on purpose, and the expected outcome of each: the JSON that is sent, or the error's message.
# Every case is tried in every place that takes free-form data.
$noForm = 'has no form in JSON'
$secret = { ConvertTo-SecureString 'not for anyone' -AsPlainText -Force }
@(
    # Keys that are no text
    @{ name = 'a key that is an int'; value = { @{ 1 = 'a' } }; json = '{"1":"a"}' }
    @{ name = 'a key that is a negative long'; value = { @{ ([long]::MinValue) = 'a' } }; json = '{"-9223372036854775808":"a"}' }
    @{ name = 'a key that is a fraction'; value = { @{ 1.5 = 'a' } }; json = '{"1.5":"a"}' }
    @{ name = 'a key that is an enum'; value = { @{ [DayOfWeek]::Friday = 'a' } }; json = '{"Friday":"a"}' }
    @{ name = 'a key that is a character'; value = { @{ [char]'c' = 'a' } }; json = '{"c":"a"}' }
    @{ name = 'a key that is wrapped text'; value = { @{ ([psobject]'k') = 'a' } }; json = '{"k":"a"}' }
    @{ name = 'an empty key'; value = { @{ '' = 'a' } }; json = '{"":"a"}' }
    @{ name = 'a key with NUL and a quote'; value = { @{ "a`0`"" = 1 } }; json = '{"a\u0000\"":1}' }
    @{ name = 'keys that differ in case only'; value = { $t = [Collections.Specialized.OrderedDictionary]::new([StringComparer]::Ordinal); $t['a'] = 1; $t['A'] = 2; $t }; json = '{"a":1,"A":2}' }
    @{ name = 'a key that is a date'; value = { @{ [datetime]'2020-01-01' = 'a' } }; problem = 'has a key of type System.DateTime' }
    @{ name = 'a key that is null'; value = { @{ [DBNull]::Value = 'a' } }; problem = 'has a key of type null' }
    @{ name = 'a key that is a boolean'; value = { @{ $true = 'a' } }; problem = 'has a key of type System.Boolean' }
    @{ name = 'a key that is a GUID'; value = { @{ [guid]::Empty = 'a' } }; problem = 'has a key of type System.Guid' }
    @{ name = 'a key that is a type'; value = { @{ [int] = 'a' } }; problem = 'has a key of type System.RuntimeType' }
    @{ name = 'a key that is a script'; value = { @{ { x } = 'a' } }; problem = 'has a key of type System.Management.Automation.ScriptBlock' }
    @{ name = 'a key that is an object'; value = { @{ ([object]::new()) = 'a' } }; problem = 'has a key of type System.Object' }
    @{ name = 'a key that throws when it is asked its name'; value = { @{ ([LlmObs.Testing.ThrowingName]::new()) = 'a' } }; problem = 'has a key of type LlmObs.Testing.ThrowingName' }
    @{ name = 'a key that is half a pair'; value = { @{ ([string][char]0xD800) = 'a' } }; problem = 'holds half of a surrogate pair' }
    @{ name = 'two keys with one name'; value = { $t = @{}; $t[1] = 'a'; $t['1'] = 'b'; $t }; problem = "has the key '1' twice" }

    # Circles and depths
    @{ name = 'a hashtable in itself'; value = { $t = @{}; $t.me = $t; $t }; problem = '\.me contains itself' }
    @{ name = 'a list in itself'; value = { $l = [Collections.ArrayList]::new(); [void]$l.Add($l); , $l }; problem = '\[0\] contains itself' }
    @{ name = 'an array in itself'; value = { $a = [object[]]::new(1); $a[0] = $a; , $a }; problem = '\[0\] contains itself' }
    @{ name = 'a custom object in itself'; value = { $o = [pscustomobject]@{ a = 1 }; $o | Add-Member self $o; $o }; problem = '\.self contains itself' }
    @{ name = 'two objects in each other'; value = { $a = [pscustomobject]@{}; $b = @{ a = $a }; $a | Add-Member b $b; $a }; problem = '\.b\.a contains itself' }
    @{ name = 'a script property that gives its object'; value = { [pscustomobject]@{} | Add-Member ScriptProperty s { $this } -PassThru }; problem = '\.s contains itself' }
    @{ name = 'a property that makes a new object each time'; value = { [LlmObs.Testing.EndlessProperty]::new() }; problem = 'nested deeper than 128 levels' }
    @{ name = 'a list that makes a new list each time'; value = { , [LlmObs.Testing.NestedList]::new() }; problem = 'nested deeper than 128 levels' }
    @{ name = '10,000 hashtables deep'; value = { $v = 1; foreach ($i in 1..10000) { $v = @{ d = $v } }; $v }; problem = 'nested deeper than 128 levels' }
    @{ name = '10,000 objects deep'; value = { $v = 1; foreach ($i in 1..10000) { $v = [pscustomobject]@{ d = $v } }; $v }; problem = 'nested deeper than 128 levels' }
    @{ name = '10,000 arrays deep'; value = { $v = 1; foreach ($i in 1..10000) { $v = , $v }; , $v }; problem = 'nested deeper than 128 levels' }
    @{ name = 'the same object twice'; value = { $s = @{ a = 1 }; , @($s, $s) }; json = '[{"a":1},{"a":1}]' }

    # Properties that are code
    @{ name = 'a script property'; value = { [pscustomobject]@{ a = 1 } | Add-Member ScriptProperty s { $this.a + 1 } -PassThru }; json = '{"a":1,"s":2}' }
    @{ name = 'a script property of two values'; value = { [pscustomobject]@{} | Add-Member ScriptProperty s { 1, 2 } -PassThru }; json = '{"s":[1,2]}' }
    @{ name = 'a script property of nothing'; value = { [pscustomobject]@{} | Add-Member ScriptProperty s {} -PassThru }; json = '{"s":null}' }
    @{ name = 'a script property that writes an error'; value = { [pscustomobject]@{} | Add-Member ScriptProperty s { Write-Error 'aside' -ErrorAction SilentlyContinue; 5 } -PassThru }; json = '{"s":5}' }
    @{ name = 'a script property that throws'; value = { [pscustomobject]@{} | Add-Member ScriptProperty s { throw 'it broke' } -PassThru }; problem = '\.s could not be read: it broke' }
    @{ name = 'a script property that throws, deep inside'; value = { @{ a = , @(1, ([pscustomobject]@{} | Add-Member ScriptProperty s { throw 'it broke' } -PassThru)) } }; problem = '\.a\[0\]\[1\]\.s could not be read: it broke' }
    @{ name = 'a script property that breaks out'; value = { [pscustomobject]@{} | Add-Member ScriptProperty s { break } -PassThru }; problem = '\.s could not be read' }
    @{ name = 'a script property that exits'; value = { [pscustomobject]@{} | Add-Member ScriptProperty s { exit 3 } -PassThru }; problem = '\.s could not be read' }
    @{ name = 'a script property that reads itself'; value = { [pscustomobject]@{} | Add-Member ScriptProperty s { $this.s } -PassThru }; problem = '\.s could not be read: its script reads the property itself' }
    @{ name = 'a script property that reads itself in a branch'; value = { [pscustomobject]@{} | Add-Member ScriptProperty s { if ($true) { "$(@($This.S))" } } -PassThru }; problem = '\.s could not be read: its script reads the property itself' }
    @{ name = 'script properties that read each other'; value = { [pscustomobject]@{} | Add-Member ScriptProperty a { $this.b } -PassThru | Add-Member ScriptProperty b { $this.a } -PassThru }; problem = '\.a could not be read: its script reads the property itself' }
    @{ name = 'an alias of an alias of itself'; value = { [pscustomobject]@{} | Add-Member AliasProperty a b -PassThru | Add-Member AliasProperty b a -PassThru }; problem = '\.a could not be read' }
    @{ name = 'an alias of nothing'; value = { [pscustomobject]@{} | Add-Member AliasProperty a nowhere -PassThru }; problem = '\.a could not be read' }
    @{ name = 'a .NET property that throws'; value = { [LlmObs.Testing.ThrowingProperty]::new() }; problem = '\.Bad could not be read: the property broke' }
    @{ name = 'an object of a type of one''s own'; value = { [LlmObs.Testing.Plain]::new() }; json = '{"Property":"p","Field":1}' }
    @{ name = 'a list that throws half-way'; value = { @{ a = [LlmObs.Testing.ThrowingList]::new() } }; problem = '\.a could not be read: the list broke' }
    @{ name = 'a list that can''t be opened'; value = { @{ a = [LlmObs.Testing.UnopenableList]::new() } }; problem = '\.a could not be read: the list broke' }
    @{ name = 'a hashtable that throws'; value = { @{ a = [LlmObs.Testing.ThrowingTable]::new() } }; problem = '\.a could not be read: the table broke' }

    # Secrets, handles, code
    @{ name = 'a SecureString'; value = $secret; problem = "SecureString, which $noForm" }
    @{ name = 'a SecureString inside'; value = { @{ a = @(1, (& $secret)) } }; problem = "\.a\[1\] is of type System.Security.SecureString, which $noForm" }
    @{ name = 'a credential'; value = { [pscredential]::new('u', (& $secret)) }; problem = "PSCredential, which $noForm" }
    @{ name = 'a network credential'; value = { [Net.NetworkCredential]::new('u', 'p') }; problem = "NetworkCredential, which $noForm" }
    @{ name = 'a key of this module'; value = { [LlmObs.Secret]::From('canary-0123456789abcdef') }; problem = "Secret, which $noForm" }
    @{ name = 'a process'; value = { Get-Process -Id $PID }; problem = "Process, which $noForm" }
    @{ name = 'a process handle'; value = { (Get-Process -Id $PID).SafeHandle }; problem = "SafeProcessHandle, which $noForm" }
    @{ name = 'a raw handle'; value = { (Get-Process -Id $PID).Handle }; problem = "IntPtr, which $noForm" }
    @{ name = 'a stream'; value = { [IO.MemoryStream]::new() }; problem = "MemoryStream, which $noForm" }
    @{ name = 'a file'; value = { Get-Item $PSCommandPath }; problem = "FileInfo, which $noForm" }
    @{ name = 'a thread'; value = { [Threading.Thread]::CurrentThread }; problem = "Thread, which $noForm" }
    @{ name = 'a task'; value = { [Threading.Tasks.Task]::CompletedTask }; problem = $noForm }
    @{ name = 'a lock'; value = { [Threading.ManualResetEvent]::new($false) }; problem = "ManualResetEvent, which $noForm" }
    @{ name = 'a script'; value = { { Remove-Item / -WhatIf } }; problem = "ScriptBlock, which $noForm" }
    @{ name = 'a delegate'; value = { [Action] { 1 } }; problem = "Action, which $noForm" }
    @{ name = 'a type'; value = { [int] }; problem = "RuntimeType, which $noForm" }
    @{ name = 'a command'; value = { Get-Command Get-Item }; problem = "CmdletInfo, which $noForm" }
    @{ name = 'the host'; value = { $Host }; problem = "InternalHost, which $noForm" }
    @{ name = 'an error'; value = { [System.Management.Automation.ErrorRecord]::new([Exception]::new('e'), 'i', 0, $null) }; problem = "ErrorRecord, which $noForm" }
    @{ name = 'an exception'; value = { [Exception]::new('e') }; problem = "Exception, which $noForm" }
    @{ name = 'a reference'; value = { [ref]1 }; problem = $noForm }

    # Lists that are more than lists
    @{ name = 'XML'; value = { [xml]'<a b="1">t</a>' }; problem = "XmlDocument, which $noForm" }
    @{ name = 'an XML element'; value = { ([xml]'<a b="1"><c/></a>').a }; problem = "XmlElement, which $noForm" }
    @{ name = 'names with values'; value = { $n = [Collections.Specialized.NameValueCollection]::new(); $n.Add('a', 'b'); , $n }; problem = "NameValueCollection, which $noForm" }
    @{ name = 'an empty dictionary of text'; value = { , [Collections.Specialized.StringDictionary]::new() }; problem = "StringDictionary, which $noForm" }
    @{ name = 'an array of two dimensions'; value = { , [int[,]]::new(2, 2) }; problem = $noForm }
    @{ name = 'a table of data'; value = { , [Data.DataTable]::new() }; problem = "DataTable, which $noForm" }
    @{ name = 'matches of a pattern'; value = { , [regex]::Matches('aa', 'a') }; problem = "\[0\] is of type System.Text.RegularExpressions.Match, which $noForm" }
    @{ name = 'a queue'; value = { , [Collections.Queue]::new(@(1, 2)) }; json = '[1,2]' }
    @{ name = 'a set'; value = { , [Collections.Generic.HashSet[string]]::new([string[]]'a') }; json = '["a"]' }
    @{ name = 'bits'; value = { , [Collections.BitArray]::new(2) }; json = '[false,false]' }
    @{ name = 'bytes'; value = { , [byte[]](1, 2) }; json = '"AQI="' }

    # Numbers and times
    @{ name = 'NaN'; value = { [double]::NaN }; problem = 'is NaN' }
    @{ name = 'infinity'; value = { @([double]::NegativeInfinity) }; problem = 'is -Infinity' }
    @{ name = 'the infinity of a float'; value = { [float]::PositiveInfinity }; problem = 'is Infinity' }
    @{ name = 'the smallest double'; value = { [double]::Epsilon }; json = '5E-324' }
    @{ name = 'the largest decimal'; value = { [decimal]::MaxValue }; json = '79228162514264337593543950335' }
    @{ name = 'the largest ulong'; value = { [ulong]::MaxValue }; json = '18446744073709551615' }
    @{ name = '401 digits'; value = { [bigint]::Pow(10, 400) }; json = '1' + '0' * 400 }
    @{ name = 'a million digits'; value = { [bigint]::Pow(10, 1000000) }; problem = 'is a number of more than 10000 digits' }
    @{ name = 'a negative million digits'; value = { -[bigint]::Pow(10, 1000000) }; problem = 'is a number of more than 10000 digits' }
    @{ name = 'a complex number'; value = { [Numerics.Complex]1 }; problem = $noForm }
    @{ name = 'the first moment'; value = { [datetime]::MinValue }; json = '"0001-01-01T00:00:00Z"' }
    @{ name = 'the last moment, local'; value = { [datetime]::SpecifyKind([datetime]::MaxValue, 'Utc') }; json = '"9999-12-31T23:59:59.9999999Z"' }
    @{ name = 'the shortest time span'; value = { [timespan]::MinValue }; json = '"-10675199.02:48:05.4775808"' }
    @{ name = 'an enum without a name'; value = { [Enum]::ToObject([DayOfWeek], 99) }; json = '"99"' }

    # Nothing, and text
    @{ name = 'null'; value = { @{ a = $null } }; json = '{"a":null}' }
    @{ name = 'DBNull'; value = { @{ a = [DBNull]::Value } }; json = '{"a":null}' }
    @{ name = 'the nothing of a command'; value = { @{ a = (& {}) } }; json = '{"a":null}' }
    @{ name = 'half a pair'; value = { "cut $([char]0xD83D)" }; problem = 'holds half of a surrogate pair' }
    @{ name = 'the other half, as a character'; value = { @{ a = [char]0xDC00 } }; problem = '\.a holds half of a surrogate pair' }
    @{ name = 'the halves in the wrong order'; value = { @{ a = "$([char]0xDE00)$([char]0xD83D)" } }; problem = '\.a holds half of a surrogate pair' }
    @{ name = 'a whole pair'; value = { "$([char]0xD83D)$([char]0xDE00)" }; json = "`"$([char]0xD83D)$([char]0xDE00)`"" }
    @{ name = 'NUL'; value = { "a`0b" }; json = '"a\u0000b"' }
    @{ name = 'a terminal''s command'; value = { "`e[31m" }; json = '"\u001b[31m"' }
    @{ name = 'text with properties'; value = { 's' | Add-Member x 1 -PassThru }; json = '"s"' }
    @{ name = 'JSON with half a pair'; value = { @{ a = [Text.Json.JsonDocument]::Parse('{"b":"\ud800"}').RootElement } }; problem = '\.a (can''t be written as JSON again|holds half)' }
    @{ name = 'JSON that was let go'; value = { $d = [Text.Json.JsonDocument]::Parse('{"b":1}'); $e = $d.RootElement; $d.Dispose(); @{ a = $e } }; problem = '\.a can''t be written as JSON again' }
    @{ name = 'JSON of nothing'; value = { @{ a = [Text.Json.JsonElement]::new() } }; problem = '\.a can''t be written as JSON again' }
)
