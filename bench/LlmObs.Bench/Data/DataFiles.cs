namespace LlmObs.Bench.Data;

/// <summary>Makes the files, once; a file that is there is whole, since it gets its name last.</summary>
internal sealed class DataFiles(string folder)
{
    private const string Generation = "1"; // to be counted up when rows change

    public string SpanCsv(int rows) => File($"spans-{rows}.csv", stream =>
    {
        using var writer = new StreamWriter(stream, bufferSize: 64 * 1024);
        var csv = new SpanCsv(writer);
        csv.WriteHeader();
        ForEachSpan(rows, csv.Write);
    });

    public string SpanJsonLines(int rows) => File($"spans-{rows}.jsonl", stream =>
    {
        using var json = new SpanJsonLines(stream);
        ForEachSpan(rows, json.Write);
    });

    public string MetricCsv(int rows) => File($"metrics-{rows}.csv", stream => MetricData.WriteCsv(stream, rows));

    private static void ForEachSpan(int rows, Action<SpanRecord> write)
    {
        var span = new SpanRecord();
        for (int row = 0; row < rows; row++)
        {
            span.Fill(row);
            write(span);
        }
    }

    private string File(string name, Action<Stream> write)
    {
        string path = Path.Combine(folder, $"g{Generation}-{name}");
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
