using System.Collections;

namespace LlmObs;

/// <summary>
/// A fault that the emulator plays instead of, or before, its answer. For each request the first fault of the list that
/// matches, has plays left and wins its draw is played. Faults without a <see cref="Rate"/> are a script: each is played
/// <see cref="Count"/> times, in order; faults with a rate go on for ever unless a count is given.
/// </summary>
public sealed class EmulatorFault
{
    /// <summary>Only requests whose "METHOD path" contains this (case does not matter); null for all.</summary>
    public string? On { get; set; }

    /// <summary>The share of matching requests that are hit, from 0 to 1; null for each.</summary>
    public double? Rate { get; set; }

    /// <summary>How often it is played: once if neither this nor a rate is given; without end if only a rate is.</summary>
    public int? Count { get; set; }

    /// <summary>The status to answer with; null to answer as usual (after a delay, or before a drop).</summary>
    public int? Status { get; set; }

    /// <summary>Headers of that answer, for example <c>@{ 'x-ratelimit-reset' = '2' }</c>.</summary>
    public Hashtable Headers { get; set; } = [];

    /// <summary>
    /// What that answer holds: <c>Json</c> (the API's error form), <c>Html</c>, <c>Empty</c>, <c>Garbage</c>, <c>Truncated</c>.
    /// Without a <see cref="Status"/> the request is carried out, and only the body of its answer is replaced.
    /// </summary>
    public EmulatorFaultBody Body { get; set; } = EmulatorFaultBody.Json;

    /// <summary>Milliseconds to wait before the answer.</summary>
    public int DelayMs { get; set; }

    /// <summary>The point at which the connection is cut.</summary>
    public EmulatorFaultDrop Drop { get; set; } = EmulatorFaultDrop.No;
}

/// <summary>The point at which a played fault cuts the connection.</summary>
public enum EmulatorFaultDrop
{
    /// <summary>The connection is not cut.</summary>
    No,

    /// <summary>Before the request is acted on: nothing is stored.</summary>
    BeforeStoring,

    /// <summary>After the request is processed and before its answer: its data is stored, and the client can't know.</summary>
    AfterStoring,
}

/// <summary>The body of a played fault's answer.</summary>
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
