using System.Globalization;
using System.Runtime.CompilerServices;

namespace LlmObs.Client.Api;

/// <summary>A list that the service gives out in pages. A page is asked for when the one before it was used up, never earlier.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed class PagedCall<T>
{
    /// <summary>So many pages with nothing on them, one behind the other, are a service that never ends.</summary>
    private const int MostEmptyPages = 100;

    private readonly PageSize _size;
    private readonly Func<string?, int, ApiCall<Page<T>>> _make;
    private readonly Func<string?, int, int> _fit;

    /// <param name="size">How large its pages are.</param>
    /// <param name="make">Makes the call for the page behind a cursor (null for the first page) of at most that many items.</param>
    /// <param name="fit">The limit that the page behind a cursor can have, at most the given one; null where each can.</param>
    internal PagedCall(PageSize size, Func<string?, int, ApiCall<Page<T>>> make, Func<string?, int, int>? fit = null)
    {
        _size = size;
        _make = make;
        _fit = fit ?? ((_, limit) => limit);
    }

    /// <summary>The call for the first page.</summary>
    /// <param name="wanted">How many items are wanted of the whole list; null for all.</param>
    /// <returns>The call, to be shown or sent.</returns>
    public ApiCall<Page<T>> FirstPage(long? wanted = null) => _make(null, _size.For(wanted));

    /// <summary>Reads page after page, as they are asked for. A page that is too large to be read is asked for in smaller ones.</summary>
    /// <param name="wanted">How many items are wanted of the whole list, which the pages are sized by; null for all.</param>
    /// <param name="observer">Is told of each attempt.</param>
    /// <param name="cancellation">Ends the page under way at once.</param>
    /// <returns>The pages.</returns>
    /// <exception cref="LlmObsException">A page could not be read, or the service points to one that was read before.</exception>
    public async IAsyncEnumerable<Page<T>> ReadAsync(
        long? wanted = null, IRequestObserver? observer = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        int limit = _size.For(wanted);
        var visited = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        int empty = 0;
        bool isEnd = false;
        while (!isEnd)
        {
            ApiCall<Page<T>> call = _make(cursor, limit);
            Page<T> page;
            try
            {
                page = await call.SendAsync(observer, cancellation).ConfigureAwait(false);
            }
            catch (LlmObsException e) when (e.Kind == FailureKind.AnswerTooLarge && limit > 1)
            {
                limit = _fit(cursor, Math.Max(1, limit / 4));
                continue;
            }

            yield return page;
            cursor = page.Next;
            empty = page.Items.Count == 0 ? empty + 1 : 0;
            if (cursor is not null && empty == MostEmptyPages)
            {
                throw EndsNever(call);
            }

            if (cursor is not null && !visited.Add(cursor))
            {
                throw GoesInCircles(call, visited.Count);
            }

            isEnd = cursor is null;
        }
    }

    private static LlmObsException GoesInCircles(ApiCall<Page<T>> call, int pages) => Incomplete(call, string.Create(
        CultureInfo.InvariantCulture,
        $"was read for {pages + 1} pages, but then the service returned a page cursor that was used before; later pages are missing."));

    private static LlmObsException EndsNever(ApiCall<Page<T>> call) => Incomplete(call, string.Create(
        CultureInfo.InvariantCulture,
        $"returned {MostEmptyPages} empty pages in a row, each with a link to the next one; later items are missing."));

    private static LlmObsException Incomplete(ApiCall<Page<T>> call, string what) => new(
        FailureKind.UnreadableAnswer, $"{call.Method} {call.Address.AbsolutePath} {what}")
    {
        Method = call.Method,
        Path = call.Address.AbsolutePath,
    };
}

/// <summary>How many items a page is asked to hold.</summary>
/// <param name="Usual">Where nobody says how many items are wanted.</param>
/// <param name="Largest">The most that a page is asked for.</param>
internal sealed record PageSize(int Usual, int Largest)
{
    /// <summary>Lists of small things; the service takes up to 5,000 a page.</summary>
    public static PageSize OfLists { get; } = new(1000, 5000);

    /// <summary>Lists of things that can be large, such as spans with their inputs and outputs: a page has to fit into memory.</summary>
    public static PageSize OfContents { get; } = new(500, 500);

    public int For(long? wanted) => wanted is null ? Usual : (int)Math.Clamp(wanted.Value, 1, Largest);
}

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">What is on it, in the service's order; may be empty although more pages follow.</param>
/// <param name="Next">The cursor of the page behind it (<c>meta.after</c>); null where this is the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>How many there are on all pages; null where the service does not say so.</summary>
    public long? TotalCount { get; init; }
}
