namespace LlmObs;

/// <summary>What a played fault answers with.</summary>
public enum EmulatorFaultBody
{
    /// <summary>The API's own error form for the status.</summary>
    Json,

    /// <summary>An HTML page, as a proxy or load balancer sends.</summary>
    Html,

    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>Bytes that are not JSON, under a JSON content type.</summary>
    Garbage,

    /// <summary>JSON that ends in the middle, with the connection closed before the announced length.</summary>
    Truncated,
}
