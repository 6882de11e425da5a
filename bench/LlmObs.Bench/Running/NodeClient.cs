namespace LlmObs.Bench.Running;

/// <summary>The official TypeScript client, brought by npm.</summary>
/// <param name="NodeVersion">The version of Node.</param>
/// <param name="ClientVersion">The version of the client.</param>
/// <param name="Missing">The reason why it is not available; null if it is.</param>
internal sealed record NodeClient(string NodeVersion, string ClientVersion, string? Missing)
{
    private const string Package = "@datadog/datadog-api-client";

    private static string Script => Path.Combine(Workplace.TypeScript, "send.js");

    public static async Task<NodeClient> PrepareAsync()
    {
        string reason = "node is not there";
        try
        {
            string node = (await MeasuredProgram.RunAsync("node", ["--version"], MeasuredProgram.ShortLimit)).Trim();
            Directory.CreateDirectory(Workplace.TypeScript);
            foreach (string file in (string[])["package.json", "send.js"])
            {
                File.Copy(Workplace.Source("TypeScript", file), Path.Combine(Workplace.TypeScript, file), overwrite: true);
            }

            reason = "npm could not install it";
            string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            await MeasuredProgram.RunAsync(
                npm, ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"], MeasuredProgram.ShortLimit, Workplace.TypeScript, keepProxy: true);
            return new NodeClient(node, InstalledVersion(), Missing: null);
        }
        catch (BenchException e)
        {
            Console.Error.WriteLine(e.Message); // names of hosts and folders stand in it, and have no place in the report
            return new NodeClient("none", "none", reason);
        }
    }

    public Command Command(string file, string baseUri, string? warmUp) => new("node", warmUp is null ? [Script, file, baseUri] : [Script, file, baseUri, warmUp]);

    private static string InstalledVersion()
    {
        string manifest = Path.Combine(Workplace.TypeScript, "node_modules", Package, "package.json");
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(manifest));
        return json.RootElement.GetProperty("version").GetString()!;
    }
}
