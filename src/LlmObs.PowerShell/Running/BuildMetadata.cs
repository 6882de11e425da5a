using System.Diagnostics;
using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>The commit that is evaluated, from the build agent's variables, or from git.</summary>
/// <param name="Commit">The commit's hash.</param>
/// <param name="Repository">The repository's address, without a user or a password.</param>
/// <param name="BuildUrl">The page of the build.</param>
internal sealed record BuildMetadata(string? Commit, string? Branch, string? Repository, string? BuildUrl)
{
    private static readonly TimeSpan LongestGit = TimeSpan.FromSeconds(5);

    public bool IsEmpty => Commit is null && Branch is null && Repository is null && BuildUrl is null;

    /// <summary>Tags under the names that Datadog's SDKs give them.</summary>
    public IEnumerable<string> Tags()
    {
        if (Commit is not null)
        {
            yield return $"git.commit.sha:{Commit}";
        }

        if (Branch is not null)
        {
            yield return $"git.branch:{Branch}";
        }

        if (Repository is not null)
        {
            yield return $"git.repository_url:{Repository}";
        }
    }

    /// <param name="folder">The folder for git, outside of a build.</param>
    public static BuildMetadata Find(string? folder)
    {
        BuildMetadata agent = OfAgent();
        return agent.Commit is not null || folder is null ? agent : OfGit(folder);
    }

    private static BuildMetadata OfAgent()
    {
        if (Variable("TF_BUILD") is not null)
        {
            string? collection = Variable("SYSTEM_COLLECTIONURI") ?? Variable("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI");
            string? project = Variable("SYSTEM_TEAMPROJECT");
            string? build = Variable("BUILD_BUILDID");
            return new BuildMetadata(
                Variable("DD_GIT_COMMIT_SHA") ?? Variable("SYSTEM_PULLREQUEST_SOURCECOMMITID") ?? Variable("BUILD_SOURCEVERSION"),
                Variable("DD_GIT_BRANCH") ?? ShortBranch(Variable("SYSTEM_PULLREQUEST_SOURCEBRANCH") ?? Variable("BUILD_SOURCEBRANCH")),
                WithoutUser(Variable("DD_GIT_REPOSITORY_URL") ?? Variable("BUILD_REPOSITORY_URI")),
                collection is null || project is null || build is null ? null : $"{collection.TrimEnd('/')}/{Uri.EscapeDataString(project)}/_build/results?buildId={build}");
        }

        if (Variable("GITHUB_ACTIONS") is not null)
        {
            string? repository = Variable("GITHUB_REPOSITORY") is string name ? $"{Variable("GITHUB_SERVER_URL") ?? "https://github.com"}/{name}" : null;
            return new BuildMetadata(
                Variable("DD_GIT_COMMIT_SHA") ?? Variable("GITHUB_SHA"),
                Variable("DD_GIT_BRANCH") ?? Variable("GITHUB_HEAD_REF") ?? Variable("GITHUB_REF_NAME"),
                Variable("DD_GIT_REPOSITORY_URL") ?? repository,
                repository is null || Variable("GITHUB_RUN_ID") is not string run ? null : $"{repository}/actions/runs/{run}");
        }

        return new BuildMetadata(Variable("DD_GIT_COMMIT_SHA"), Variable("DD_GIT_BRANCH"), WithoutUser(Variable("DD_GIT_REPOSITORY_URL")), null);
    }

    private static BuildMetadata OfGit(string folder)
    {
        string? commit = Git(folder, "rev-parse", "HEAD");
        if (commit is null)
        {
            return new BuildMetadata(null, null, null, null);
        }

        string? branch = Git(folder, "rev-parse", "--abbrev-ref", "HEAD");
        return new BuildMetadata(commit, branch == "HEAD" ? null : branch, WithoutUser(Git(folder, "config", "--get", "remote.origin.url")), null);
    }

    private static string? Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Array.ForEach(arguments, start.ArgumentList.Add);
        try
        {
            using Process git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            string text = git.StandardOutput.ReadToEnd().Trim();
            return git.WaitForExit(LongestGit) && git.ExitCode == 0 && text.Length > 0 ? text : null;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return null; // no git on this machine
        }
    }

    // A repository's address in a build may hold the token that it was fetched with.
    private static string? WithoutUser(string? address) =>
        address is not null && Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Length > 0
            ? new UriBuilder(uri) { UserName = string.Empty, Password = string.Empty }.Uri.AbsoluteUri
            : address;

    private static string? ShortBranch(string? branch) =>
        branch is not null && branch.StartsWith("refs/heads/", StringComparison.Ordinal) ? branch["refs/heads/".Length..] : branch;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}

/// <summary>
/// An experiment's metadata with the facts of the build, under both of the conventions that Datadog's own recipes filter
/// by: <c>commit</c> and <c>branch</c>, and <c>tags</c> with <c>git.commit.sha</c>. The user's own values take precedence.
/// </summary>
internal static class ExperimentMetadata
{
    /// <returns>The metadata; null if there is none.</returns>
    /// <exception cref="UnwritableValueException">The user's metadata has no form in JSON.</exception>
    public static object? Of(object? given, BuildMetadata build)
    {
        if (build.IsEmpty)
        {
            return given;
        }

        var known = new OrderedDictionary<string, object?>();
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                known[name] = value;
            }
        }

        Add("commit", build.Commit);
        Add("branch", build.Branch);
        Add("build_url", build.BuildUrl);
        RawJson own = given is null ? default : JsonSnapshot.Of(given);
        known["tags"] = OwnTags(own).Concat(build.Tags()).Distinct(StringComparer.Ordinal).ToArray();
        RawJson merged = JsonSnapshot.Merge(JsonSnapshot.Of(known), own, JsonSnapshot.Of(new Dictionary<string, object?> { ["tags"] = known["tags"] }));
        return merged.Read();
    }

    private static IEnumerable<string> OwnTags(RawJson own) =>
        !own.IsMissing && own.Read() is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array
            ? [.. tags.EnumerateArray().Select(tag => tag.ValueKind == JsonValueKind.String ? tag.GetString()! : tag.GetRawText())]
            : [];
}
