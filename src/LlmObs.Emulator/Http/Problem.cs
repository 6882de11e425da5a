namespace LlmObs.Emulator.Http;

/// <summary>Why a request is refused: one item of a JSON:API error answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">The sentence for the caller.</param>
/// <param name="Pointer">The JSON pointer to the offending value; null where there is none.</param>
internal sealed record Problem(int Status, string Detail, string? Pointer = null)
{
    /// <summary>The short summary; the status's own phrase unless set.</summary>
    public string Title { get; init; } = StatusText.Of(Status);

    /// <summary>Whether the item repeats the status; the recorded refusal of old metrics does not.</summary>
    public bool NamesStatus { get; init; } = true;

    /// <summary>The query parameter that is wrong; null where none is.</summary>
    public string? Parameter { get; init; }

    /// <summary>Whether the item is a plain text, as keys are refused with.</summary>
    public bool IsPlain { get; init; }

    /// <summary>The methods of the path, for the <c>Allow</c> header of a 405.</summary>
    public string? Allow { get; init; }

    public static Problem BadRequest(string detail, string? pointer = null) => new(400, detail, pointer);

    public static Problem WrongParameter(string name, string detail) => new(400, detail) { Parameter = name };

    public static Problem Missing(string name, string pointer) =>
        new(400, $"Missing required attribute '{name}' in body.", pointer);

    public static Problem WrongType(string name, string expected, string found, string pointer) =>
        new(400, $"'{name}' must be {expected}, not {found}.", pointer);
}
