using System.Text.Json.Nodes;
using LlmObs.Testing;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace LlmObs.Page.Tests;

/// <summary>
/// The checks of axe-core, from npm: a witness in addition to our own checks, which always run. Run them with
/// <c>LLMOBS_WITNESS=1 dotnet test tests/LlmObs.Page.Tests --filter Axe</c>.
/// </summary>
[Collection(PageTests.Name)]
public class AxeTests(Browser browser, ReportPages pages)
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    [WitnessFact]
    public async Task Axe_finds_nothing_on_a_page()
    {
        string axe = await ReadAxeAsync();
        List<string> found = [];
        foreach (string scheme in new[] { "light", "dark" })
        {
            foreach (string file in new[] { pages.Run, pages.Comparison, pages.EmptyRun, pages.Overview })
            {
                await using Tab tab = await browser.OpenAsync(file, scheme);
                await tab.AskAsync($"{axe}; 0");
                found.AddRange(await ViolationsAsync(tab, $"{Path.GetFileName(file)}, {scheme}"));
                if (await tab.AskAsync("document.querySelector('#body button')?.click() ?? document.getElementById('row')?.open ?? false") is JsonValue opened && (bool)opened)
                {
                    found.AddRange(await ViolationsAsync(tab, $"{Path.GetFileName(file)}, {scheme}, an opened row"));
                }
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static async Task<List<string>> ViolationsAsync(Tab tab, string where)
    {
        JsonArray found = (JsonArray)(await tab.AskAsync(
            "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(found => found.violations.map(one => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' | ')}`))"))!;
        return [.. found.Select(one => $"{where}: {one}")];
    }

    private static async Task<string> ReadAxeAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("llmobs-axe-");
        try
        {
            string[] arguments = ["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", "axe-core@4.14.1"];
            ProcessResult npm = await ChildProcess.RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments, folder.FullName, InstallLimit);
            Assert.True(npm.ExitCode == 0, npm.Text);
            return await File.ReadAllTextAsync(Path.Combine(folder.FullName, "node_modules", "axe-core", "axe.min.js"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>A test with a program that npm brings; it is there only if it is asked for, see <see cref="WitnessDiscoverer"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("LlmObs.Page.Tests." + nameof(WitnessDiscoverer), "LlmObs.Page.Tests")]
public sealed class WitnessFactAttribute : FactAttribute;

/// <summary>Finds the tests of witnesses if they are asked for, and otherwise none: they are then neither passed nor skipped.</summary>
/// <param name="messages">The sink for the runner's messages.</param>
public sealed class WitnessDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    private readonly FactDiscoverer _facts = new(messages);

    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.GetEnvironmentVariable("LLMOBS_WITNESS") == "1" ? _facts.Discover(discoveryOptions, testMethod, factAttribute) : [];
}
