using LlmObs.Help;
using Xunit;

namespace LlmObs.Module.Tests.HelpTool;

public sealed class PageProblemTests : IDisposable
{
    private readonly HelpFolder _folder = new();

    [Theory]
    [InlineData("### -Count", "### -Counts", 32, "Get-SampleThing has no parameter -Counts")]
    [InlineData("### System.Uri", "### System.String", 51, "'System.String' is not right: Get-SampleThing writes System.Uri")]
    [InlineData("### System.String", "### None", 46, "'None' is not right: what is piped to Get-SampleThing as a whole is System.String")]
    [InlineData("## EXAMPLES", "## SAMPLES", 12, "help has no section 'SAMPLES'")]
    [InlineData("## RELATED LINKS\n", "## NOTES\n", 1, "the section '## RELATED LINKS' is missing")]
    [InlineData("```output", "```text", 14, "an example is one block ```powershell")]
    [InlineData("### -Count\nHow many.\n", "### -Count\n", 32, "a parameter is a heading '### -Name' and text below")]
    [InlineData("# Get-SampleThing", "# Get-OtherThing", 1, "this one's is '# Get-SampleThing'")]
    public void Are_found_with_their_line_and_nothing_is_written(string right, string wrong, int line, string message)
    {
        string page = HelpFolder.Page.ReplaceLineEndings("\n");
        Assert.Contains(right, page, StringComparison.Ordinal);
        _folder.Write("Get-SampleThing.md", page.Replace(right, wrong, StringComparison.Ordinal));

        PageProblem problem = _folder.Make()[0];

        Assert.Equal(line, problem.Line);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Matches(@"Get-SampleThing\.md\(\d+\): error LLMHELP: ", problem.ToString());
        Assert.False(Directory.Exists(_folder.Output));
    }

    [Fact]
    public void Are_found_where_a_page_has_no_cmdlet()
    {
        _folder.Write("Get-NoSuchThing.md", HelpFolder.Page.Replace("Get-SampleThing", "Get-NoSuchThing", StringComparison.Ordinal));
        Assert.Equal("there is no cmdlet Get-NoSuchThing", Assert.Single(_folder.Make()).Message);
    }

    [Fact]
    public void Leave_a_page_alone_that_says_too_little()
    {
        // Tests find omissions: a cmdlet may exist before its page is complete.
        _folder.Write("Get-SampleThing.md", HelpFolder.Page.ReplaceLineEndings("\n").Replace("### -Count\nHow many.\n", string.Empty, StringComparison.Ordinal));
        Assert.Empty(_folder.Make());
    }

    public void Dispose() => _folder.Dispose();
}
