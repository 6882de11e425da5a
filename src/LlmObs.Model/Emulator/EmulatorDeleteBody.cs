namespace LlmObs;

/// <summary>What the emulator answers to a deletion of datasets.</summary>
public enum EmulatorDeleteBody
{
    /// <summary>200 with the datasets that were deleted, as the live service was seen to do.</summary>
    Resource,

    /// <summary>204 with no body, as the documents promise.</summary>
    Empty,
}
