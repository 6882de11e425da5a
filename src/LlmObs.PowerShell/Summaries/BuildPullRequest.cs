using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;

namespace LlmObs.PowerShell.Summaries;

/// <summary>
/// Finds the pull request of a build in the environment that the agent gives its steps. Source: "Default environment variables" and "Events that
/// trigger workflows" of GitHub Actions, "Predefined variables" of Azure Pipelines.
/// </summary>
internal static class BuildPullRequest
{
    private const string GitHubApi = "https://api.github.com";

    /// <summary>Finds it.</summary>
    /// <param name="problem">The missing setting, as an error; null if there is none.</param>
    public static bool TryFind([NotNullWhen(true)] out PullRequest? pullRequest, out ErrorRecord? problem)
    {
        (pullRequest, problem) = (null, null);
        try
        {
            pullRequest = BuildAgent.IsAzure ? OfAzure() : BuildAgent.IsGitHub ? OfGitHub() : null;
        }
        catch (UnknownPullRequestException e)
        {
            problem = Failures.NoToken(e.Host, e.Message);
        }

        return pullRequest is not null;
    }

    private static PullRequest? OfAzure()
    {
        // For a repository on GitHub, Azure Pipelines gives GitHub's number in addition to its own id.
        if (Variable("BUILD_REPOSITORY_PROVIDER") is "GitHub" or "GitHubEnterprise")
        {
            return Number(Variable("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER")) is long onGitHub ? OnGitHub(onGitHub, "BUILD_REPOSITORY_NAME") : null;
        }

        if (Number(Variable("SYSTEM_PULLREQUEST_PULLREQUESTID")) is not long number)
        {
            return null;
        }

        const PullRequestHost Host = PullRequestHost.AzureRepos;
        string collection = Needed(Host, "SYSTEM_COLLECTIONURI").TrimEnd('/');
        return new()
        {
            Host = Host,
            Number = number,
            BaseUri = Address(Host, $"{collection}/{Uri.EscapeDataString(Needed(Host, "SYSTEM_TEAMPROJECT"))}/", "SYSTEM_COLLECTIONURI"),
            Repository = Needed(Host, "BUILD_REPOSITORY_ID"),
            Token = Token(Host, "SYSTEM_ACCESSTOKEN"),
        };
    }

    private static PullRequest? OfGitHub() => NumberOfEvent() is long number ? OnGitHub(number, "GITHUB_REPOSITORY") : null;

    private static PullRequest OnGitHub(long number, string repository) => new()
    {
        Host = PullRequestHost.GitHub,
        Number = number,
        BaseUri = Address(PullRequestHost.GitHub, $"{(Variable("GITHUB_API_URL") ?? GitHubApi).TrimEnd('/')}/", "GITHUB_API_URL"),
        Repository = Needed(PullRequestHost.GitHub, repository),
        Token = Token(PullRequestHost.GitHub, "GITHUB_TOKEN"),
    };

    // In an event about a comment, the number is an issue's, which may be a pull request.
    private static long? NumberOfEvent()
    {
        if (Variable("GITHUB_EVENT_PATH") is not string path)
        {
            return null;
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(file);
            JsonElement root = document.RootElement;
            return Member(root, "pull_request") is JsonElement pull ? NumberOf(pull)
                : Member(root, "issue") is JsonElement issue && Member(issue, "pull_request") is not null ? NumberOf(issue)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UnknownPullRequestException(PullRequestHost.GitHub, $"the file that GITHUB_EVENT_PATH names can't be read: {(e is JsonException json ? JsonText.Reason(json) : e.Message.TrimEnd('.'))}");
        }
    }

    private static JsonElement? Member(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static long? NumberOf(JsonElement item) =>
        item.TryGetProperty("number", out JsonElement number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out long value) ? value : null;

    private static Secret Token(PullRequestHost host, string variable)
    {
        try
        {
            return Secret.From(Needed(host, variable));
        }
        catch (ArgumentException e)
        {
            throw new UnknownPullRequestException(host, $"the environment variable {variable} can't be used: {Failures.Reason(e).TrimEnd('.')}");
        }
    }

    private static Uri Address(PullRequestHost host, string text, string variable) => BaseAddress.TryRead(text, out Uri? address, out string? reason)
        ? address
        : throw new UnknownPullRequestException(host, $"the environment variable {variable} can't be used: {reason}");

    private static string Needed(PullRequestHost host, string variable) =>
        Variable(variable) ?? throw new UnknownPullRequestException(host, $"the environment variable {variable} is not set");

    // Azure leaves $(Name) as it is if there is no such variable.
    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private sealed class UnknownPullRequestException(PullRequestHost host, string reason) : Exception(reason)
    {
        public PullRequestHost Host => host;
    }
}
