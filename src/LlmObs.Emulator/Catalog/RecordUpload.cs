using System.Globalization;
using System.Text;

namespace LlmObs.Emulator.Catalog;

/// <summary>The upload of records as a CSV file, and the server-sent events that it is answered with.</summary>
internal static class RecordUpload
{
    /// <summary>How many records are written between two tellings.</summary>
    private const int ProgressStep = 1000;

    public static Problem? Read(RouteRequest request, out RecordRequest wanted)
    {
        wanted = new RecordRequest();
        string? overwriteText = request.Query["overwrite"];
        bool overwrite = true;
        IReadOnlyList<RecordDraft> records = [];
        Problem? problem = request.Query.Flag("deduplicate", out bool deduplicate)
            ?? (overwriteText is null ? null : request.Query.Flag("overwrite", out overwrite))
            ?? MultipartFile.Find(request.Headers["Content-Type"], request.Body, out ReadOnlyMemory<byte> file)
            ?? RecordCsv.Read(file, out records);
        wanted = new RecordRequest { Inserts = records, Deduplicates = deduplicate, Overwrites = overwrite, Tags = request.Query.Values("tags") };
        return problem;
    }

    /// <summary>What the service says while it writes records, and at the end.</summary>
    public static byte[] Events(int count)
    {
        var text = new StringBuilder();
        for (int written = ProgressStep; written < count; written += ProgressStep)
        {
            Append(text, "progress", written);
        }

        Append(text, "completed", count);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, string name, int count) =>
        text.Append(CultureInfo.InvariantCulture, $"event: {name}\ndata: {{\"records_created\":{count}}}\n\n");
}
