using LlmObs.Help;
using LlmObs.Help.Pages;
using LlmObs.Help.Topics;
using Xunit;

namespace LlmObs.Module.Tests.HelpTool;

public class TopicTests
{
    private const string Markdown = """
        # about_Things

        Things, and what they are.

        ## Long description

        A thing is `what` it is, and a line that is longer than the width of a terminal is broken between its **words**.

        1. one
        2. two

        | field | what it holds |
        |---|---|
        | `id` | the id |

        ### In code

        ```powershell
        Get-Thing
          -Indented
        ```
        """;

    [Fact]
    public void Are_text_as_a_terminal_shows_it() => Assert.Equal(
        """
        TOPIC
            about_Things

        SHORT DESCRIPTION
            Things, and what they are.

        LONG DESCRIPTION
            A thing is what it is, and a line that is longer than the width of a
            terminal is broken between its words.

            1. one
            2. two

            id
                the id

          In code
                Get-Thing
                  -Indented

        """.ReplaceLineEndings("\n"),
        TopicWriter.Write("about_Things", PageText.Parse(Markdown)));

    [Fact]
    public void Begin_with_their_name_and_a_sentence()
    {
        PageException problem = Assert.Throws<PageException>(() => TopicWriter.Write("about_Things", PageText.Parse("# about_Others\n\nWords.\n")));
        Assert.Contains("'# about_Things'", problem.Message, StringComparison.Ordinal);
    }
}
