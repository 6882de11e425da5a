namespace LlmObs.Emulator.Settings;

/// <summary>The options of an emulator.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The port on the loopback interface; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The folder of the journal, created if it is missing; null to keep everything in memory.</summary>
    public string? DataPath { get; init; }

    /// <summary>True to refuse metrics older than 24 hours, as the live service does.</summary>
    public bool CheckMetricAge { get; init; } = true;

    /// <summary>The answer to an update; nothing by default, as observed from the live service.</summary>
    public EmulatorPatchBody PatchBody { get; init; } = EmulatorPatchBody.Empty;

    /// <summary>
    /// How long a write takes until it is read back by lists, searches and events; the live service takes seconds. Zero by
    /// default.
    /// </summary>
    public TimeSpan ReadLag { get; init; }

    /// <summary>The mark of the last page of a list; an empty cursor by default, as observed from the live service.</summary>
    public EmulatorListEnd ListEnd { get; init; }

    /// <summary>The keys that requests must have; any or none by default.</summary>
    public EmulatorKeys Keys { get; init; } = new();

    /// <summary>The form of records in answers; as resources by default, as the live service was seen to do.</summary>
    public EmulatorRecordForm RecordForm { get; init; }

    /// <summary>The form of errors; brief by default, as the live service was seen to do.</summary>
    public EmulatorErrorForm ErrorForm { get; init; }

    /// <summary>True if an experiment may name missing projects, datasets, versions and parents; the live service refuses them.</summary>
    public bool TakesUnknownIds { get; init; }

    /// <summary>Words for <c>data.type</c> that requests are refused for with 400, so that fallbacks can be tried.</summary>
    public IReadOnlyList<string> RefusedTypes { get; init; } = [];

    /// <summary>The key of computed metrics in answers; the name that was asked for by default.</summary>
    public EmulatorMetricKey MetricKey { get; init; }

    /// <summary>The answer to a deletion of datasets; 200 and a body by default, as observed from the live service.</summary>
    public EmulatorDeleteBody DeleteBody { get; init; }

    /// <summary>The faults to play, in the order in which they are tried.</summary>
    public IReadOnlyList<EmulatorFault> Faults { get; init; } = [];

    /// <summary>The seed of the draws of faults with a rate: the same seed and requests give the same faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock that dates experiments, judges the age of metrics and times the delays of faults.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>The keys that an emulator requires; if none is set, it accepts any or none.</summary>
public sealed record EmulatorKeys
{
    /// <summary>The API key; null for any or none.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>The application key; null for any or none.</summary>
    public Secret? AppKey { get; init; }

    /// <summary>
    /// The personal or service access token that is taken instead of the keys; null for none. As Datadog does, it is
    /// taken from <c>Authorization: Bearer</c> and from <c>DD-APPLICATION-KEY</c>.
    /// </summary>
    public Secret? AccessToken { get; init; }
}

/// <summary>An emulator that cannot be started; the message gives the reason for the user.</summary>
public sealed class EmulatorException : Exception
{
    /// <summary>An emulator that cannot be started.</summary>
    /// <param name="message">The reason, in a sentence for the user.</param>
    public EmulatorException(string message)
        : base(message)
    {
    }

    /// <summary>An emulator that cannot be started.</summary>
    /// <param name="message">The reason, in a sentence for the user.</param>
    /// <param name="innerException">The system's error.</param>
    public EmulatorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
