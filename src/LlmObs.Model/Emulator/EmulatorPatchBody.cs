namespace LlmObs;

/// <summary>What the emulator answers to an update.</summary>
public enum EmulatorPatchBody
{
    /// <summary>200 with no body, as the live service was seen to do.</summary>
    Empty,

    /// <summary>200 with the experiment, as the documents promise.</summary>
    Resource,
}
