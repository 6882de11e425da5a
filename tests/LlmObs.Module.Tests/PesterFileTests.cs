using LlmObs.Testing;
using Xunit;

namespace LlmObs.Module.Tests;

/// <summary>A Pester file that does not do all its work must not pass for one that does.</summary>
public sealed class PesterFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmobs-pester-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task That_breaks_skips_or_is_empty_has_failed_and_one_that_ends_the_process_leaves_no_report()
    {
        Write("Good", "Describe d { It i { 1 | Should -Be 1 } }");
        Write("Wrong", "Describe d { It i { 1 | Should -Be 2 } }");
        Write("BrokenOutside", "throw 'while tests are looked for'");
        Write("BrokenBefore", "Describe d { BeforeAll { throw 'before its tests' }; It i { } }");
        Write("BrokenAfter", "Describe d { AfterAll { throw 'after its tests' }; It i { } }");
        Write("Skipping", "Describe d { It i { }; It j -Skip { } }");
        Write("Empty", string.Empty);
        Write("Ending", "Describe d { It i { [Environment]::Exit(0) } }");
        string[] files = ["Good", "Wrong", "BrokenOutside", "BrokenBefore", "BrokenAfter", "Skipping", "Empty", "Ending"];

        ProcessResult result = await PowerShellUnderTest.RunAsync(
            Path.Combine(Repository.Tests, "Support", "Invoke-PesterFile.ps1"),
            TimeSpan.FromMinutes(5),
            ["-Manifest", Repository.ModuleManifest, "-Reports", _folder.FullName, .. files.Select(Place)]);

        string[] failed = [.. files.Where(name => File.Exists(Path.Combine(_folder.FullName, name + ".Tests.failed")))];
        string[] reported = [.. files.Where(name => File.Exists(Path.Combine(_folder.FullName, name + ".Tests.xml")))];
        Assert.True(failed.SequenceEqual(files[1..^1]), $"Failed: {string.Join(", ", failed)}. {result.Text}");
        Assert.Contains("Good", reported);
        Assert.DoesNotContain("Ending", reported);
        string said = File.ReadAllText(Path.Combine(_folder.FullName, "BrokenOutside.Tests.failed"));
        Assert.Contains("while tests are looked for", said, StringComparison.Ordinal);
    }

    private string Place(string name) => Path.Combine(_folder.FullName, name + ".Tests.ps1");

    private void Write(string name, string text) => File.WriteAllText(Place(name), text);
}
