using System.Globalization;
using LlmObs.Bench.Measuring;

namespace LlmObs.Bench.Reporting;

/// <summary>The goals for a user's waits: the first call, records, reading back, refusals, many files.</summary>
internal sealed class WaitingBars(Results results, BenchOptions options)
{
    private const double MostImport = 50;
    private const double MostTimesEmpty = 3;
    private const double MostFirstCall = 100;
    private const double MostPathFourth = 2.0;
    private const double MostPathFirst = 3.5;
    private const double MostGrowth = 5.5;
    private const double MostAgainstSpans = 1.5;
    private const double MostAdd = 1500;
    private const double MostSessionMegabytes = 100;
    private const double MostTimesSent = 3;
    private const double MostFilesMegabytes = 150;
    private const double MostFilesTime = 1.0;

    public IEnumerable<Bar> All()
    {
        yield return Import();
        yield return FirstCall();
        yield return Times(Say($"`-Path`, {options.Events:N0} spans, fourth run of a session, against posting the same bodies from memory, first of a process"), PostingRuns.PathFourth, PostingRuns.PostFirst, MostPathFourth);
        yield return PathFirst();
        yield return Times(Say($"`Get-LlmObsDatasetRecord`, {options.Events:N0} records, against {RecordRuns.FifthOf(options.Events):N0}"), RecordRuns.Read, RecordRuns.ReadFifth, MostGrowth);
        yield return Times("the same, against `Get-LlmObsEvent` of as many spans", RecordRuns.Read, RecordRuns.ReadSpans, MostAgainstSpans);
        yield return Milliseconds(Say($"`Add-LlmObsDatasetRecord -Path`, {options.Events:N0} records"), results.Milliseconds(RecordRuns.Add), MostAdd);
        yield return Megabytes("peak memory of that session", MedianOf(one => one.Session), MostSessionMegabytes);
        yield return TimesSent();
        yield return Refused();
        yield return FilesMemory();
        yield return FilesTime();
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Bar Milliseconds(string what, double? time, double most) => new(
        what, time is null ? "-" : Say($"{time:0.0} ms"), Say($"at most {most:0} ms"), time is null ? null : time <= most);

    private static Bar Megabytes(string what, double? megabytes, double most) => new(
        what, megabytes is null ? "-" : Say($"{megabytes:0} MB"), Say($"at most {most:0} MB above idle"), megabytes is null ? null : megabytes <= most);

    private Bar Times(string what, string name, string reference, double most)
    {
        double? ratio = results.Milliseconds(name) / results.Milliseconds(reference);
        return new Bar($"time of {what}", ratio is null ? "-" : Say($"{ratio:0.00} times"), Say($"at most {most:0.0} times"), ratio is null ? null : ratio <= most);
    }

    private double? MedianOf(Func<RecordMemory, double> part) => results.Records.Count == 0 ? null : Results.Median(results.Records.Select(part));

    private Bar FirstCall()
    {
        double? call = results.Milliseconds(StartupRuns.CallAboveImport);
        return new Bar(
            "first metric of a process sent, above the import",
            call is null ? "-" : Say($"{call:0.0} ms, a cmdlet that only posts a ready-made body {results.Milliseconds(StartupRuns.PostAboveImport):0.0} ms"),
            Say($"at most {MostFirstCall:0} ms"),
            call is null ? null : call <= MostFirstCall);
    }

    private Bar PathFirst()
    {
        double? path = results.Milliseconds(PostingRuns.PathFirst) / results.Milliseconds(PostingRuns.PostFirst);
        double? plain = results.Milliseconds(PostingRuns.PlainFirst) / results.Milliseconds(PostingRuns.PostFirst);
        return new Bar(
            "time of the same, first run of a process",
            path is null ? "-" : Say($"{path:0.00} times, plain C# that reads the file and sends it {plain:0.00} times"),
            Say($"at most {MostPathFirst:0.0} times"),
            path is null ? null : path <= MostPathFirst);
    }

    private Bar Import()
    {
        double? import = results.Milliseconds(StartupRuns.ImportAboveBare);
        double? empty = results.Milliseconds(StartupRuns.EmptyAboveBare);
        return new Bar(
            "import of the installed package, above PowerShell alone",
            import is null ? "-" : Say($"{import:0.0} ms, a manifest with nothing in it {empty:0.0} ms"),
            Say($"at most {MostImport:0} ms, or {MostTimesEmpty:0} times that manifest"),
            import is null ? null : import <= MostImport || import <= MostTimesEmpty * empty);
    }

    private Bar TimesSent()
    {
        double? times = MedianOf(one => one.EmulatorPeak / one.Sent);
        return new Bar(
            "peak memory of its emulator, against the files sent to it",
            times is null ? "-" : Say($"{times:0.0} times"),
            Say($"at most {MostTimesSent:0} times"),
            times is null ? null : times <= MostTimesSent);
    }

    private Bar Refused()
    {
        ErrorCount? count = results.OldMetricErrors;
        return new Bar(
            Say($"errors for {options.Events:N0} metrics older than 24 hours, all of them returned"),
            count is null ? "-" : Say($"{count.Errors:N0}, {results.Milliseconds(OldMetricRuns.Name)!.Value / 1000:0.0} s"),
            "1 error",
            count is null ? null : count.Errors == 1);
    }

    private Bar FilesMemory() => results.ManyFiles is FilesResult many
        ? Megabytes(Say($"peak memory of `-Path *.csv.gz`, {many.Files} files, {many.Events:N0} spans"), many.Peak, MostFilesMegabytes)
        : Megabytes("peak memory of `-Path *.csv.gz`, 10,000,000 spans (`--files 100`)", null, MostFilesMegabytes);

    private Bar FilesTime()
    {
        double? ratio = results.ManyFiles?.MicrosecondsPerEvent / results.FewFiles?.MicrosecondsPerEvent;
        return new Bar(
            "time of a row there, against a tenth of the files",
            ratio is null ? "-" : Say($"{ratio:0.00} times"),
            Say($"at most {MostFilesTime:0.0} times"),
            ratio is null ? null : ratio <= MostFilesTime);
    }
}
