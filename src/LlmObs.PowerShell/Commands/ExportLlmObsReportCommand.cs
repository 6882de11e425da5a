using System.Management.Automation;
using System.Text;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Reports;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Commands;

/// <summary>Writes the result of a run or of a comparison to a file: a page for a browser, Markdown, JUnit's XML, or CSV.</summary>
[Cmdlet(VerbsData.Export, "LlmObsReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = ByPath)]
[OutputType(typeof(FileInfo))]
public sealed class ExportLlmObsReportCommand : RunCmdlet
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    private readonly List<MetricComparison> _comparisons = [];
    private readonly List<object> _runs = [];

    /// <summary>A run, an experiment (object, id or name), a result file, or what Compare-LlmObsExperiment has found.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public object InputObject { get; set; } = null!;

    /// <summary>The file. One that is there is written over, once the new one is whole.</summary>
    [Parameter(Position = 1, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The file, its name taken as it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath)]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>The format; by default it follows from the file's ending, or is a page.</summary>
    [Parameter]
    public ReportFormat? As { get; set; }

    /// <summary>The run to compare with: a run, an experiment (object, id or name), or a result file.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public object? Baseline { get; set; }

    /// <summary>Metrics for which a lower value is better, with a baseline. Duration, errors, tokens and cost are always among them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] LowerIsBetter { get; set; } = [];

    /// <summary>The heading.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Refuses to write over a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Writes the file's FileInfo.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object bare = InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject;
        switch (bare)
        {
            case MetricComparison comparison:
                _comparisons.Add(comparison);
                break;
            case IEnumerable<MetricComparison> comparisons:
                _comparisons.AddRange(comparisons);
                break;
            case object[] several when Array.TrueForAll(several, one => one is MetricComparison or PSObject { BaseObject: MetricComparison }):
                _comparisons.AddRange(several.Select(one => (MetricComparison)(one is PSObject item ? item.BaseObject : one)));
                break;
            default:
                _runs.Add(InputObject);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_runs.Count + (_comparisons.Count > 0 ? 1 : 0) > 1)
        {
            WriteError(Failures.TooManyRuns(_runs.Count, _comparisons.Count, InputObject));
            return;
        }

        if (_runs.Count + _comparisons.Count == 0)
        {
            return;
        }

        ReportFormat format = As ?? FormatOf(Path ?? LiteralPath);
        string given = ParameterSetName == ByLiteralPath ? LiteralPath : Path ?? DefaultName(format);
        if (!FileSystemPath.TryResolve(SessionState, given, out string? file, out ErrorRecord? problem))
        {
            WriteError(problem);
        }
        else if (ShouldProcess(file, $"Write report as {format}"))
        {
            if (NoClobber && File.Exists(file))
            {
                WriteError(Failures.UnwritableFile(file, "it exists, and -NoClobber was given"));
            }
            else
            {
                Write(file, format);
            }
        }
    }

    private static ReportFormat FormatOf(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".MD" or ".MARKDOWN" => ReportFormat.Markdown,
        ".XML" => ReportFormat.JUnit,
        ".CSV" => ReportFormat.Csv,
        _ => ReportFormat.Html,
    };

    private static string DefaultName(ReportFormat format) => format switch
    {
        ReportFormat.Markdown => "report.md",
        ReportFormat.JUnit => "report.xml",
        ReportFormat.Csv => "report.csv",
        _ => "report.html",
    };

    private void Write(string file, ReportFormat format)
    {
        object target = _runs.Count > 0 ? _runs[0] : file;
        try
        {
            if ((_runs.Count > 0 ? ReportOfRun(_runs[0]) : ReportOfComparisons()) is not RunReport report)
            {
                return;
            }

            using ReplacementFile replacement = ReplacementFile.Begin(SessionState, file);
            Bridge.Await(token => Task.Run(() => WriteAsync(report, format, replacement.Stream, token), token));
            replacement.Commit();
            if (PassThru)
            {
                WriteObject(new FileInfo(file));
            }
        }
        catch (ResultFileException e)
        {
            WriteError(Failures.InvalidResultFile(e, target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(Failures.UnwritableFile(file, e));
        }
    }

    private static async Task WriteAsync(RunReport report, ReportFormat format, FileStream stream, CancellationToken token)
    {
        BufferedStream buffer = new(stream, 1 << 16); // not disposed: it would close the file before it takes its place
        switch (format)
        {
            case ReportFormat.Markdown:
                string markdown = report.Comparisons.Count > 0 ? ComparisonMarkdown.Write(report.Title, report.Comparisons, null) : RunMarkdown.Write(report);
                await buffer.WriteAsync(Encoding.UTF8.GetBytes(markdown), token).ConfigureAwait(false);
                break;
            case ReportFormat.JUnit:
                JUnitReport.Write(report, buffer, token);
                break;
            case ReportFormat.Csv:
                CsvReport.Write(report, buffer, token);
                break;
            default:
                await HtmlReport.WriteAsync(report, buffer, cancellation: token).ConfigureAwait(false);
                break;
        }

        await buffer.FlushAsync(token).ConfigureAwait(false);
    }

    private RunReport? ReportOfRun(object given)
    {
        if (!TryReadRun(given, out IResultRows? rows, out string name))
        {
            return null;
        }

        if (Baseline is null)
        {
            return Bridge.Await(token => Task.Run(() => RunReport.Of(rows, name, Title), token));
        }

        if (!TryReadRun(Baseline, out IResultRows? baseline, out string baselineName))
        {
            return null;
        }

        return Bridge.Await(token => Task.Run(
            () =>
            {
                ComparisonResult result = RunComparison.Compare(
                    new ComparedResults(baseline, baselineName, PSObjectJson.Instance.Read),
                    new ComparedResults(rows, name, PSObjectJson.Instance.Read),
                    new() { LowerIsBetter = LowerIsBetter });
                return RunReport.OfComparison(rows, name, baseline, baselineName, result, Title);
            },
            token));
    }

    // A comparison does not contain its runs; its changed records become the rows.
    private RunReport ReportOfComparisons()
    {
        Dictionary<string, (ResultRow Before, ResultRow After)> records = new(StringComparer.Ordinal);
        foreach (MetricComparison comparison in _comparisons)
        {
            foreach (ValueChange change in comparison.Changes)
            {
                (ResultRow before, ResultRow after) = records.TryGetValue(change.Key, out (ResultRow Before, ResultRow After) known) ? known : RowsOf(change);
                records[change.Key] = (With(before, comparison, change.Baseline), With(after, comparison, change.Candidate));
            }
        }

        ResultHeader header = new() { ExperimentId = string.Empty };
        ResultList candidate = new(header, [.. records.Values.Select(record => record.After)], [], null);
        ResultList baseline = new(header, [.. records.Values.Select(record => record.Before)], [], null);
        ComparisonResult result = new()
        {
            Metrics = _comparisons,
            Labels = [.. _comparisons.Select(comparison => comparison.Label)],
            PairCount = _comparisons.Max(comparison => comparison.PairCount),
            UnpairedBaselineCount = 0,
            UnpairedCandidateCount = 0,
            DoubleCount = 0,
            BaselineErrorCount = 0,
            CandidateErrorCount = 0,
            IsPairedByInput = false,
            Notes = ["The rows are only those of records that changed. Export-LlmObsReport with -Baseline shows the others, too."],
        };
        return RunReport.OfComparison(candidate, "candidate", baseline, "baseline", result, Title ?? "Comparison");
    }

    private static (ResultRow Before, ResultRow After) RowsOf(ValueChange change)
    {
        ResultRow row = new() { RecordId = change.Key, Input = ResultRows.Json(change.Input) };
        return (row with { Output = ResultRows.Json(change.BaselineOutput) }, row with { Output = ResultRows.Json(change.CandidateOutput) });
    }

    private static ResultRow With(ResultRow row, MetricComparison comparison, object? value) => row with
    {
        Evaluations = [.. row.Evaluations, new() { Label = comparison.Label, MetricType = comparison.MetricType, Value = ResultRows.Json(value) }],
    };
}

/// <summary>The format of a report.</summary>
public enum ReportFormat
{
    /// <summary>A page for a browser, with plots and all rows.</summary>
    Html,

    /// <summary>A table of the metrics, as Write-LlmObsSummary shows it.</summary>
    Markdown,

    /// <summary>XML for the tests tab of a build: a suite a metric, a case a row.</summary>
    JUnit,

    /// <summary>A line a row, a column a metric.</summary>
    Csv,
}
