# Every cmdlet of the module in use, with keys set: Secrets.Tests.ps1 runs this in a pwsh of its own and looks for the keys in
# all that it leaves behind. A cmdlet that is missing here fails that test.
param([string] $Manifest, [string] $BaseUri, [string] $TokenUri, [string] $Folder, [switch] $ListOnly)

$calls = . $PSScriptRoot/ServiceCalls.ps1
$others = [ordered]@{
    'Write-LlmObsSummary'    = {
        $none = [System.Collections.Generic.Dictionary[string, object]]::new()
        [LlmObs.AggregateBucket]@{ By = $none; Metrics = $none; QueryHitCount = 1 } | Write-LlmObsSummary -Threshold @{ nothing = '> 0' } -PassThru @common
    }
    'New-LlmObsEvaluator'    = { New-LlmObsEvaluator -Judge 'Is {{output}} right?' -Endpoint http://127.0.0.1:9/v1 -Model m -ApiKey $env:CANARY_API @common }
    'New-LlmObsEvaluation'   = { New-LlmObsEvaluation -Value 1 @common }
    'New-LlmObsTaskResult'   = { New-LlmObsTaskResult -Output a @common }
    'New-LlmObsSpan'         = { New-LlmObsSpan -Name n -Input a @common; New-LlmObsSpan -Name n -Duration nonsense @common }
    'New-LlmObsMetric'       = { New-LlmObsMetric -SpanId s -Label l -Score 1 @common; New-LlmObsMetric -SpanId s -Label l -Score 1 -Timestamp x @common }
    'Set-LlmObsConfig'       = {
        Set-LlmObsConfig -ApiKey $env:CANARY_API -AppKey (ConvertTo-SecureString $env:CANARY_APP -AsPlainText -Force) -PassThru @common
        # Each of these fails with the keys among the parameters that are bound already, or are about to be.
        $bad = @{ ApiKey = $env:CANARY_API; AppKey = (ConvertTo-SecureString $env:CANARY_APP -AsPlainText -Force) }
        try { Set-LlmObsConfig @bad -TimeoutSec -5 @common } catch { $_ }
        try { Set-LlmObsConfig @bad -MaxRetryCount many @common } catch { $_ }
        try { Set-LlmObsConfig @bad -Nope 1 @common } catch { $_ }
        try { Set-LlmObsConfig @bad -Site nowhere.example @common } catch { $_ }
        try { Set-LlmObsConfig @bad -BaseUri http://datadog.example @common } catch { $_ }
        try { Set-LlmObsConfig @bad -Proxy http://u:$($env:CANARY_API)@proxy.example @common } catch { $_ }
        try { Set-LlmObsConfig -ApiKey "$($env:CANARY_API)`r`nX-Evil: 1" @common } catch { $_ }
        try { Set-LlmObsConfig -ApiKey "two $($env:CANARY_API)" -AppKey @($env:CANARY_APP, 1) @common } catch { $_ }
        try { 1 | Set-LlmObsConfig @bad @common } catch { $_ }
        try { Set-LlmObsConfig @bad -AccessToken $env:CANARY_TOKEN @common } catch { $_ }
        try { Set-LlmObsConfig -AccessToken $env:CANARY_TOKEN -TimeoutSec -5 @common } catch { $_ }
        try { Set-LlmObsConfig -AccessToken "Bearer $($env:CANARY_TOKEN)" @common } catch { $_ }
        Set-LlmObsConfig @bad -WhatIf @common
    }
    'Get-LlmObsConfig'       = { Get-LlmObsConfig @common; Get-LlmObsConfig nobody @common }
    'Remove-LlmObsConfig'    = { Set-LlmObsConfig -ProfileName gone -ApiKey $env:CANARY_API; Remove-LlmObsConfig gone @common; Remove-LlmObsConfig nobody @common }
    'Start-LlmObsEmulator'   = {
        Set-LlmObsConfig -ProfileName local -ApiKey $env:CANARY_API -AppKey $env:CANARY_APP
        $asked = @{ ApiKey = $env:CANARY_API; AppKey = (ConvertTo-SecureString $env:CANARY_APP -AsPlainText -Force); AccessToken = $env:CANARY_TOKEN }
        Start-LlmObsEmulator -AllowUnknownId -ProfileName local -Path (Join-Path $Folder journal) -PassThru @asked @common
        try { Start-LlmObsEmulator @asked -Port 70000 @common } catch { $_ }
        try { Start-LlmObsEmulator -AccessToken "Bearer $($env:CANARY_TOKEN)" @common } catch { $_ }
        $made = New-LlmObsExperiment -ProfileName local -Name journalled -ProjectId p @common
        @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ProfileName local -ExperimentId $made.Id @common
    }
    'Show-LlmObsReport'      = { Show-LlmObsReport -PassThru @common; Show-LlmObsReport nobody @common }
    'Get-LlmObsEmulator'     = { Get-LlmObsEmulator @common }
    'Stop-LlmObsEmulator'    = { Stop-LlmObsEmulator @common; Stop-LlmObsEmulator -Port 1 @common }
}
$others.Keys | ForEach-Object { $calls[$_] = $others[$_] }
# The leftovers include requests that were spooled.
if ((Get-Command Send-LlmObsEvent -ErrorAction Ignore).Parameters.Keys -contains 'SpoolPath') {
    $calls['Send-LlmObsEvent'] = { @{ span_id = 's'; label = 'l'; score_value = 1 } | Send-LlmObsEvent -ExperimentId e1000000-0000-4000-8000-000000000000 -SpoolPath (Join-Path $Folder spool) @common }
    $calls['Resume-LlmObsEvent'] = { Resume-LlmObsEvent -SpoolPath (Join-Path $Folder spool) @common }
}

if ($ListOnly) { return $calls.Keys }

Import-Module $Manifest
$ErrorActionPreference = 'Continue'
$common = @{ Verbose = $true; Debug = $true }
$perCall = 4 # answers of the server for each cmdlet that calls it: see Secrets.Tests.ps1
Start-Transcript -Path (Join-Path $Folder transcript.txt) | Out-Null
Set-LlmObsConfig -BaseUri $BaseUri -MaxRetryCount 0 -ApiKey $env:CANARY_API -AppKey $env:CANARY_APP

$number = 0
$callers = @($calls.Keys | Where-Object { $_ -notmatch 'Config|Emulator' -and (Get-Command $_).Parameters.ContainsKey('ProfileName') })
function Show-Call([string] $name, [bool] $inDepth) {
    # Calls a cmdlet, and shows what it wrote and its errors in every way that they could be shown or kept.
    $Error.Clear()
    $written = @()
    try { $written = @(. $calls[$name] *>&1) } catch { $_ }
    $script:number++
    $written | Out-String
    "$Error $($Error.Exception)"
    if (-not $inDepth) { return }
    $written | Format-List * -Force | Out-String
    $written | Format-Table * -Force | Out-String
    # Errors of Set-LlmObsConfig have the keys among what they could carry along: they are looked into further.
    $depth = $name -eq 'Set-LlmObsConfig' ? 4 : 2
    $written | Export-Clixml (Join-Path $Folder "$number-written.xml") -Depth 2
    try { $written | Where-Object { "$($_.GetType())" -like 'LlmObs.*' } | ConvertTo-Json -Depth 9 -WarningAction SilentlyContinue } catch { "no JSON: $_" }
    $Error | Format-List * -Force | Out-String
    $Error | Export-Clixml (Join-Path $Folder "$number-errors.xml") -Depth $depth
    foreach ($record in $Error) {
        Get-Error -InputObject $record | Out-String
        "$record $($record.ScriptStackTrace) $($record.ErrorDetails) $($record.Exception)"
        try { $record | ConvertTo-Json -Depth ($depth / 2) -WarningAction SilentlyContinue } catch { "no JSON: $_" }
        for ($e = $record.Exception; $e; $e = $e.InnerException) { "$($e.Message) $($e.Data.Keys) $($e.Data.Values) $e"; $e | Format-List * -Force | Out-String }
    }
}

foreach ($name in $calls.Keys) {
    foreach ($turn in 1..($name -in $callers ? $perCall : 1)) {
        Show-Call $name ($turn -le 2) # all of the rest costs seconds, and a third answer brings nothing that two did not
    }
}

# The same with an access token, which a service repeats as gladly.
Set-LlmObsConfig -ProfileName token -BaseUri $TokenUri -MaxRetryCount 0 -AccessToken $env:CANARY_TOKEN
$common.ProfileName = 'token'
foreach ($name in $callers) { Show-Call $name $true }
Get-LlmObsConfig | Format-List * -Force | Out-String
$common.Remove('ProfileName')

# Other runspaces see the same profiles; what they write is looked through as well.
1..2 | ForEach-Object -Parallel {
    Import-Module $using:Manifest
    $made = New-LlmObsExperiment -Name "parallel $_" -ProjectId p -Verbose -Debug *>&1
    $made | Format-List * -Force | Out-String
    Get-LlmObsConfig | ConvertTo-Json
    $Error | ForEach-Object { Get-Error -InputObject $_ | Out-String }
} -ThrottleLimit 2

# A session with a history: the commands as they were typed.
$settings = [System.Management.Automation.PSInvocationSettings]@{ AddToHistory = $true }
$shell = [powershell]::Create()
foreach ($line in "Import-Module '$Manifest'", 'Set-LlmObsConfig -ApiKey $env:CANARY_API -AppKey $env:CANARY_APP', 'Get-LlmObsConfig', 'Get-History | Format-List * -Force | Out-String') {
    $shell.Commands.Clear()
    [void]$shell.AddScript($line)
    $shell.Invoke($null, $settings)
}
$shell.Dispose()
Get-Variable | Where-Object Name -NotIn 'bad' | Out-String -Width 4000
Stop-Transcript | Out-Null
'done'
