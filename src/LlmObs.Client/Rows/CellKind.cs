namespace LlmObs.Client.Rows;

/// <summary>The form in which a row has a value.</summary>
public enum CellKind : byte
{
    /// <summary>The row has no such field.</summary>
    Missing,

    /// <summary>The row says null.</summary>
    Null,

    /// <summary>Text, as UTF-8.</summary>
    Utf8,

    /// <summary>Text, as a .NET string.</summary>
    Text,

    /// <summary>A JSON value, as it stands in its source; known to be well formed.</summary>
    Json,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A point in time.</summary>
    Time,

    /// <summary>A length of time.</summary>
    Duration,

    /// <summary>Any other object, to be written as JSON by the host.</summary>
    Value,
}
