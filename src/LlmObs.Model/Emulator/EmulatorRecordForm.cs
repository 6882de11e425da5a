namespace LlmObs;

/// <summary>The form in which the emulator answers with records of datasets.</summary>
public enum EmulatorRecordForm
{
    /// <summary>As resources, <c>{id, type, attributes}</c>, as the live service was seen to do.</summary>
    Resource,

    /// <summary>Flat, as the documents promise.</summary>
    Flat,
}
