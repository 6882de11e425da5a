using System.Runtime.InteropServices;

namespace LlmObs.Evaluation.Comparison;

/// <summary>The values of one label in one run, by row.</summary>
internal sealed class LabelColumn
{
    private readonly List<double> _numbers = [];
    private readonly List<string?> _categories = [];
    private readonly List<double> _assessments = [];
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    /// <summary>True if it has a boolean.</summary>
    public bool HasBooleans { get; private set; }

    /// <summary>True if it has a score.</summary>
    public bool HasScores { get; private set; }

    /// <summary>True if it has a category.</summary>
    public bool HasCategories { get; private set; }

    /// <summary>True if a value other than a boolean or score has an assessment.</summary>
    public bool HasAssessments { get; private set; }

    /// <summary>True if it has JSON objects; they are compared by their assessment only.</summary>
    public bool HasObjects { get; private set; }

    /// <summary>Sets a row's value.</summary>
    /// <param name="row">The row's number in its run.</param>
    public void Set(int row, in ComparedValue value)
    {
        if (value.Number is double number && double.IsFinite(number))
        {
            Put(_numbers, row, number, double.NaN);
            HasBooleans |= value.MetricType == MetricType.Boolean;
            HasScores |= value.MetricType != MetricType.Boolean;
            return;
        }

        if (value.Category is string category)
        {
            ref string? word = ref CollectionsMarshal.GetValueRefOrAddDefault(_words, category, out _);
            Put(_categories, row, word ??= category, null);
            HasCategories = true;
        }

        HasObjects |= value.MetricType == MetricType.Json;
        if (value.Passed is bool passed && value.MetricType is MetricType.Categorical or MetricType.Json)
        {
            Put(_assessments, row, passed ? 1 : 0, double.NaN);
            HasAssessments = true;
        }
    }

    /// <summary>Forgets a row's value.</summary>
    /// <param name="row">The row's number in its run.</param>
    public void Clear(int row)
    {
        Forget(_numbers, row, double.NaN);
        Forget(_categories, row, null);
        Forget(_assessments, row, double.NaN);
    }

    /// <summary>A row's number.</summary>
    /// <param name="row">The row's number in its run.</param>
    /// <returns>NaN if it has none.</returns>
    public double Number(int row) => row < _numbers.Count ? _numbers[row] : double.NaN;

    /// <summary>A row's assessment: 1 for pass, 0 for fail.</summary>
    /// <param name="row">The row's number in its run.</param>
    /// <returns>NaN if it has none.</returns>
    public double Assessment(int row) => row < _assessments.Count ? _assessments[row] : double.NaN;

    /// <summary>A row's category.</summary>
    /// <param name="row">The row's number in its run.</param>
    /// <returns><c>null</c> if it has none.</returns>
    public string? Category(int row) => row < _categories.Count ? _categories[row] : null;

    private static void Put<T>(List<T> list, int row, T value, T missing)
    {
        while (list.Count <= row)
        {
            list.Add(missing);
        }

        list[row] = value;
    }

    private static void Forget<T>(List<T> list, int row, T missing)
    {
        if (row < list.Count)
        {
            list[row] = missing;
        }
    }
}
