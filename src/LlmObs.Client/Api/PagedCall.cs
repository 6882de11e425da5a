using System.Globalization;
using System.Runtime.CompilerServices;

namespace LlmObs.Client.Api;

/// <summary>A list that the service gives out in pages. A page is asked for when the one before it was used up, never earlier.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
public sealed class PagedCall<T>
{
    /// <summary>After this number of empty pages in a row, the service is assumed never to end.</summary>
    private const int MostEmptyPages = 100;

    private readonly PageSize _size;
    private readonly Func<string?, int, ApiCall<Page<T>>> _make;
    private readonly Func<string?, int, int> _fit;

    /// <param name="size">The size of its pages.</param>
    /// <param name="make">Makes the call for the page after a cursor (null for the first page) with at most that many items.</param>
    /// <param name="fit">The limit of the page after a cursor, at most the given one; null if any limit fits.</param>
    internal PagedCall(PageSize size, Func<string?, int, ApiCall<Page<T>>> make, Func<string?, int, int>? fit = null)
    {
        _size = size;
        _make = make;
        _fit = fit ?? ((_, limit) => limit);
    }

    /// <summary>The call for the first page.</summary>
    /// <param name="wanted">The number of items wanted from the whole list; null for all.</param>
    /// <returns>The call, to be shown or sent.</returns>
    public ApiCall<Page<T>> FirstPage(long? wanted = null) => _make(null, _size.For(wanted));

    /// <summary>Reads page after page, as they are asked for. A page that is too large to be read is asked for in smaller ones.</summary>
    /// <param name="wanted">The number of items wanted from the whole list, which determines the page size; null for all.</param>
    /// <param name="observer">Receives each attempt.</param>
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

/// <summary>The number of items to ask for in a page.</summary>
/// <param name="Usual">The number if it is unknown how many items are wanted.</param>
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
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="Items">Its items, in the service's order; may be empty although more pages follow.</param>
/// <param name="Next">The cursor of the next page (<c>meta.after</c>); null if this is the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>The number of items on all pages; null if the service does not give it.</summary>
    public long? TotalCount { get; init; }
}
