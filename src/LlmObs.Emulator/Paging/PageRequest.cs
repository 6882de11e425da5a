using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmObs.Emulator.Paging;

/// <summary>
/// Which part of a list a request asks for. A cursor names the place of the last item that was given out, so that items
/// which come or go meanwhile neither repeat others nor hide them.
/// </summary>
/// <param name="After">The place of the last item before this page; null for the first page.</param>
/// <param name="Limit">The most items on the page.</param>
internal sealed record PageRequest(long? After, int Limit)
{
    /// <summary>The largest page, and the default size: "values above 5000 are clamped to 5000".</summary>
    public const int Largest = 5000;

    private const string CursorParameter = "page[cursor]";
    private const string LimitParameter = "page[limit]";
    private const string CursorPrefix = "after:";

    public static Problem? Read(QueryParameters query, out PageRequest page)
    {
        page = new PageRequest(null, Largest);
        string? limitText = query[LimitParameter];
        long limit = Largest;
        if (limitText is not null && (!long.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1))
        {
            return Problem.WrongParameter(LimitParameter, $"'{LimitParameter}' must be a number from 1 on, not '{limitText}'.");
        }

        return Read(query[CursorParameter], limit, reason => Problem.WrongParameter(CursorParameter, reason), out page);
    }

    /// <summary>Reads a cursor and a limit that came some other way than as parameters.</summary>
    public static Problem? Read(string? cursor, long? limit, Func<string, Problem> refuse, out PageRequest page)
    {
        page = new PageRequest(null, (int)Math.Min(limit ?? Largest, Largest));
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        if (!TryReadCursor(cursor, out long after))
        {
            return refuse($"'{cursor}' is no cursor that this service gave out.");
        }

        page = page with { After = after };
        return null;
    }

    /// <summary>Cuts the page out of a list.</summary>
    /// <param name="ordered">The list, by its places.</param>
    /// <param name="placeOf">The place of an item; each item has one of its own, which never changes.</param>
    /// <param name="falling">True if positions fall along the list, as with the newest first.</param>
    public ListPage<T> Cut<T>(IEnumerable<T> ordered, Func<T, long> placeOf, bool falling = false)
    {
        List<T> items = [.. ordered.Where(item => IsPast(placeOf(item), falling)).Take(Limit + 1)];
        if (items.Count <= Limit)
        {
            return new ListPage<T>(items, null);
        }

        items.RemoveAt(Limit);
        return new ListPage<T>(items, WriteCursor(placeOf(items[^1])));
    }

    private static string WriteCursor(long place) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(CursorPrefix + place.ToString(CultureInfo.InvariantCulture)));

    private static bool TryReadCursor(string cursor, out long place)
    {
        place = 0;
        byte[] bytes = new byte[cursor.Length];
        return Base64Url.IsValid(cursor)
            && Base64Url.TryDecodeFromChars(cursor, bytes, out int length)
            && Encoding.ASCII.GetString(bytes, 0, length) is { } text
            && text.StartsWith(CursorPrefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(CursorPrefix.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out place);
    }

    private bool IsPast(long place, bool falling) => After is not { } after || (falling ? place < after : place > after);
}

/// <summary>A page of a list.</summary>
/// <param name="After">The cursor of the next page; null for the last page.</param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string? After)
{
    /// <summary>Writes the member <c>meta</c>.</summary>
    public void WriteMeta(Utf8JsonWriter json, EmulatorListEnd end)
    {
        if (After is null && end == EmulatorListEnd.NoMeta)
        {
            return;
        }

        json.WriteStartObject("meta");
        if (After is not null)
        {
            json.WriteString("after", After);
        }
        else if (end == EmulatorListEnd.Empty)
        {
            json.WriteString("after", string.Empty);
        }
        else if (end == EmulatorListEnd.Null)
        {
            json.WriteNull("after");
        }

        json.WriteEndObject();
    }
}
