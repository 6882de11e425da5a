namespace LlmObs;

/// <summary>The form of the emulator's errors.</summary>
public enum EmulatorErrorForm
{
    /// <summary>A title and a detail, and nothing more, as the live service was seen to do.</summary>
    Brief,

    /// <summary>With the status and the place of what is wrong, as the documents promise.</summary>
    Full,
}
