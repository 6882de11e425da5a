# Dot-sourced by every Pester file: the assembled module, a clean set of profiles, and a service whose answers a test writes.
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/ShellUnderTest.ps1
Import-Module $env:LLMOBS_TEST_MANIFEST
if (-not ('LlmObs.Testing.ScriptedService' -as [type])) {
    $shared = Join-Path (Split-Path (Split-Path $PSScriptRoot)) Support
    Add-Type -Path $PSScriptRoot/ScriptedService.cs, $shared/ScriptedServer.cs, $shared/Reply.cs
    Add-Type -Path (Join-Path $PSScriptRoot 'SelfSignedServer.cs')
}

# Few tests are about projects and datasets; the others name them by ids that nobody has made.
$global:PSDefaultParameterValues['Start-LlmObsEmulator:AllowUnknownId'] = $true

function Clear-Session {
    # A session as a user finds it: no emulator, no profile, nothing in the environment.
    Stop-LlmObsEmulator
    Remove-LlmObsConfig -ProfileName *
    foreach ($name in 'DD_API_KEY', 'DD_APP_KEY', 'DD_ACCESS_TOKEN', 'DD_BEARER_TOKEN', 'DD_SITE', 'LLMOBS_BASE_URI', 'TF_BUILD', 'AGENT_TEMPDIRECTORY', 'GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY') {
        [Environment]::SetEnvironmentVariable($name, $null)
    }
}

function New-Server {
    # A service on loopback that the default profile points to. Without a script it answers everything with 202 and nothing.
    $server = [LlmObs.Testing.ScriptedService]::new()
    Set-LlmObsConfig -BaseUri $server.BaseUri -MaxRetryCount 0
    $server
}

function Wait-Until([scriptblock] $condition, [scriptblock] $orEnded = { $false }) {
    # Waits for a condition; false if its source has ended before. A condition that never holds is an error.
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (-not (& $condition)) {
        if (& $orEnded) { return $false }
        if ($watch.Elapsed.TotalSeconds -gt 120) { throw "Nothing happened for two minutes: $condition" }
        Start-Sleep -Milliseconds 2
    }
    $true
}

function Test-Still([scriptblock] $number) {
    # True if a number stays the same for a while.
    $before = & $number
    Start-Sleep -Milliseconds 500
    (& $number) -eq $before
}

function Start-ModuleProcess([string] $script, [string] $baseUri, [hashtable] $variables = @{}) {
    # A process of its own that runs a script with the module, against a service of this one.
    $start = New-ShellStart '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$env:LLMOBS_TEST_MANIFEST'; $script"
    $start.Environment['LLMOBS_BASE_URI'] = $baseUri
    foreach ($name in $variables.Keys) { $start.Environment[$name] = "$($variables[$name])" }
    $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    # Read, so that a child never waits for room in its pipes.
    $process | Add-Member -NotePropertyName Output -NotePropertyValue $process.StandardOutput.ReadToEndAsync()
    $process | Add-Member -NotePropertyName Errors -NotePropertyValue $process.StandardError.ReadToEndAsync()
    $process
}

function Get-Body {
    # The JSON that reached the service, as objects.
    param($Server, [int] $Index = -1)
    $Server.Requests[$Index].Body | ConvertFrom-Json -Depth 100
}

function Get-Attribute {
    param($Server, [int] $Index = -1)
    (Get-Body $Server $Index).data.attributes
}

function New-TestExperiment {
    # An experiment of the running emulator.
    New-LlmObsExperiment -Name 'test' -ProjectId 'project-1' -DatasetId 'dataset-1'
}

Clear-Session
