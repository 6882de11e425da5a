using System.Text.Json;

namespace LlmObs.Client.PullRequests;

/// <summary>Comments of a pull request on GitHub. Source: "REST API endpoints for issue comments".</summary>
internal sealed class GitHubComments(ApiTransport transport, PullRequest pullRequest) : CommentService(transport)
{
    private const int PageSize = 100;
    private const int MostPages = 100;

    private readonly string _repository = "repos/" + string.Join('/', pullRequest.Repository.Split('/').Select(Uri.EscapeDataString));

    /// <summary>A token that may write can change anybody's comments here, so foreign comments are recognised by their author.</summary>
    public override bool RefusesForeignComments => false;

    public override async Task<IReadOnlyList<Comment>> ListAsync(IRequestObserver? observer, CancellationToken cancellation)
    {
        string? login = await LoginAsync(observer, cancellation).ConfigureAwait(false);
        List<Comment> own = [];
        for (int page = 1; page <= MostPages; page++)
        {
            string path = FormattableString.Invariant($"{_repository}/issues/{pullRequest.Number}/comments?per_page={PageSize}&page={page}");
            (int count, List<Comment> found) = await ReadAsync(path, root => (root.GetArrayLength(), Own(root, login)), observer, cancellation).ConfigureAwait(false);
            own.AddRange(found);
            if (count < PageSize)
            {
                break;
            }
        }

        return own;
    }

    public override Task CreateAsync(string body, IRequestObserver? observer, CancellationToken cancellation) => SendAsync(
        HttpMethod.Post, FormattableString.Invariant($"{_repository}/issues/{pullRequest.Number}/comments"), json => json.WriteString("body", body), observer, cancellation);

    public override Task ChangeAsync(Comment comment, string body, IRequestObserver? observer, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Patch, PathOf(comment), json => json.WriteString("body", body), observer, cancellation);

    public override Task DeleteAsync(Comment comment, IRequestObserver? observer, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, PathOf(comment), null, observer, cancellation);

    // The token of a workflow or an app belongs to no user: it may not ask, and its comments are a bot's.
    private async Task<string?> LoginAsync(IRequestObserver? observer, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync("user", root => root.GetProperty("login").GetString(), observer, cancellation).ConfigureAwait(false);
        }
        catch (LlmObsException e) when (e.Kind is FailureKind.Forbidden or FailureKind.NotFound)
        {
            return null;
        }
    }

    private static List<Comment> Own(JsonElement page, string? login)
    {
        List<Comment> own = [];
        foreach (JsonElement item in page.EnumerateArray())
        {
            bool isOwn = item.TryGetProperty("user", out JsonElement user) && user.ValueKind == JsonValueKind.Object
                && (login is null ? user.GetProperty("type").ValueEquals("Bot") : user.GetProperty("login").ValueEquals(login));
            if (isOwn && item.GetProperty("body").GetString() is string body)
            {
                long id = item.GetProperty("id").GetInt64();
                own.Add(new(FormattableString.Invariant($"{id}"), id, body, item.TryGetProperty("html_url", out JsonElement address) ? address.GetString() : null));
            }
        }

        return own;
    }

    private string PathOf(Comment comment) => $"{_repository}/issues/comments/{comment.Id}";
}
