namespace LlmObs;

/// <summary>Where a played fault cuts the connection.</summary>
public enum EmulatorFaultDrop
{
    /// <summary>It does not.</summary>
    No,

    /// <summary>Before the request is acted on: nothing is stored.</summary>
    BeforeStoring,

    /// <summary>After the request is acted on and before its answer: what it wrote is stored, and the client can't know.</summary>
    AfterStoring,
}
