using System.Diagnostics;
using System.Globalization;

namespace LlmObs.Client.Tests;

/// <summary>Every case in six cultures: what is sent is the same in each, and nothing is bent, dropped in silence or thrown.</summary>
public sealed class HostileFilesTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    // A decimal comma, another i, other digits and calendars, and apostrophes between thousands.
    private static readonly CultureInfo[] Cultures = [.. new[] { "", "de-DE", "tr-TR", "ar-SA", "fa-IR", "de-CH" }.Select(CultureInfo.GetCultureInfo)];

    public static TheoryData<int, string> Cases
    {
        get
        {
            var cases = new TheoryData<int, string>();
            foreach ((int index, HostileFile file) in HostileFile.All.Index())
            {
                cases.Add(index, $"{file.Extension} {file.Name}");
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_ends_in_what_was_expected(int index, string name)
    {
        HostileFile file = HostileFile.All[index];
        foreach (CultureInfo culture in Cultures)
        {
            var watch = Stopwatch.StartNew();
            HostileFile read = file.Read(culture);
            Assert.True(watch.Elapsed < Longest, $"{name} took {watch.Elapsed}");
            Assert.Equal(file.Fails, read.Fails);
            Assert.Equal(file.Problems, read.Problems);
            Assert.Equal(file.Ignored, read.Ignored);
            Assert.Equal(file.Sent, read.Sent);
        }
    }

    [Fact]
    public void There_are_enough_of_them() => Assert.True(HostileFile.All.Count >= 250);
}
