using System.Buffers;
using System.Text.Json;

namespace LlmObs.Client.PullRequests;

/// <summary>
/// Writes comments on a pull request: one for each title, which is changed and not repeated, whoever else writes it at the same time.
/// </summary>
public sealed class PullRequestComments : IDisposable
{
    /// <summary>So often a comment is looked for anew, if somebody else changes comments meanwhile.</summary>
    private const int MostRounds = 6;

    private readonly ApiTransport _transport;
    private readonly CommentService _service;

    /// <param name="pullRequest">Where comments go.</param>
    /// <param name="time">The clock of waits and time limits.</param>
    /// <exception cref="ArgumentException">Its address is neither https nor loopback.</exception>
    public PullRequestComments(PullRequest pullRequest, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(pullRequest);
        _transport = new ApiTransport(new() { BaseUri = pullRequest.BaseUri, AccessToken = pullRequest.Token, Time = time });
        _service = pullRequest.Host == PullRequestHost.GitHub ? new GitHubComments(_transport, pullRequest) : new AzureReposComments(_transport, pullRequest);
    }

    /// <summary>Writes a comment, or changes the one of this title; if there are several, one is left.</summary>
    /// <param name="title">What the comment is found by again.</param>
    /// <param name="markdown">The text; what is too long for a comment is cut, and says so.</param>
    /// <param name="observer">Is told of each attempt.</param>
    /// <param name="cancellation">Ends the call under way at once.</param>
    /// <returns>Whether a comment was there already, and its address if the service gives one.</returns>
    /// <exception cref="LlmObsException">It could not be written.</exception>
    public async Task<(bool IsChange, string? Address)> WriteAsync(
        string title, string markdown, IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        string mark = CommentText.MarkOf(title);
        string body = CommentText.Of(title, markdown);
        HashSet<string> foreign = [];
        bool isChange = true;
        for (int round = 0; round < MostRounds; round++)
        {
            Comment[] found = [.. (await _service.ListAsync(observer, cancellation).ConfigureAwait(false))
                .Where(comment => comment.Body.StartsWith(mark, StringComparison.Ordinal) && !foreign.Contains(comment.Id)).OrderBy(comment => comment.Order)];
            if (found is not [Comment oldest, .. Comment[] others])
            {
                // Looked at again: another job may be doing the same.
                await _service.CreateAsync(body, observer, cancellation).ConfigureAwait(false);
                isChange = false;
                continue;
            }

            if (oldest.Body != body)
            {
                if (!await TryAsync(oldest, () => _service.ChangeAsync(oldest, body, observer, cancellation)).ConfigureAwait(false))
                {
                    continue;
                }
            }

            // The oldest stays, for every job that looks.
            foreach (Comment other in others)
            {
                await TryAsync(other, () => _service.DeleteAsync(other, observer, cancellation)).ConfigureAwait(false);
            }

            return (isChange, oldest.Address);
        }

        throw new LlmObsException(FailureKind.Conflict, "The comments of the pull request were changed by somebody else again and again while this one was written.");

        // False if the comment is gone, or is somebody else's who may not be written over.
        async Task<bool> TryAsync(Comment comment, Func<Task> change)
        {
            try
            {
                await change().ConfigureAwait(false);
                return true;
            }
            catch (LlmObsException e) when (e.Kind == FailureKind.NotFound)
            {
                return false;
            }
            catch (LlmObsException e) when (e.Kind == FailureKind.Forbidden && _service.RefusesForeignComments)
            {
                foreign.Add(comment.Id);
                return false;
            }
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _transport.Dispose();
}

/// <summary>A comment that is there.</summary>
/// <param name="Id">What the service finds it by.</param>
/// <param name="Order">Older ones have smaller numbers.</param>
/// <param name="Body">The text.</param>
/// <param name="Address">Its page; null if the service gives none.</param>
internal sealed record Comment(string Id, long Order, string Body, string? Address);

/// <summary>The comments of one pull request, as its service has them.</summary>
internal abstract class CommentService(ApiTransport transport)
{
    /// <summary>Whether 403 for a change means that the comment is somebody else's.</summary>
    public abstract bool RefusesForeignComments { get; }

    /// <summary>The comments that may be ours, and that are not deleted.</summary>
    public abstract Task<IReadOnlyList<Comment>> ListAsync(IRequestObserver? observer, CancellationToken cancellation);

    public abstract Task CreateAsync(string body, IRequestObserver? observer, CancellationToken cancellation);

    public abstract Task ChangeAsync(Comment comment, string body, IRequestObserver? observer, CancellationToken cancellation);

    public abstract Task DeleteAsync(Comment comment, IRequestObserver? observer, CancellationToken cancellation);

    protected Task<T> ReadAsync<T>(string path, Func<JsonElement, T> read, IRequestObserver? observer, CancellationToken cancellation) =>
        new ApiCall<T>(transport, HttpMethod.Get, path, default, RetrySafety.Reading, answer => answer.ReadJson(root => Read(root, read))).SendAsync(observer, cancellation);

    /// <summary>Sends a change; one that is made twice does no harm, as doubles are merged.</summary>
    protected Task SendAsync(HttpMethod method, string path, Action<Utf8JsonWriter>? write, IRequestObserver? observer, CancellationToken cancellation)
    {
        ArrayBufferWriter<byte> body = new();
        if (write is not null)
        {
            using Utf8JsonWriter json = new(body, JsonDefaults.WriterOptions);
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return new ApiCall<bool>(transport, method, path, body.WrittenMemory, RetrySafety.AfterTransientFailure, _ => true).SendAsync(observer, cancellation);
    }

    /// <exception cref="FormatException">A member is missing, or of another kind.</exception>
    private static T Read<T>(JsonElement root, Func<JsonElement, T> read)
    {
        try
        {
            return read(root);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("it has not the form that the service documents", e);
        }
    }
}
