using System.Collections.ObjectModel;
using System.Text.Json;

namespace LlmObs;

/// <summary>
/// A list that says what is in it where a cell of a table takes text. Export-Csv writes of every other list only its type.
/// </summary>
internal sealed class HostSafeList<T>(IList<T> items) : ReadOnlyCollection<T>(items)
{
    public static HostSafeList<T> None { get; } = new([]);

    public static HostSafeList<T> Of(IReadOnlyList<T>? items) => items as HostSafeList<T> ?? (items is null ? None : new([.. items]));

    /// <summary>The items with commas between; texts that could not be told apart so, as a JSON list. Send-LlmObsEvent reads tags in both forms.</summary>
    public override string ToString() =>
        this is IReadOnlyList<string> texts && texts.Any(IsUnclear) ? JsonSerializer.Serialize(texts) : string.Join(", ", this);

    private static bool IsUnclear(string text) =>
        text.AsSpan().IndexOfAny(',', ';') >= 0 || text.StartsWith('[') || text.Length == 0 || text.AsSpan().Trim().Length < text.Length;
}
