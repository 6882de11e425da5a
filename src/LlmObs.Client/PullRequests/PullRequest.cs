namespace LlmObs.Client.PullRequests;

/// <summary>The pull request that a build is of, and how to write to it.</summary>
public sealed record PullRequest
{
    /// <summary>Who keeps it.</summary>
    public required PullRequestHost Host { get; init; }

    /// <summary>Its number.</summary>
    public required long Number { get; init; }

    /// <summary>
    /// The address that the API's paths are below: of GitHub the API itself (<c>https://api.github.com/</c>), of Azure Repos the
    /// project of an organisation (<c>https://dev.azure.com/org/project/</c>). https, or http on a loopback address.
    /// </summary>
    public required Uri BaseUri { get; init; }

    /// <summary>The repository: of GitHub <c>owner/name</c>, of Azure Repos its id.</summary>
    public required string Repository { get; init; }

    /// <summary>The token, which goes to that address only.</summary>
    public required Secret Token { get; init; }
}

/// <summary>Who keeps a pull request.</summary>
public enum PullRequestHost
{
    /// <summary>GitHub, in the cloud or on a server of one's own.</summary>
    GitHub,

    /// <summary>Azure Repos, in the cloud or on a server of one's own.</summary>
    AzureRepos,
}
