using System.Globalization;

namespace LlmObs.Client.Tests;

/// <summary>Texts on a host, as the agents that read it interpret them.</summary>
public sealed class HostSafeTextTests
{
    [Theory]
    // Azure Pipelines and the older form of GitHub Actions: anywhere in a line.
    [InlineData("##vso[task.setvariable variable=x]y", "# #vso[task.setvariable variable=x]y")]
    [InlineData("text ##vso[x]", "text # #vso[x]")]
    [InlineData("##VSO[x]", "# #VSO[x]")]
    [InlineData("a\n##vso[x]", "a\n# #vso[x]")]
    [InlineData("a\r\n##vso[x]", "a\n# #vso[x]")]
    [InlineData("a\r##vso[x]", "a\u240D# #vso[x]")]
    [InlineData("##[error]x", "# #[error]x")]
    [InlineData("####[x]", "### #[x]")]
    [InlineData("##vso##vso[x]", "##vso# #vso[x]")]
    [InlineData("##vso[##vso[x]]", "# #vso[# #vso[x]]")]
    // GitHub Actions: at the beginning of a line, which a wrapped line may bring about anywhere.
    [InlineData("::set-output name=x::y", ": :set-output name=x: :y")]
    [InlineData("  ::error::y", "  : :error: :y")]
    [InlineData("a\n\t::warning file=b::c", "a\n\t: :warning file=b: :c")]
    [InlineData("Active::Record", "Active: :Record")]
    [InlineData(":::error::", ":: :error::")]
    [InlineData("::ERROR::x", ": :ERROR: :x")]
    // The agents compare by culture, which passes over what has no width.
    [InlineData("#\u200B#vso[x]", "#\\u200B#vso[x]")]
    [InlineData(":\u00AD:error::", ":\\u00AD:error::")]
    [InlineData("\uFEFF::error::", "\\uFEFF: :error::")]
    [InlineData(":\uFE0F:error::", ": \uFE0F:error::")]
    [InlineData("#\u034F#\uFE0F[x]", "# \u034F#\uFE0F[x]")]
    [InlineData("##v\uFE0Fso[x]", "# #v\uFE0Fso[x]")]
    // What a terminal would obey.
    [InlineData("\u001b[31mred", "\u241B[31mred")]
    [InlineData("\u001b]0;title\u0007", "\u241B]0;title\u2407")]
    [InlineData("\u009b31m", "\\u009B31m")]
    [InlineData("a\bb\0c\u007f", "a\u2408b\u2400c\u2421")]
    [InlineData("over\rwritten", "over\u240Dwritten")]
    [InlineData("a\u2028##vso[x]\u2029\u0085\u000b\u000c", "a\\u2028# #vso[x]\\u2029\\u0085\u240B\u240C")]
    [InlineData("\u202Etxt.exe\u2066", "\\u202Etxt.exe\\u2066")]
    // What is harmless stays.
    [InlineData("", "")]
    [InlineData("plain\ttext\nof two lines", "plain\ttext\nof two lines")]
    [InlineData("# Heading, ## heading [link], a:b, 12:30:15, [::1]:8126, a ? b : c", "# Heading, ## heading [link], a:b, 12:30:15, [::1]:8126, a ? b : c")]
    [InlineData("Grüße, 日本語, 😀, e\u0301", "Grüße, 日本語, 😀, e\u0301")]
    [InlineData("\uFFFD", "\uFFFD")]
    public void Text_is_made_harmless(string text, string shown)
    {
        Assert.Equal(shown, HostSafeText.Of(text));
        Assert.Equal(shown, HostSafeText.Of(shown));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_made_visible()
    {
        Assert.Equal("\\uD83D.", HostSafeText.Of("\uD83D."));
        Assert.Equal("\\uDE00", HostSafeText.Of("\uDE00"));
    }

    [Fact]
    public void Text_of_one_line_has_no_line_break() => Assert.Equal("a\u2424# #vso[x]\u2424", HostSafeText.OneLine("a\r\n##vso[x]\n"));

    [Fact]
    public void Nothing_is_shown_of_nothing() => Assert.Equal(string.Empty, HostSafeText.Of(null));

    [Fact]
    public void No_agent_finds_a_command_in_random_texts_made_of_what_commands_are_made_of()
    {
        string[] parts = ["#", "##", "v", "so", "vso", "[", "]", ":", "::", "error", "add-mask", " ", "\n", "\r", "\t", "\u200B", "\u00AD", "\uFE0F", "\u034F", "\0", "\u001b[", "=", "x"];
        var random = new Random(20261121);
        CultureInfo[] cultures = [CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo("en-US"), CultureInfo.GetCultureInfo("de-DE")];
        for (int turn = 0; turn < 20_000; turn++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => parts[random.Next(parts.Length)]));
            string shown = HostSafeText.Of(text);
            foreach (CultureInfo culture in cultures)
            {
                Assert.True(shown.Split('\n').All(line => !IsCommand(line, culture)), $"{turn}: {Uri.EscapeDataString(text)} -> {Uri.EscapeDataString(shown)}");
            }
        }
    }

    /// <summary>The parsing of the agents, in short: looks for the older form anywhere, and for the newer one at the beginning of the line.</summary>
    private static bool IsCommand(string line, CultureInfo culture)
    {
        CompareInfo compare = culture.CompareInfo;
        if (compare.IndexOf(line, "##[", CompareOptions.None) >= 0 || compare.IndexOf(line, "##vso[", CompareOptions.IgnoreCase) >= 0)
        {
            return true;
        }

        // Known commands are words of letters and dashes, right after the colons.
        string trimmed = line.TrimStart();
        int end = compare.IsPrefix(trimmed, "::", CompareOptions.None) ? compare.IndexOf(trimmed[2..], "::", CompareOptions.None) : -1;
        return end > 0 && char.IsAsciiLetter(trimmed[2]);
    }
}
