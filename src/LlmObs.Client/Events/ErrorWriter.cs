namespace LlmObs.Client;

/// <summary>Writes the error of a span or a metric, from an object, from its message alone, or from columns of its own.</summary>
internal static class ErrorWriter
{
    public static bool IsGiven(EventRow row) =>
        !row.Get(EventField.Error).IsBlank || !row.Get(EventField.ErrorMessage).IsBlank
        || !row.Get(EventField.ErrorType).IsBlank || !row.Get(EventField.ErrorStack).IsBlank;

    public static void Write(CellWriter cells, EventRow row, bool withTypeAndStack)
    {
        if (!IsGiven(row))
        {
            return;
        }

        Cell whole = row.Get(EventField.Error);
        bool hasMessage = !row.Get(EventField.ErrorMessage).IsBlank;
        cells.Json.WritePropertyName("error"u8);
        if (IsObject(whole))
        {
            if (hasMessage)
            {
                throw EventRowException.For(EventField.Error, "is an object, and error_message stands beside it; leave one out");
            }

            cells.Object(whole, "error");
            return;
        }

        cells.Json.WriteStartObject();
        cells.OptionalText(row, hasMessage ? EventField.ErrorMessage : EventField.Error, "message"u8);
        if (withTypeAndStack)
        {
            cells.OptionalText(row, EventField.ErrorType, "type"u8);
            cells.OptionalText(row, EventField.ErrorStack, "stack"u8);
        }

        cells.Json.WriteEndObject();
    }

    // Text in a cell is a message, whatever it begins with; an object is one in JSON and in the host's own values.
    private static bool IsObject(in Cell cell) => cell.Kind switch
    {
        CellKind.Json => cell.Utf8[0] == '{',
        CellKind.Value => !cell.TryGetText(out _),
        _ => false,
    };
}
