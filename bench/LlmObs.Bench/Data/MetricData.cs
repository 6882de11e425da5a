using System.Globalization;

namespace LlmObs.Bench.Data;

/// <summary>Metrics for the emulator, and what their averages must be.</summary>
internal static class MetricData
{
    private static readonly string[] Labels = ["faithfulness", "answer_relevancy", "context_precision", "toxicity", "conciseness"];

    /// <summary>The exact average of each label: scores are whole thousandths, so that their sums are exact.</summary>
    public static Dictionary<string, double> Averages(int count)
    {
        long[] sums = new long[Labels.Length];
        long[] counts = new long[Labels.Length];
        for (int row = 0; row < count; row++)
        {
            sums[row % Labels.Length] += ScoreOf(row);
            counts[row % Labels.Length]++;
        }

        return Enumerable.Range(0, Labels.Length).Where(label => counts[label] > 0)
            .ToDictionary(label => Labels[label], label => sums[label] / 1000.0 / counts[label]);
    }

    public static void WriteCsv(Stream stream, int count)
    {
        using var writer = new StreamWriter(stream, bufferSize: 64 * 1024);
        writer.Write("span_id,label,metric_type,score_value,assessment,reasoning,tags\n");
        for (int row = 0; row < count; row++)
        {
            int score = ScoreOf(row);
            string reasoning = row % 10 == 0 ? "\"follows the source, but not \"\"word for word\"\"\"" : string.Empty;
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{(row / Labels.Length) + 0x1000_0000L:x16},{Labels[row % Labels.Length]},score,{score / 1000.0},{(score >= 500 ? "pass" : "fail")},{reasoning},env:bench\n"));
        }
    }

    public static void WriteOldCsv(Stream stream, int count)
    {
        const long First = 1_600_000_000_000; // of the year 2020
        using var writer = new StreamWriter(stream, bufferSize: 64 * 1024);
        writer.Write("span_id,label,metric_type,score_value,timestamp_ms\n");
        for (int row = 0; row < count; row++)
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{(row / Labels.Length) + 0x1000_0000L:x16},{Labels[row % Labels.Length]},score,{ScoreOf(row) / 1000.0},{First + row}\n"));
        }
    }

    private static int ScoreOf(int row) => new Dice((ulong)row).Below(1001);
}
