using System.Diagnostics;
using System.Globalization;
using LlmObs;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Results;

// Compares two result files, against reading both: dotnet run -c Release --project bench/LlmObs.Bench.Comparison [-- ROWS]
int rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
const double Bar = 5;
DirectoryInfo folder = Directory.CreateTempSubdirectory("llmobs-bench-");
try
{
    string baseline = Write(Path.Combine(folder.FullName, "baseline.jsonl"), seed: 1);
    string candidate = Write(Path.Combine(folder.FullName, "candidate.jsonl"), seed: 2);
    double megabytes = (new FileInfo(baseline).Length + new FileInfo(candidate).Length) / 1e6;

    // Reading and comparing in turns, in one process; the first turn is a warm-up.
    List<double> reading = [];
    List<double> comparing = [];
    for (int turn = 0; turn < 4; turn++)
    {
        double read = Seconds(() => ResultFile.Open(baseline).Rows().Count() + ResultFile.Open(candidate).Rows().Count());
        double compared = Seconds(() => Compare(baseline, candidate).Metrics.Count);
        if (turn > 0)
        {
            reading.Add(read);
            comparing.Add(compared);
        }
    }

    (double readMedian, double comparedMedian) = (Median(reading), Median(comparing));
    string text = string.Create(
        CultureInfo.InvariantCulture,
        $"{rows:N0} pairs, {megabytes:N0} MB: reading both {readMedian:0.00} s, comparing {comparedMedian:0.00} s, {comparedMedian / readMedian:0.00} x (bar: at most {Bar} x); peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB");
    Console.WriteLine(text);
    return comparedMedian <= Bar * readMedian ? 0 : 1;
}
finally
{
    folder.Delete(recursive: true);
}

string Write(string path, int seed)
{
    Random random = new(seed);
    using ResultFileWriter writer = ResultFileWriter.Create(path, new() { ExperimentId = $"e{seed}", DatasetId = "d", DatasetVersion = 1 });
    for (int i = 0; i < rows; i++)
    {
        writer.Write(new ResultRow
        {
            RecordId = i.ToString("x8", CultureInfo.InvariantCulture),
            SpanId = random.NextInt64().ToString("x16", CultureInfo.InvariantCulture),
            DurationNs = random.NextInt64(2_000_000_000),
            Input = RawJson.OfText($"Question {i}: how do I reset my password, and who else will hear of it?"),
            Output = RawJson.OfText($"Answer {random.Next()}: choose \"Forgot password\" on the page where you sign in."),
            Evaluations =
            [
                new() { Label = "faithfulness", MetricType = MetricType.Score, Value = RawJson.Of(Math.Round(random.NextDouble(), 3)) },
                new() { Label = "correct", MetricType = MetricType.Boolean, Value = RawJson.Of(random.Next(4) > 0), Assessment = MetricAssessment.Pass },
            ],
        });
    }

    return path;
}

static ComparisonResult Compare(string baseline, string candidate) => RunComparison.Compare(
    new ComparedResults(ResultFile.Open(baseline), "baseline", element => element.Clone()),
    new ComparedResults(ResultFile.Open(candidate), "candidate", element => element.Clone()),
    new());

static double Seconds(Func<int> work)
{
    long started = Stopwatch.GetTimestamp();
    _ = work();
    return Stopwatch.GetElapsedTime(started).TotalSeconds;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
