using System.Text.Json;

namespace LlmObs.Client.PullRequests;

/// <summary>
/// Comments of a pull request in Azure Repos: each is the first of a thread. Source: "Pull Request Threads" and "Pull Request Thread
/// Comments" of the Azure DevOps REST API; a list of threads has no pages.
/// </summary>
internal sealed class AzureReposComments(ApiTransport transport, PullRequest pullRequest) : CommentService(transport)
{
    private const string Version = "api-version=7.0";

    private readonly string _threads = FormattableString.Invariant($"_apis/git/repositories/{Uri.EscapeDataString(pullRequest.Repository)}/pullRequests/{pullRequest.Number}/threads");

    public override bool RefusesForeignComments => true;

    public override Task<IReadOnlyList<Comment>> ListAsync(IRequestObserver? observer, CancellationToken cancellation) =>
        ReadAsync($"{_threads}?{Version}", Comments, observer, cancellation);

    public override Task CreateAsync(string body, IRequestObserver? observer, CancellationToken cancellation) => SendAsync(
        HttpMethod.Post,
        $"{_threads}?{Version}",
        json =>
        {
            json.WriteStartArray("comments");
            json.WriteStartObject();
            json.WriteNumber("parentCommentId", 0);
            json.WriteString("content", body);
            json.WriteString("commentType", "text");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("status", "closed"); // an active thread can hold up the merge
        },
        observer,
        cancellation);

    public override Task ChangeAsync(Comment comment, string body, IRequestObserver? observer, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Patch, PathOf(comment), json => json.WriteString("content", body), observer, cancellation);

    public override Task DeleteAsync(Comment comment, IRequestObserver? observer, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, PathOf(comment), null, observer, cancellation);

    private static IReadOnlyList<Comment> Comments(JsonElement root)
    {
        List<Comment> found = [];
        foreach (JsonElement thread in root.GetProperty("value").EnumerateArray())
        {
            if (IsDeleted(thread) || !thread.TryGetProperty("comments", out JsonElement comments) || comments.GetArrayLength() == 0)
            {
                continue;
            }

            JsonElement first = comments[0];
            if (!IsDeleted(first) && first.TryGetProperty("content", out JsonElement content) && content.GetString() is string body)
            {
                long id = thread.GetProperty("id").GetInt64();
                found.Add(new(FormattableString.Invariant($"{id}/comments/{first.GetProperty("id").GetInt64()}"), id, body, null));
            }
        }

        return found;
    }

    private static bool IsDeleted(JsonElement item) => item.TryGetProperty("isDeleted", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;

    private string PathOf(Comment comment) => $"{_threads}/{comment.Id}?{Version}";
}
