namespace LlmObs.Emulator.Tests.Witness;

/// <summary>A program of Datadog that runs a script of calls, installed by npm into a separate folder.</summary>
internal sealed record NpmWitness(string Folder) : IDisposable
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StoryLimit = TimeSpan.FromMinutes(5);

    /// <param name="name">The folder with its story and what npm is to bring.</param>
    public static async Task<NpmWitness> InstallAsync(string name)
    {
        var client = new NpmWitness(Directory.CreateTempSubdirectory("llmobs-witness-").FullName);
        string source = Path.Combine(AppContext.BaseDirectory, "Witness", name);
        foreach (string file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(client.Folder, Path.GetFileName(file)));
        }

        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        await client.RunAsync(npm, ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"], InstallLimit);
        return client;
    }

    /// <summary>Lets it run the calls against an address.</summary>
    /// <returns>Its output.</returns>
    public Task<string> TellAsync(Uri address, string? accessToken = null) =>
        RunAsync("node", accessToken is null ? ["story.js", address.AbsoluteUri] : ["story.js", address.AbsoluteUri, accessToken], StoryLimit);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task<string> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        ProcessResult result = await ChildProcess.RunAsync(program, arguments, Folder, limit);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"{program} failed:{Environment.NewLine}{result.Text}");
    }
}
