namespace LlmObs.Client.Files;

/// <summary>How files of events are read.</summary>
public sealed record EventFileOptions
{
    /// <summary>What separates the cells of a CSV file.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether the file is an evaluation table, for a <see cref="TableSink"/>: its columns mean no fields by their names.</summary>
    public bool IsTable { get; init; }

    /// <summary>Where the rows of a JSON document are, as a <see cref="MemberPath"/>; empty where they are the document itself.</summary>
    public string RowPath { get; init; } = string.Empty;

    /// <summary>The columns of a CSV file whose text is JSON; case does not matter.</summary>
    public IReadOnlySet<string> JsonColumns { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
