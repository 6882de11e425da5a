namespace LlmObs.Bench.Ways;

/// <summary>The names of the ways.</summary>
internal static class WayNames
{
    public const string PlainCSharp = "plain-csharp";
    public const string PathCsv = "path-csv";
    public const string PathJsonLines = "path-jsonl";
    public const string ImportCsvSend = "import-csv-send";
    public const string ImportCsvNull = "import-csv-null";
    public const string GetContentSend = "get-content-send";
    public const string RestBatched = "rest-batched";
    public const string RestEach = "rest-each";
    public const string TypeScript = "typescript";
}
