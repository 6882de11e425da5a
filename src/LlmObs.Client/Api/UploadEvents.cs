using System.Net.ServerSentEvents;
using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>
/// What the service says while it takes over a file of records: server-sent events <c>progress</c>, and at the end
/// <c>completed</c> or <c>error</c>. Source: "Upload records to an Agent Observability dataset".
/// </summary>
internal sealed class UploadEvents(Action<long>? progress)
{
    // The documents name only the first; what the counts of a progress event are called is nowhere written.
    private static readonly string[] CountNames = ["records_created", "records_written", "records_processed", "count"];

    /// <summary>The records made, once the service has said that it is done; null before.</summary>
    public long? Created { get; private set; }

    /// <summary>Why the service gave up, if it did.</summary>
    public string? Error { get; private set; }

    /// <summary>The records that were written when it was last heard of; 0 where it never said.</summary>
    public long Written { get; private set; }

    /// <summary>Reads to the last event.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        (Created, Error, Written) = (null, null, 0);
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(cancellation).ConfigureAwait(false))
        {
            switch (item.EventType)
            {
                case "completed":
                    Created = Count(item.Data) ?? 0;
                    return;
                case "error":
                    Error = Message(item.Data);
                    return;
                case "progress" when Count(item.Data) is long written:
                    Written = written;
                    progress?.Invoke(written);
                    break;
            }
        }
    }

    private static long? Count(string data) => Read(data, root =>
        root.ValueKind == JsonValueKind.Number ? LenientJson.Integer(root)
        : CountNames.Select(name => PageJson.Member(root, name)).FirstOrDefault(found => found is not null) is JsonElement named ? LenientJson.Integer(named)
        : root.ValueKind == JsonValueKind.Object ? root.EnumerateObject().Select(member => LenientJson.Integer(member.Value)).FirstOrDefault(number => number is not null)
        : null);

    private static string Message(string data) => Read(data, root => PageJson.Member(root, "message") is JsonElement message ? LenientJson.Text(message) : null)
        ?? (string.IsNullOrWhiteSpace(data) ? "no reason was given" : data);

    private static T? Read<T>(string data, Func<JsonElement, T?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return read(document.RootElement);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
