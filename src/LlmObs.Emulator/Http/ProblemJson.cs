using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LlmObs.Emulator.Http;

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
