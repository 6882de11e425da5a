# The surface of the module's cmdlets, as lines that a reviewer can read.

function Get-ParameterPlace([System.Management.Automation.ParameterSetMetadata] $set) {
    @(
        if ($set.IsMandatory) { 'mandatory' }
        if ($set.Position -ge 0) { "position $($set.Position)" }
        if ($set.ValueFromPipeline) { 'pipeline' }
        if ($set.ValueFromPipelineByPropertyName) { 'pipeline by name' }
        if ($set.ValueFromRemainingArguments) { 'remaining arguments' }
    ) -join ', '
}

function Get-ParameterLine([System.Management.Automation.ParameterMetadata] $parameter) {
    $type = [Microsoft.PowerShell.ToStringCodeMethods]::Type($parameter.ParameterType)
    $words = $parameter.Attributes | Where-Object { $_ -is [ValidateSet] } | ForEach-Object { $_.ValidValues }
    $places = $parameter.ParameterSets.GetEnumerator() | Sort-Object Key | Group-Object { Get-ParameterPlace $_.Value } | ForEach-Object {
        $sets = $_.Group.Key -join ', '
        $sets -eq '__AllParameterSets' ? $_.Name : "$sets`: $($_.Name ? $_.Name : 'optional')"
    }
    @(
        "-$($parameter.Name) [$type]"
        if ($parameter.Aliases) { "alias $(($parameter.Aliases | Sort-Object) -join ', ')" }
        if ($words) { "one of $($words -join ', ')" }
        @($places) -ne ''
    ) -join '; '
}

function Get-Surface([string] $module, [string] $errorPage) {
    $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
    foreach ($command in Get-Command -Module $module | Sort-Object Name) {
        $facts = $command.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)[0]
        $sets = $command.ParameterSets | Where-Object Name -NE '__AllParameterSets' | Sort-Object Name | ForEach-Object { $_.IsDefault ? "$($_.Name) (default)" : $_.Name }
        $command.Name
        "  writes   $(($command.OutputType.Name | Sort-Object) -join ', ')" -replace '\s+$'
        if ($facts.SupportsShouldProcess) { "  asks     $($facts.ConfirmImpact)" }
        if ($sets) { "  sets     $($sets -join ', ')" }
        foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name) { "  $(Get-ParameterLine $parameter)" }
        ''
    }

    'Aliases of cmdlets'
    (Get-Module $module).ExportedAliases.Values | Sort-Object Name | ForEach-Object { "  $($_.Name) = $($_.Definition)" }
    ''
    'Ids of errors'
    [regex]::Matches((Get-Content $errorPage -Raw), '(?m)^### (\S+)').ForEach({ "  $($_.Groups[1].Value)" }) | Sort-Object
}
