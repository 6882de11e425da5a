using System.Runtime.CompilerServices;

namespace LlmObs.Client.Writing;

/// <summary>Writes the error of a span or a metric, from an object, from its message alone, or from columns of its own.</summary>
internal static class ErrorWriter
{
    [MethodImpl(HotPath.FullyOptimized)]
    public static bool IsGiven(EventRow row) =>
        !row.Get(EventField.Error).IsBlank || !row.Get(EventField.ErrorMessage).IsBlank
        || !row.Get(EventField.ErrorType).IsBlank || !row.Get(EventField.ErrorStack).IsBlank;

    /// <summary>Writes the error of a row that has one.</summary>
    public static void Write(CellWriter cells, EventRow row, bool withTypeAndStack)
    {
        Cell whole = row.Get(EventField.Error);
        bool hasMessage = !row.Get(EventField.ErrorMessage).IsBlank;
        if (IsObject(whole))
        {
            if (hasMessage)
            {
                throw EventRowException.For(EventField.Error, "is an object, but the row also has error_message; leave one out");
            }

            cells.Object(whole, "error");
            return;
        }

        cells.Json.Byte('{');
        bool begun = WriteMember(cells, row, hasMessage ? EventField.ErrorMessage : EventField.Error, "\"message\":"u8, begun: false);
        if (withTypeAndStack)
        {
            begun = WriteMember(cells, row, EventField.ErrorType, "\"type\":"u8, begun);
            WriteMember(cells, row, EventField.ErrorStack, "\"stack\":"u8, begun);
        }

        cells.Json.Byte('}');
    }

    private static bool WriteMember(CellWriter cells, EventRow row, EventField field, ReadOnlySpan<byte> name, bool begun)
    {
        Cell cell = row.Get(field);
        if (cell.IsBlank)
        {
            return begun;
        }

        cells.Json.Raw(begun ? ","u8 : []);
        cells.Json.Raw(name);
        cells.Text(cell, field);
        return true;
    }

    // Text in a cell is a message, whatever it begins with; only JSON and the host's own values can be objects.
    private static bool IsObject(in Cell cell) => cell.Kind switch
    {
        CellKind.Json => cell.Utf8[0] == '{',
        CellKind.Value => !cell.TryGetText(out _),
        _ => false,
    };
}
