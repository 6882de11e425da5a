using System.IO.Compression;

namespace LlmObs.Bench.Data;

/// <summary>Makes the files, once; a file that is there is whole, since it gets its name last.</summary>
internal sealed class DataFiles(string folder)
{
    private const string Generation = "1"; // to be counted up when rows change

    public string SpanCsv(int rows) => File($"spans-{rows}.csv", stream => WriteSpanCsv(stream, 0, rows));

    /// <summary>A folder of compressed CSV files with so many spans each, all of them different.</summary>
    public string SpanFiles(int files, int rows)
    {
        string subfolder = $"spans-{files}x{rows}";
        Directory.CreateDirectory(Path.Combine(folder, subfolder));
        Parallel.For(0, files, index => File(Path.Combine(subfolder, $"{index:000}.csv.gz"), stream =>
        {
            using var compressed = new GZipStream(stream, CompressionLevel.Fastest);
            WriteSpanCsv(compressed, index * rows, rows);
        }));
        return Path.Combine(folder, subfolder);
    }

    public string SpanJsonLines(int rows) => File($"spans-{rows}.jsonl", stream =>
    {
        using var json = new SpanJsonLines(stream);
        ForEachSpan(0, rows, json.Write);
    });

    public string MetricCsv(int rows) => File($"metrics-{rows}.csv", stream => MetricData.WriteCsv(stream, rows));

    /// <summary>Metrics of some years ago.</summary>
    public string OldMetricCsv(int rows) => File($"old-metrics-{rows}.csv", stream => MetricData.WriteOldCsv(stream, rows));

    private static void WriteSpanCsv(Stream stream, int first, int rows)
    {
        using var writer = new StreamWriter(stream, bufferSize: 64 * 1024);
        var csv = new SpanCsv(writer);
        csv.WriteHeader();
        ForEachSpan(first, rows, csv.Write);
    }

    private static void ForEachSpan(int first, int rows, Action<SpanRecord> write)
    {
        var span = new SpanRecord();
        for (int row = first; row < first + rows; row++)
        {
            span.Fill(row);
            write(span);
        }
    }

    private string File(string name, Action<Stream> write)
    {
        string path = Path.Combine(folder, Path.GetDirectoryName(name)!, $"g{Generation}-{Path.GetFileName(name)}");
        if (!System.IO.File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            string unfinished = path + ".part";
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1024 * 1024))
            {
                write(stream);
            }

            System.IO.File.Move(unfinished, path, overwrite: true);
        }

        return path;
    }
}
