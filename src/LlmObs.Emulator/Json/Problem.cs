using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LlmObs.Emulator.Json;

/// <summary>The reason why a request is refused: one item of a JSON:API error answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">The sentence for the caller.</param>
/// <param name="Pointer">The JSON pointer to the offending value; null if there is none.</param>
internal sealed record Problem(int Status, string Detail, string? Pointer = null)
{
    /// <summary>The short summary; the status's own phrase unless set.</summary>
    public string Title { get; init; } = StatusText.Of(Status);

    /// <summary>True if the item repeats the status; the recorded refusal of old metrics does not.</summary>
    public bool NamesStatus { get; init; } = true;

    /// <summary>The wrong query parameter; null if there is none.</summary>
    public string? Parameter { get; init; }

    /// <summary>True if the item is plain text, as in refusals of keys.</summary>
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

/// <summary>Writes problems in the API's error form.</summary>
internal static class ProblemJson
{
    /// <summary>The title of every error that was recorded of the live service.</summary>
    private const string BriefTitle = "Generic Error";

    public static byte[] Write(Problem problem, EmulatorErrorForm form)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, BodyJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("errors");
            // 429 is the one status whose items always are plain texts.
            if (problem.IsPlain || problem.Status == 429)
            {
                json.WriteStringValue(problem.Detail);
            }
            else
            {
                WriteItem(json, problem, form);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteItem(Utf8JsonWriter json, Problem problem, EmulatorErrorForm form)
    {
        json.WriteStartObject();
        json.WriteString("title", form == EmulatorErrorForm.Brief ? BriefTitle : problem.Title);
        json.WriteString("detail", problem.Detail);
        if (form == EmulatorErrorForm.Brief)
        {
            json.WriteEndObject();
            return;
        }

        if (problem.NamesStatus)
        {
            json.WriteString("status", problem.Status.ToString(CultureInfo.InvariantCulture));
        }

        if (problem.Pointer is { } pointer)
        {
            WriteSource(json, "pointer", pointer);
        }
        else if (problem.Parameter is { } parameter)
        {
            WriteSource(json, "parameter", parameter);
        }

        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, string kind, string place)
    {
        json.WriteStartObject("source");
        json.WriteString(kind, place);
        json.WriteEndObject();
    }
}

/// <summary>The standard phrase of an HTTP status.</summary>
internal static class StatusText
{
    public static string Of(int status) => status switch
    {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        417 => "Expectation Failed",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "Status " + status.ToString(CultureInfo.InvariantCulture),
    };
}
