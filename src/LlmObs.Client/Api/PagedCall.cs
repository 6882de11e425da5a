using System.Globalization;
using System.Runtime.CompilerServices;

namespace LlmObs.Client.Api;

/// <summary>A list that the service gives out in pages. A page is asked for when the one before it was used up, never earlier.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed class PagedCall<T>
{
    private readonly PageSize size;
    private readonly Func<string?, int, ApiCall<Page<T>>> make;

    /// <param name="size">How large its pages are.</param>
    /// <param name="make">Makes the call for the page behind a cursor (null for the first page) of at most that many items.</param>
    internal PagedCall(PageSize size, Func<string?, int, ApiCall<Page<T>>> make)
    {
        this.size = size;
        this.make = make;
    }

    /// <summary>The call for the first page.</summary>
    /// <param name="wanted">How many items are wanted of the whole list; null for all.</param>
    /// <returns>The call, to be shown or sent.</returns>
    public ApiCall<Page<T>> FirstPage(long? wanted = null) => make(null, size.For(wanted));

    /// <summary>Reads page after page, as they are asked for.</summary>
    /// <param name="wanted">How many items are wanted of the whole list, which the pages are sized by; null for all.</param>
    /// <param name="observer">Is told of each attempt.</param>
    /// <param name="cancellation">Ends the page under way at once.</param>
    /// <returns>The pages.</returns>
    /// <exception cref="LlmObsException">A page could not be read, or the service points to one that was read before.</exception>
    public async IAsyncEnumerable<Page<T>> ReadAsync(
        long? wanted = null, IRequestObserver? observer = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        int limit = size.For(wanted);
        var visited = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        do
        {
            ApiCall<Page<T>> call = make(cursor, limit);
            Page<T> page = await call.SendAsync(observer, cancellation).ConfigureAwait(false);
            yield return page;
            cursor = page.Next;
            if (cursor is not null && !visited.Add(cursor))
            {
                throw GoesInCircles(call, visited.Count);
            }
        }
        while (cursor is not null);
    }

    private static LlmObsException GoesInCircles(ApiCall<Page<T>> call, int pages) => new(
        FailureKind.UnreadableAnswer,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{call.Method} {call.Address.AbsolutePath} was read for {pages + 1} pages, but then the service pointed back to a page that was read before; what comes behind it is missing."))
    {
        Method = call.Method,
        Path = call.Address.AbsolutePath,
    };
}
