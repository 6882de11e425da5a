using System.Diagnostics;
using LlmObs.Emulator.Query;

namespace LlmObs.Emulator.Tests;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("?", "", false)]
    [InlineData("a*b*c", "aXbYc", true)]
    [InlineData("a*b*c", "aXbY", false)]
    [InlineData("*ab", "aab", true)]
    [InlineData("a**b", "ab", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*?", "x", true)]
    [InlineData("abc", "abcd", false)]
    public void Matches_the_whole_text(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Parse(pattern).Matches(text, ignoreCase: false));

    [Fact]
    public void Many_wildcards_do_not_take_exponential_time()
    {
        Glob pattern = Parse(string.Concat(Enumerable.Repeat("a*", 50)) + "b");
        var watch = Stopwatch.StartNew();

        Assert.False(pattern.Matches(new string('a', 20_000), ignoreCase: true));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    private static Glob Parse(string pattern) => new(pattern.Select(character => character switch
    {
        '*' => Glob.AnyRun,
        '?' => Glob.AnyOne,
        _ => character,
    }));
}
