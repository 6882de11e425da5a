using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmObs.Evaluation.Tests.Statistics;

/// <summary>The results of SciPy and statsmodels: vectors.json, made by make_vectors.py beside it.</summary>
public sealed record StatisticsVectors(
    McNemarVector[] Mcnemar, PairedVector[] Paired, HolmVector[] Holm, ClusteredVector[] Clustered, PassVector[] Pass)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static StatisticsVectors All { get; } = JsonSerializer.Deserialize<StatisticsVectors>(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Statistics", "vectors.json")), Options)!;
}

public sealed record McNemarVector(int Improved, int Regressed, double P);

public sealed record PairedVector(
    string Name, double[] Differences, double Mean, double Deviation, [property: JsonPropertyName("t_p")] double? TP,
    double? WilcoxonP, double EffectSize, double Detectable, double[] Bootstrap)
{
    public override string ToString() => Name;
}

public sealed record HolmVector(double[] P, double[] Adjusted);

public sealed record ClusteredVector(double[][] Records, double Mean, double StandardError, double Within);

public sealed record PassVector(
    int Tries,
    int Passed,
    int K,
    [property: JsonPropertyName("pass_at_k")] double PassAtK,
    [property: JsonPropertyName("pass_all_k")] double PassAllK);
