using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace LlmObs.Emulator.Catalog;

/// <summary>The upload of records as a CSV file, and the server-sent events that it is answered with.</summary>
internal static class RecordUpload
{
    /// <summary>The number of records between two progress events.</summary>
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

    /// <summary>The service's events while it writes records, and at the end.</summary>
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

/// <summary>Finds the part <c>file</c> of a multipart/form-data body (RFC 7578).</summary>
internal static class MultipartFile
{
    public static Problem? Find(string? contentType, ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> file)
    {
        file = default;
        if (!MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
            || type.MediaType != "multipart/form-data"
            || type.Parameters.FirstOrDefault(parameter => parameter.Name == "boundary")?.Value?.Trim('"') is not { Length: > 0 } boundary)
        {
            return Problem.BadRequest("The body must be multipart/form-data with a boundary.");
        }

        byte[] delimiter = Encoding.Latin1.GetBytes("--" + boundary);
        for (int at = body.Span.IndexOf(delimiter); at >= 0;)
        {
            ReadOnlyMemory<byte> rest = body[(at + delimiter.Length)..];
            int length = rest.Span.IndexOf(delimiter);
            if (length < 0)
            {
                break;
            }

            if (IsFile(rest[..length], out file))
            {
                return null;
            }

            at += delimiter.Length + length;
        }

        return Problem.BadRequest("The body has no part with the name 'file'.");
    }

    private static bool IsFile(ReadOnlyMemory<byte> part, out ReadOnlyMemory<byte> content)
    {
        content = default;
        int end = part.Span.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        // The text between a part's headers and the next delimiter, without the line break that belongs to the delimiter.
        string head = Encoding.UTF8.GetString(part.Span[..end]);
        ReadOnlyMemory<byte> rest = part[(end + 4)..];
        content = rest.Span.EndsWith("\r\n"u8) ? rest[..^2] : rest;
        return head.Split("\r\n").Any(line =>
            line.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase)
            && line.Split(';').Any(word => word.Trim() is "name=\"file\"" or "name=file"));
    }
}
