using System.Xml.Linq;
using Xunit;

namespace LlmObs.Module.Tests.HelpTool;

public sealed class MamlTests : IDisposable
{
    private readonly HelpFolder _folder = new();
    private readonly XElement _command;

    public MamlTests()
    {
        Assert.Empty(_folder.Make());
        _command = _folder.ReadCommand();
    }

    [Theory]
    [InlineData("Name", "String", "true", "0", "True (ByValue)", "none", "None", "true", "The name.")]
    [InlineData("Id", "Int64", "true", "named", "True (ByPropertyName)", "thing_id, Key", "None", "false", "The id.")]
    [InlineData("Count", "Int32", "false", "named", "False", "none", "25", "false", "How many.|Accepted values: 1 to 500.")]
    [InlineData("Least", "Int32", "false", "named", "False", "none", "0", "false", "At least.|Accepted values: 0 or more.")]
    [InlineData("Order", "String[]", "false", "named", "False", "none", "up", "false", "Which way.|Accepted values: up, down.")]
    [InlineData("Sign", "Object", "false", "named", "False", "none", "None", "false", "The sign.")]
    [InlineData("First", "UInt64", "false", "named", "False", "none", "None", "false", "So many.")]
    [InlineData("Skip", "UInt64", "false", "named", "False", "none", "0", "false", "Not these.")]
    [InlineData("WhatIf", "SwitchParameter", "false", "named", "False", "wi", "False", "false", "Shows it.")]
    public void Says_what_the_cmdlet_and_its_page_say(
        string name, string type, string required, string position, string pipeline, string aliases, string standard, string wildcards, string words)
    {
        XElement parameter = Parameters(_command.Elements().Single(one => one.Name.LocalName == "parameters")).Single(one => Value(one, "name") == name);
        string[] said = [type, required, position, pipeline, aliases, standard, wildcards, words];
        string[] made =
        [
            Value(parameter, "parameterValue"), Word(parameter, "required"), Word(parameter, "position"), Word(parameter, "pipelineInput"),
            Word(parameter, "aliases"), Value(parameter, "defaultValue"), Word(parameter, "globbing"),
            string.Join('|', parameter.Descendants().Where(one => one.Name.LocalName == "para").Select(one => one.Value)),
        ];
        Assert.Equal(said, made);
    }

    [Fact]
    public void Has_a_line_of_syntax_for_each_set_the_default_one_first()
    {
        string[] lines = [.. _command.Descendants().Where(one => one.Name.LocalName == "syntaxItem").Select(item => string.Join(' ', Parameters(item).Select(one => Value(one, "name"))))];
        Assert.Equal(["Name Count Least Order Sign First Skip IncludeTotalCount WhatIf Confirm", "Id Count Least Order Sign First Skip IncludeTotalCount WhatIf Confirm"], lines);
    }

    [Fact]
    public void Keeps_code_and_output_as_they_are_and_takes_markup_from_words()
    {
        XElement example = _command.Descendants().Single(one => one.Name.LocalName == "example");
        Assert.Contains(" Example 1: Get one ", Value(example, "title"), StringComparison.Ordinal);
        Assert.Equal("Get-SampleThing one |\n    Select-Object -First 1", Value(example, "code"));
        Assert.Equal(["one", "There it is.", ""], Paragraphs(example));
        Assert.Equal(["Things are gotten, see elsewhere.", "- first", "- second"], Paragraphs(_command.Elements().Single(one => one.Name.LocalName == "description")));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<XElement> Parameters(XElement parent) => parent.Elements().Where(one => one.Name.LocalName == "parameter");

    private static IEnumerable<string> Paragraphs(XElement parent) => parent.Descendants().Where(one => one.Name.LocalName == "para").Select(one => one.Value);

    private static string Value(XElement parent, string name) => parent.Elements().Single(one => one.Name.LocalName == name).Value;

    private static string Word(XElement element, string attribute) => element.Attribute(attribute)!.Value;
}
