using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LlmObs.Client.PullRequests;

/// <summary>
/// Writes comments on a pull request: one per title, which later calls update, even if others write it at the same time.
/// </summary>
public sealed class PullRequestComments : IDisposable
{
    /// <summary>The most attempts to find a comment while somebody else changes comments.</summary>
    private const int MostRounds = 6;

    private readonly ApiTransport _transport;
    private readonly CommentService _service;

    /// <param name="time">The clock of waits and time limits.</param>
    /// <exception cref="ArgumentException">Its address is neither https nor loopback.</exception>
    public PullRequestComments(PullRequest pullRequest, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(pullRequest);
        _transport = new ApiTransport(new() { BaseUri = pullRequest.BaseUri, AccessToken = pullRequest.Token, Time = time });
        _service = pullRequest.Host == PullRequestHost.GitHub ? new GitHubComments(_transport, pullRequest) : new AzureReposComments(_transport, pullRequest);
    }

    /// <summary>Writes a comment, or changes the one of this title; if there are several, one is left.</summary>
    /// <param name="title">The title by which the comment is found again.</param>
    /// <param name="markdown">The text; if it is too long for a comment it is cut, with a note.</param>
    /// <param name="observer">Receives each attempt.</param>
    /// <param name="cancellation">Ends the call under way at once.</param>
    /// <returns>True if a comment was there already, and its address if the service gives one.</returns>
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
/// <param name="Id">Its id in the service.</param>
/// <param name="Order">Older ones have smaller numbers.</param>
/// <param name="Body">The text.</param>
/// <param name="Address">Its page; null if the service gives none.</param>
internal sealed record Comment(string Id, long Order, string Body, string? Address);

/// <summary>The comments of one pull request, as its service has them.</summary>
internal abstract class CommentService(ApiTransport transport)
{
    /// <summary>True if 403 for a change means that the comment is somebody else's.</summary>
    public abstract bool RefusesForeignComments { get; }

    /// <summary>The comments that may be ours, and that are not deleted.</summary>
    public abstract Task<IReadOnlyList<Comment>> ListAsync(IRequestObserver? observer, CancellationToken cancellation);

    public abstract Task CreateAsync(string body, IRequestObserver? observer, CancellationToken cancellation);

    public abstract Task ChangeAsync(Comment comment, string body, IRequestObserver? observer, CancellationToken cancellation);

    public abstract Task DeleteAsync(Comment comment, IRequestObserver? observer, CancellationToken cancellation);

    protected Task<T> ReadAsync<T>(string path, Func<JsonElement, T> read, IRequestObserver? observer, CancellationToken cancellation) =>
        new ApiCall<T>(transport, HttpMethod.Get, path, default, RetrySafety.Read, answer => answer.ReadJson(root => Read(root, read))).SendAsync(observer, cancellation);

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

/// <summary>The pull request that a build is of, and how to write to it.</summary>
public sealed record PullRequest
{
    /// <summary>Its host.</summary>
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

/// <summary>The host of a pull request.</summary>
public enum PullRequestHost
{
    /// <summary>GitHub, in the cloud or on a server of one's own.</summary>
    GitHub,

    /// <summary>Azure Repos, in the cloud or on a server of one's own.</summary>
    AzureRepos,
}

/// <summary>A report as a comment: with a hidden mark in front, and within the length of a comment.</summary>
internal static class CommentText
{
    /// <summary>The most characters of a comment on GitHub; Azure Repos takes more.</summary>
    public const int Limit = 65_536;

    private const int LongestLine = 4_096;

    /// <summary>
    /// What a comment begins with that is of this title. A comment in HTML is not shown, and a digest can't end it, as a title could.
    /// </summary>
    public static string MarkOf(string title) =>
        $"<!-- LlmObs summary {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(title)).AsSpan(0, 16))} -->";

    /// <summary>The comment. If it is too long, rows at the end of its longest table are left out, with a note.</summary>
    /// <param name="title">The title by which the comment is found.</param>
    /// <param name="markdown">The report.</param>
    /// <param name="limit">The most characters.</param>
    public static string Of(string title, string markdown, int limit = Limit)
    {
        string whole = $"{MarkOf(title)}\n{markdown.TrimEnd()}";
        return whole.Length <= limit ? whole : Cut([.. whole.Split('\n').Select(Shorten)], limit);
    }

    private static string Cut(List<string> lines, int limit)
    {
        Table[] tables = [.. TablesOf(lines)];
        int excess = lines.Sum(line => line.Length + 1) - limit;
        foreach (Table table in tables.OrderByDescending(table => table.Count))
        {
            if (excess <= 0)
            {
                break;
            }

            excess += Note(table.Count, table.Count).Length + 2;
            while (table.Kept > 0 && excess > 0)
            {
                excess -= lines[table.First + --table.Kept].Length + 1;
            }
        }

        foreach (Table table in tables.Where(table => table.Kept < table.Count).Reverse())
        {
            lines.RemoveRange(table.First + table.Kept, table.Count - table.Kept);
            lines.InsertRange(table.First + table.Kept, [string.Empty, Note(table.Kept, table.Count)]);
        }

        string text = string.Join('\n', lines);
        if (text.Length <= limit)
        {
            return text;
        }

        // Lines outside a table: the checks, which the build also shows.
        const string Rest = "\n\n_The rest is left out: a comment holds 65,536 characters. The summary of the build has all._";
        return text[..text.LastIndexOf('\n', limit - Rest.Length)] + Rest;
    }

    private static string Note(int kept, int rows) => string.Create(
        CultureInfo.InvariantCulture,
        $"_{kept:N0} of {rows:N0} rows are shown: a comment holds 65,536 characters. The summary of the build has all._");

    private static IEnumerable<Table> TablesOf(List<string> lines)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith("| -", StringComparison.Ordinal))
            {
                int end = i + 1;
                while (end < lines.Count && lines[end].StartsWith('|'))
                {
                    end++;
                }

                yield return new Table(i + 1, end - i - 1);
                i = end - 1;
            }
        }
    }

    private static string Shorten(string line)
    {
        if (line.Length <= LongestLine)
        {
            return line;
        }

        int end = char.IsHighSurrogate(line[LongestLine - 1]) ? LongestLine - 1 : LongestLine;
        return line[..end] + "…";
    }

    /// <summary>The rows of a table, after its head.</summary>
    private sealed record Table(int First, int Count)
    {
        public int Kept { get; set; } = Count;
    }
}
