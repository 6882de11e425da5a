namespace LlmObs;

/// <summary>How the emulator says that a page of a list is the last one.</summary>
public enum EmulatorListEnd
{
    /// <summary><c>meta.after</c> is an empty text, as the live service was seen to do.</summary>
    Empty,

    /// <summary><c>meta.after</c> is null, as the documents allow.</summary>
    Null,

    /// <summary><c>meta</c> has no <c>after</c>.</summary>
    Absent,

    /// <summary>There is no <c>meta</c>.</summary>
    NoMeta,
}
