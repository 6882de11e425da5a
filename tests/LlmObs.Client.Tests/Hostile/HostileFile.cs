using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmObs.Client.Tests;

/// <summary>A file that nobody would write on purpose, and its expected outcome. The cases are in <c>files.jsonl</c>, one per line.</summary>
public sealed record HostileFile
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The ending of its name.</summary>
    [JsonPropertyName("file")]
    public required string Extension { get; init; }

    /// <summary>Its text, in pieces: text, or text and a number of repetitions.</summary>
    [JsonPropertyName("text")]
    public IReadOnlyList<JsonElement> Text { get; init; } = [];

    /// <summary>Its bytes, if they are not text.</summary>
    [JsonPropertyName("hex")]
    public string? Hex { get; init; }

    /// <summary>Columns that are read as JSON.</summary>
    [JsonPropertyName("json")]
    public IReadOnlyList<string> JsonColumns { get; init; } = [];

    /// <summary>The events that it holds, byte for byte as they are sent.</summary>
    [JsonPropertyName("sent")]
    public IReadOnlyList<string> Sent { get; init; } = [];

    /// <summary>The errors of its rows: place and message.</summary>
    [JsonPropertyName("problems")]
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The names that are reported as not sent.</summary>
    [JsonPropertyName("ignored")]
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>The error of the file as a whole.</summary>
    [JsonPropertyName("fails")]
    public string? Fails { get; init; }

    public static IReadOnlyList<HostileFile> All { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Hostile", "files.jsonl")).Select(line => JsonSerializer.Deserialize<HostileFile>(line)!)];

    public byte[] ToBytes() => Hex is not null ? Convert.FromHexString(Hex) : Encoding.UTF8.GetBytes(string.Concat(Text.Select(Piece)));

    /// <summary>Reads it, and returns the outcome in the form of the expectations.</summary>
    internal HostileFile Read(CultureInfo culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            var options = new EventFileOptions { JsonColumns = new HashSet<string>(JsonColumns, StringComparer.OrdinalIgnoreCase) };
            var rows = new WrittenRows();
            string? fails = null;
            using (var file = new TemporaryFile(Extension, ToBytes()))
            {
                try
                {
                    EventFile.Read(file.Path, options, new RoundTripSink(rows, HostObjectJson.Default));
                }
                catch (Exception e) when (e is EventRowException or NotSupportedException)
                {
                    fails = e.Message;
                }
            }

            return this with
            {
                Sent = rows.Events,
                Problems = [.. rows.Problems.Select(problem => $"{Where(problem.Place)}: {problem.Message}")],
                Ignored = rows.Ignored,
                Fails = fails,
            };
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // The file's name is another one each time.
    private static string Where(RowPlace place) => (place with { Source = null }).ToString();

    private static string Piece(JsonElement piece) => piece.ValueKind == JsonValueKind.String
        ? piece.GetString()!
        : string.Concat(Enumerable.Repeat(piece[0].GetString()!, piece[1].GetInt32()));
}
