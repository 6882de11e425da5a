namespace LlmObs;

/// <summary>The form in which the emulator answers with records of datasets.</summary>
public enum EmulatorRecordForm
{
    /// <summary>As resources, <c>{id, type, attributes}</c>, after a change as the list <c>data</c>, as the live service was seen to do.</summary>
    Resource,

    /// <summary>Flat, after a change as <c>data[].records[]</c>, as the documents promise.</summary>
    Flat,
}
