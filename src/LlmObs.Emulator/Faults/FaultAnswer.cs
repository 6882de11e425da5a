using System.Collections;
using System.Globalization;
using System.Net;

namespace LlmObs.Emulator.Faults;

/// <summary>The answer of a fault.</summary>
internal static class FaultAnswer
{
    private static readonly byte[] Garbage = [0x00, 0xFF, 0xFE, 0x7B, 0x22, 0x81, 0x0D, 0x0A, 0x3C, 0x1B];

    /// <summary>The answer with the fault's own status.</summary>
    public static Answer Of(EmulatorFault fault, int status) => WithBody(fault, ErrorForm(status), status) with
    {
        Headers = FaultHeaders.Lines(fault.Headers),
    };

    /// <summary>
    /// The usual answer with its body replaced, for a fault that lets the request be acted on but asks for another body.
    /// </summary>
    public static Answer Over(EmulatorFault fault, Answer usual) => WithBody(fault, usual, usual.Status) with
    {
        Headers = [.. usual.Headers, .. FaultHeaders.Lines(fault.Headers)],
    };

    private static Answer WithBody(EmulatorFault fault, Answer json, int status) => fault.Body switch
    {
        EmulatorFaultBody.Json => json,
        EmulatorFaultBody.Empty => new Answer { Status = status },
        EmulatorFaultBody.Html => Html(status),
        EmulatorFaultBody.Garbage => Answer.Json(status, Garbage),
        _ => Truncated(json, status),
    };

    private static Answer ErrorForm(int status) => status < 400
        ? Answer.Json(status, "{}"u8.ToArray())
        : Answer.Of(new Problem(status, StatusText.Of(status)));

    private static Answer Html(int status)
    {
        string title = string.Create(CultureInfo.InvariantCulture, $"{status} {StatusText.Of(status)}");
        string page = $"<html>\r\n<head><title>{WebUtility.HtmlEncode(title)}</title></head>\r\n<body><h1>{WebUtility.HtmlEncode(title)}</h1></body>\r\n</html>\r\n";
        return new Answer
        {
            Status = status,
            Body = new(System.Text.Encoding.UTF8.GetBytes(page)),
            ContentType = "text/html; charset=utf-8",
        };
    }

    /// <summary>An empty body can't be cut in the middle, so one is made up for it.</summary>
    private static Answer Truncated(Answer json, int status) =>
        (json.Body.Length > 0 ? json : Answer.Json(status, "{\"data\":{\"type\":\"events\"}}"u8.ToArray())) with { Truncate = true };
}

/// <summary>
/// The headers of a fault's answer. A value that is a list is sent as often as it has items, each on a line of its own.
/// </summary>
internal static class FaultHeaders
{
    /// <summary>The headers that the transport writes itself; other values would break the answer.</summary>
    private static readonly string[] Reserved = ["Content-Length", "Transfer-Encoding", "Connection", "Date"];

    public static List<KeyValuePair<string, string>> Lines(Hashtable headers)
    {
        var lines = new List<KeyValuePair<string, string>>();
        foreach (DictionaryEntry header in headers)
        {
            string name = Text(header.Key);
            if (header.Value is IEnumerable values and not string)
            {
                foreach (object? value in values)
                {
                    lines.Add(new(name, Text(value)));
                }
            }
            else
            {
                lines.Add(new(name, Text(header.Value)));
            }
        }

        return lines;
    }

    public static string? Objection(Hashtable headers)
    {
        foreach ((string name, string value) in Lines(headers))
        {
            if (name.Length == 0 || !name.All(IsNameCharacter) || Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return $"'{name}' is not a header that can be set.";
            }

            if (value.Any(char.IsControl))
            {
                return $"the value of '{name}' has a control character.";
            }
        }

        return null;
    }

    private static bool IsNameCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal);

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
}
