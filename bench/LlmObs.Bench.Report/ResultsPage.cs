using System.Reflection;

namespace LlmObs.Bench.Report;

/// <summary>bench/RESULTS.md: this program writes the section after its mark, and other commands write those after their marks.</summary>
internal static class ResultsPage
{
    private const string Mark = "<!-- Reports: written by LlmObs.Bench.Report. -->";
    private const string AnyMark = "<!--";

    public static void Replace(string section)
    {
        string path = Path.Combine(
            typeof(ResultsPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == "RepositoryRoot").Value!, "bench", "RESULTS.md");
        string page = File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd() + "\n";
        int begin = page.IndexOf(Mark, StringComparison.Ordinal);
        int end = page.IndexOf(AnyMark, begin < 0 ? 0 : begin + 1, StringComparison.Ordinal);
        end = end < 0 ? page.Length : end;
        string before = page[..(begin < 0 ? end : begin)].TrimEnd();
        string after = page[end..];
        File.WriteAllText(path, $"{before}\n\n{Mark}\n\n{section.TrimEnd()}\n{(after.Length == 0 ? string.Empty : $"\n{after}")}");
    }
}
