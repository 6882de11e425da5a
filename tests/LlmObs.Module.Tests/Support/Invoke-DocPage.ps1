<#
.SYNOPSIS
Runs the PowerShell lines of the pages in docs/, each section in a session as docs/README.md describes it, and prints their output.

.DESCRIPTION
In a separate process: the text of -WhatIf goes to the host, and can only be read from a process's output.
#>
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'Read-Host is answered by nobody here.')]
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'Stand-ins take what the real ones take.')]
param(
    [Parameter(Mandatory)] [string] $Docs,
    [Parameter(Mandatory)] [string] $Manifest,
    [Parameter(Mandatory)] [string] $Samples,
    [Parameter(Mandatory)] [string] $Folder
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
. $PSScriptRoot/DocPages.ps1
# No example may reach the service, even if it has no emulator: this proxy accepts nothing.
$env:HTTPS_PROXY = 'http://127.0.0.1:9'
$env:MY_API_KEY = 'fake-api-key-0000000000001234'
$env:MY_APP_KEY = 'fake-app-key-0000000000005678'
Import-Module $Manifest

# The keys that a reader types or has in a vault.
function Read-Host { param($Prompt, [switch] $AsSecureString) ConvertTo-SecureString 'fake-typed-key-000000000000aaaa' -AsPlainText -Force }
function Get-Secret { param($Name) ConvertTo-SecureString 'fake-vault-key-000000000000bbbb' -AsPlainText -Force }

function Invoke-Section($section) {
    # Each statement on its own, as at a prompt. An error that is shown or thrown ends the section.
    $ErrorActionPreference = 'Continue'
    $code = $section.Blocks.Code -join "`n"
    if ($code -notmatch 'Start-LlmObsEmulator|Set-LlmObsConfig') {
        Start-LlmObsEmulator
        $faq = New-LlmObsProject support-bot | New-LlmObsDataset faq
        [void](Add-LlmObsDatasetRecord $faq evaluation.csv -InputColumn question -ExpectedColumn truth -MetadataColumn category)
        if ($section.Page -eq 'about_LlmObs_Events') {
            # Its introduction has these lines for all of its sections.
            $dataset = $faq
            $experiment = New-LlmObsExperiment -Name 'faq-bot v2' -Dataset $faq
        }
        elseif ($code -notmatch "New-LlmObsExperiment (-Name )?'faq-bot v2'") {
            [void](New-LlmObsExperiment -Name 'faq-bot v2' -Dataset $faq) # what a page finds or lists
        }
    }

    foreach ($block in $section.Blocks) {
        "<<<block>>>" | Out-Host
        $tree = [System.Management.Automation.Language.Parser]::ParseInput($block.Code, [ref] $null, [ref] ($problems = $null))
        if ($problems) { throw "it does not parse: $($problems[0])" }
        foreach ($statement in $tree.EndBlock.Statements) {
            . ([scriptblock]::Create($statement.Extent.Text)) 2>&1 |
                ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) { throw $_ } else { $_ } } |
                Out-String -Stream -Width 120 | Out-Host
        }
    }
}

foreach ($section in Get-DocPage $Docs | ForEach-Object Sections) {
    $place = Join-Path $Folder "$($section.Page)-$($section.Line)"
    Copy-Item $Samples $place -Recurse
    Set-Location $place
    Stop-LlmObsEmulator
    Remove-LlmObsConfig -ProfileName *
    'DD_API_KEY', 'DD_APP_KEY', 'DD_SITE', 'LLMOBS_BASE_URI' | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $null) }
    "<<<section $($section.Page):$($section.Line)>>>" | Out-Host
    try {
        Invoke-Section $section
        '<<<done>>>' | Out-Host
    }
    catch {
        "<<<failed>>> $($_.Exception.Message) ($($_.FullyQualifiedErrorId), $($_.InvocationInfo.Line))" -replace '\s+', ' ' | Out-Host
    }
}

Stop-LlmObsEmulator
