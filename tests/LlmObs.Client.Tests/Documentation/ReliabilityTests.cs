using System.Text.RegularExpressions;

namespace LlmObs.Client.Tests.Documentation;

/// <summary>Each promise of RELIABILITY.md names a test that holds it; a test that is gone or renamed must not leave its promise alone.</summary>
public sealed partial class ReliabilityTests
{
    private static readonly string Repository = FindRepository();

    public static TheoryData<int, string> Promises
    {
        get
        {
            var rows = new TheoryData<int, string>();
            string[] lines = File.ReadAllLines(Path.Combine(Repository, "RELIABILITY.md"));
            string last = string.Empty;
            for (int line = 0; line < lines.Length; line++)
            {
                string[] cells = lines[line].Replace(@"\|", "¦", StringComparison.Ordinal).Split('|');
                if (cells.Length != 4 || cells[2].Contains("---", StringComparison.Ordinal) || cells[2].Trim() == "test")
                {
                    continue;
                }

                string test = cells[2].Trim();
                last = test.StartsWith("the same", StringComparison.Ordinal) ? last : test;
                rows.Add(line + 1, test.StartsWith("the same", StringComparison.Ordinal) ? $"{last}; {test}" : test);
            }

            return rows;
        }
    }

    [Fact]
    public void There_are_promises() => Assert.True(Promises.Count > 50);

    [Theory]
    [MemberData(nameof(Promises))]
    public void A_promise_names_tests_that_are_there(int line, string tests)
    {
        string project = string.Empty;
        string? file = null;
        int named = 0;
        foreach (Match part in Part().Matches(tests))
        {
            if (part.Groups["project"].Success)
            {
                project = part.Groups["project"].Value;
            }
            else if (part.Groups["code"].Success)
            {
                named++;
                (file, string? missing) = Find(project, part.Groups["code"].Value);
                Assert.True(missing is null, $"RELIABILITY.md line {line}: there is no {missing} in the tests of {project}");
            }
            else if (file is not null)
            {
                // Names in quotation marks are those of Pester tests, up to an ellipsis.
                string name = part.Groups["name"].Value.Split('…')[0].Split('<')[0].TrimEnd();
                Assert.True(
                    File.ReadAllText(file).Replace("''", "'", StringComparison.Ordinal).Contains($"'{name}", StringComparison.Ordinal),
                    $"RELIABILITY.md line {line}: there is no test '{name}' in {Path.GetFileName(file)}");
            }
        }

        Assert.True(named > 0, $"RELIABILITY.md line {line} names no test");
    }

    /// <summary>The file of a test, or what of it is not there.</summary>
    private static (string? File, string? Missing) Find(string project, string code)
    {
        string folder = Path.Combine(Repository, "tests", $"LlmObs.{project}.Tests");
        string name = code.Split('/')[^1];
        if (name.EndsWith(".ps1", StringComparison.Ordinal) || name.EndsWith(".cs", StringComparison.Ordinal) || name.EndsWith(".jsonl", StringComparison.Ordinal))
        {
            string? whole = Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories).FirstOrDefault();
            return (whole, whole is null ? name : null);
        }

        string[] parts = name.TrimEnd('…').Split('.');
        string? file = Directory.EnumerateFiles(folder, parts[0].TrimEnd('…') + ".cs", SearchOption.AllDirectories).FirstOrDefault();
        return file is null ? (null, parts[0])
            : parts.Length > 1 && !File.ReadAllText(file).Contains(" " + parts[1].TrimEnd('…'), StringComparison.Ordinal) ? (file, $"{parts[0]}.{parts[1]}")
            : (file, null);
    }

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LlmObsPS.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The repository was not found above the tests.");
    }

    [GeneratedRegex("""\b(?<project>Client|Module|Emulator|Evaluation)\b(?= `)|`(?<code>[^`]+)`|"(?<name>[^"]+)"|“(?<name>[^”]+)”""")]
    private static partial Regex Part();
}
