using System.Buffers;
using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// Outputs of tasks in a folder, a file each. Its name is a digest of all that an output is held to follow from: the record, the
/// configuration, the iteration, and the task's text. Several processes may use a folder at once.
/// </summary>
internal sealed class OutputCache
{
    private readonly string _folder;
    private readonly RawJson _task;
    private readonly RawJson _config;

    /// <param name="task">The identity of the task, as JSON.</param>
    /// <param name="config">The configuration that it is given.</param>
    public OutputCache(string folder, RawJson task, object? config)
    {
        _folder = folder;
        _task = task;
        _config = config is null ? default : JsonSnapshot.Of(config);
    }

    /// <summary>Makes the folder if it is not there.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be made.</exception>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // Questions and answers are private.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The file of an output, existing or not.</summary>
    public string FileOf(RunRecord record, int iteration)
    {
        byte[] digest = CanonicalJson.DigestOf(
            _task,
            _config,
            RawJson.Of(iteration),
            record.Input,
            record.ExpectedOutput,
            record.Metadata,
            JsonSnapshot.Of(record.Record.Tags));
        return Path.Combine(_folder, Convert.ToHexStringLower(digest.AsSpan(0, 16)) + ".json");
    }

    /// <summary>Reads an output.</summary>
    /// <returns>The result; null if there is none that can be read.</returns>
    public static AttemptResult? Find(string file, DateTimeOffset now)
    {
        try
        {
            JsonElement root = JsonElement.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = HostObjectJson.MaxDepth + 2 });
            RawJson output = RawJson.Of(root.GetProperty("output").GetRawText());
            bool hasMetadata = root.TryGetProperty("metadata", out JsonElement metadata);
            return new AttemptResult
            {
                StartNs = (now - DateTimeOffset.UnixEpoch).Ticks * 100,
                DurationNs = root.GetProperty("duration").GetInt64(),
                Output = JsonSnapshot.Read(output),
                OutputJson = output,
                MetadataJson = hasMetadata ? RawJson.Of(metadata.GetRawText()) : default,
                Told = new TaskResult
                {
                    InputTokenCount = root.TryGetProperty("input_tokens", out JsonElement input) ? input.GetInt64() : null,
                    OutputTokenCount = root.TryGetProperty("output_tokens", out JsonElement tokens) ? tokens.GetInt64() : null,
                    CostUsd = root.TryGetProperty("cost_usd", out JsonElement cost) ? cost.GetDecimal() : null,
                    Tags = root.TryGetProperty("tags", out JsonElement tags) ? [.. tags.EnumerateArray().Select(tag => tag.GetString()!)] : [],
                },
                FromCache = true,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null; // not there, or cut off while it was written: the task says it again
        }
    }

    /// <summary>Keeps an output. The file is there whole or not at all.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It could not be written.</exception>
    public static void Keep(string file, AttemptResult result)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WritePropertyName("output");
            json.WriteRawValue(result.OutputJson.Utf8.Span, skipInputValidation: true);
            if (!result.MetadataJson.IsMissing)
            {
                json.WritePropertyName("metadata");
                json.WriteRawValue(result.MetadataJson.Utf8.Span, skipInputValidation: true);
            }

            WriteTold(json, result.Told);
            json.WriteNumber("duration", result.DurationNs);
            json.WriteEndObject();
        }

        string part = $"{file}.{Guid.NewGuid():N}.tmp";
        File.WriteAllBytes(part, buffer.WrittenSpan);
        File.Move(part, file, overwrite: true);
    }

    private static void WriteTold(Utf8JsonWriter json, TaskResult? told)
    {
        if (told?.InputTokenCount is long input)
        {
            json.WriteNumber("input_tokens", input);
        }

        if (told?.OutputTokenCount is long output)
        {
            json.WriteNumber("output_tokens", output);
        }

        if (told?.CostUsd is decimal cost)
        {
            json.WriteNumber("cost_usd", cost);
        }

        if (told is { Tags.Count: > 0 })
        {
            json.WriteStartArray("tags");
            foreach (string tag in told.Tags)
            {
                json.WriteStringValue(tag);
            }

            json.WriteEndArray();
        }
    }
}
