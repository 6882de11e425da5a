using LlmObs.Bench.Data;
using LlmObs.Bench.Running;

namespace LlmObs.Bench.Ways;

/// <summary>All ways, with their files.</summary>
internal sealed class WayList(BenchOptions options, DataFiles data, PowerShell powerShell, NodeClient node)
{
    private const int WarmUpRows = 5000;
    private const int OneByOneRows = 2000;
    private const int OneByOneWarmUpRows = 50;

    public IReadOnlyList<Way> All() =>
    [
        Make(WayNames.PlainCSharp, "plain C#: CsvHelper, Utf8JsonWriter, HttpClient", csv: true, PlainCSharp),
        Make(WayNames.PathCsv, "Send-LlmObsEvent -Path spans.csv", csv: true, Script("send-path.ps1")),
        Make(WayNames.PathJsonLines, "Send-LlmObsEvent -Path spans.jsonl", csv: false, Script("send-path.ps1")),
        Make(WayNames.ImportCsvSend, "Import-Csv spans.csv | Send-LlmObsEvent", csv: true, Script("import-csv-send.ps1")),
        Make(WayNames.ImportCsvNull, "Import-Csv spans.csv | Out-Null", csv: true, Script("import-csv-null.ps1"), sends: false),
        Make(WayNames.GetContentSend, "Get-Content spans.jsonl | Send-LlmObsEvent", csv: false, Script("get-content-send.ps1")),
        Make(WayNames.RestBatched, "Import-Csv, ConvertTo-Json, Invoke-RestMethod per 1,000", csv: true, Script("invoke-restmethod-batched.ps1")),
        Make(WayNames.RestEach, "Invoke-RestMethod, one span a call", csv: true, Script("invoke-restmethod-each.ps1"), OneByOneRows, OneByOneWarmUpRows),
        .. node.Missing is null
            ? [Make(WayNames.TypeScript, $"official TypeScript client {node.ClientVersion}, batches of 1,000", csv: false, (file, sink, warmUp) => node.Command(file, sink.BaseUri, warmUp))]
            : Array.Empty<Way>(),
    ];

    private static Command PlainCSharp(string file, SinkProcess sink, string? warmUp) => new(
        "dotnet", [Workplace.Beside("LlmObs.Bench.PlainCSharp.dll"), file, sink.EventsUri, .. warmUp is null ? Array.Empty<string>() : [warmUp]]);

    private Func<string, SinkProcess, string?, Command> Script(string name) => (file, sink, warmUp) => powerShell.Command(
        "Measure-Way.ps1",
        [
            ("Way", Workplace.Source("PowerShell", "ways", name)),
            ("Module", Workplace.ModuleManifest),
            ("BaseUri", sink.BaseUri),
            ("File", file),
            .. warmUp is null ? Array.Empty<(string, string)>() : [("WarmUp", warmUp)],
        ]);

    private Way Make(
        string name,
        string title,
        bool csv,
        Func<string, SinkProcess, string?, Command> toCommand,
        int? rows = null,
        int warmUpRows = WarmUpRows,
        bool sends = true)
    {
        int events = rows ?? options.Events;
        return new Way(name, title, FileOf(events), FileOf(warmUpRows), events, warmUpRows, sends, toCommand)
        {
            SendsSameContent = sends && name is not (WayNames.TypeScript or WayNames.RestEach),
        };

        string FileOf(int count) => csv ? data.SpanCsv(count) : data.SpanJsonLines(count);
    }
}
