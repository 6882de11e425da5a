function ConvertTo-Nuspec {
    <#
    .SYNOPSIS
    The nuspec of a module, with the elements and tags that the gallery and its clients read.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [string] $Version,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Manifest,
        [Parameter(Mandatory)] [string] $ReleaseNote
    )

    $listed = $Manifest.PrivateData.PSData
    $tags = @(
        'PSModule'
        $listed.Tags
        'PSIncludes_Cmdlet'
        $Manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" }
    )
    $elements = [ordered]@{
        id                       = $Name
        version                  = $Version
        authors                  = $Manifest.Author
        owners                   = $Manifest.CompanyName
        requireLicenseAcceptance = 'false'
        licenseUrl               = $listed.LicenseUri
        projectUrl               = $listed.ProjectUri
        description              = $Manifest.Description
        releaseNotes             = $ReleaseNote
        copyright                = $Manifest.Copyright
        tags                     = $tags -join ' '
    }

    $document = [System.Xml.XmlDocument]::new()
    $namespace = 'http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd'
    $package = $document.AppendChild($document.CreateElement('package', $namespace))
    $metadata = $package.AppendChild($document.CreateElement('metadata', $namespace))
    foreach ($element in $elements.GetEnumerator()) {
        if (-not $element.Value) { throw "The manifest gives nothing for '$($element.Key)', which the gallery shows." }
        $metadata.AppendChild($document.CreateElement($element.Key, $namespace)).InnerText = $element.Value
    }

    $file = $package.AppendChild($document.CreateElement('files', $namespace)).AppendChild($document.CreateElement('file', $namespace))
    $file.SetAttribute('src', '**')
    $file.SetAttribute('target', '')
    $document.OuterXml
}
