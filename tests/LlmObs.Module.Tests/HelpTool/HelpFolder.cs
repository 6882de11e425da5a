using System.Xml.Linq;
using LlmObs.Help;

namespace LlmObs.Module.Tests.HelpTool;

/// <summary>A folder of pages for <see cref="GetSampleThingCommand"/>, and the help that is made of it.</summary>
internal sealed class HelpFolder : IDisposable
{
    public const string Page = """
        # Get-SampleThing

        ## SYNOPSIS
        Gets things.

        ## DESCRIPTION
        Things are `gotten`, see [elsewhere](about_Things.md).

        - first
        - second

        ## EXAMPLES

        ### Example 1: Get one
        ```powershell
        Get-SampleThing one |
            Select-Object -First 1
        ```
        ```output
        one
        ```
        There it is.

        ## PARAMETERS

        ### -Name
        The name.

        ### -Id
        The id.

        ### -Count
        How many.

        ### -Least
        At least.

        ### -Order
        Which way.

        ### -Sign
        The sign.

        ## INPUTS

        ### System.String
        Names.

        ## OUTPUTS

        ### System.Uri
        Where it is.

        ## RELATED LINKS
        - [Set-SampleThing](Set-SampleThing.md)
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmobs-help-");

    public HelpFolder()
    {
        Write("Get-SampleThing.md", Page);
        Write("shared.md", "# Shared\n\n### -First\nSo many.\n\n### -Skip\nNot these.\n\n### -IncludeTotalCount\nThe sum.\n\n### -WhatIf\nShows it.\n\n### -Confirm\nAsks.\n");
    }

    public string Output => Path.Combine(_folder.FullName, "made");

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    public IReadOnlyList<PageProblem> Make() => HelpBuild.Run(typeof(HelpFolder).Assembly.Location, _folder.FullName, Output);

    public XElement ReadCommand() => XDocument.Load(Directory.GetFiles(Output, "*-Help.xml").Single()).Root!.Elements().Single();

    public void Dispose() => _folder.Delete(recursive: true);
}
