using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;

namespace LlmObs.Bench.PlainCSharp;

/// <summary>From a CSV file to requests.</summary>
internal static class SpanUpload
{
    private const int BatchSize = 1000;
    private const int ReadSize = 256 * 1024;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static async Task RunAsync(string path, BatchSender sender)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using CsvReader csv = CsvReader.Create(file, new CsvReaderOptions { Separator = ',', BufferSize = ReadSize });
        csv.ReadHeader();
        var columns = new SpanColumns(csv);

        ArrayBufferWriter<byte> body = sender.Rent();
        await using var json = new Utf8JsonWriter(body, WriterOptions);
        int count = 0;
        while (csv.Read())
        {
            if (count == 0)
            {
                SpanJson.WriteOpening(json);
            }

            SpanJson.Write(json, csv, columns);
            if (++count == BatchSize)
            {
                await SendAsync().ConfigureAwait(false);
            }
        }

        if (count > 0)
        {
            await SendAsync().ConfigureAwait(false);
        }

        await sender.CompleteAsync().ConfigureAwait(false);

        async ValueTask SendAsync()
        {
            SpanJson.WriteClosing(json);
            json.Flush();
            await sender.SendAsync(body).ConfigureAwait(false);
            body = sender.Rent();
            json.Reset(body);
            count = 0;
        }
    }
}
