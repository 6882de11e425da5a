namespace LlmObs.Emulator.Settings;

/// <summary>How an emulator is to be started.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The port on the loopback interface; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The folder of the journal, created where it is missing; null to keep everything in memory.</summary>
    public string? DataPath { get; init; }

    /// <summary>Whether metrics older than 24 hours are refused, as the live service does.</summary>
    public bool CheckMetricAge { get; init; } = true;

    /// <summary>What an update is answered with; nothing by default, as the live service was seen to do.</summary>
    public EmulatorPatchBody PatchBody { get; init; } = EmulatorPatchBody.Empty;

    /// <summary>
    /// How long a write takes until it is read back by lists, searches and events; the live service takes seconds. Zero by
    /// default.
    /// </summary>
    public TimeSpan ReadLag { get; init; }

    /// <summary>How the last page of a list says so; with an empty cursor by default, as the live service was seen to do.</summary>
    public EmulatorListEnd ListEnd { get; init; }

    /// <summary>The keys that requests must bring; any or none by default.</summary>
    public EmulatorKeys Keys { get; init; } = new();

    /// <summary>The form of records in answers; as resources by default, as the live service was seen to do.</summary>
    public EmulatorRecordForm RecordForm { get; init; }

    /// <summary>The form of errors; brief by default, as the live service was seen to do.</summary>
    public EmulatorErrorForm ErrorForm { get; init; }

    /// <summary>Whether an experiment may name projects, datasets, versions and parents that are not there; the live service refuses them.</summary>
    public bool TakesUnknownIds { get; init; }

    /// <summary>Words for <c>data.type</c> that requests are refused for with 400, so that fallbacks can be tried.</summary>
    public IReadOnlyList<string> RefusedTypes { get; init; } = [];

    /// <summary>The key of computed metrics in answers; the name that was asked for by default.</summary>
    public EmulatorMetricKey MetricKey { get; init; }

    /// <summary>What a deletion of datasets is answered with; 200 and a body by default, as the live service was seen to do.</summary>
    public EmulatorDeleteBody DeleteBody { get; init; }

    /// <summary>The faults to play, in the order in which they are tried.</summary>
    public IReadOnlyList<EmulatorFault> Faults { get; init; } = [];

    /// <summary>The seed of the draws of faults with a rate: the same seed and requests give the same faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock that dates experiments, judges the age of metrics and times the delays of faults.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>The keys that an emulator asks for; where none is named, it takes any or none.</summary>
public sealed record EmulatorKeys
{
    /// <summary>The API key; null for any or none.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>The application key; null for any or none.</summary>
    public Secret? AppKey { get; init; }

    /// <summary>
    /// The personal or service access token that is taken in the place of the keys; null for none. As Datadog does, it is
    /// taken from <c>Authorization: Bearer</c> and from <c>DD-APPLICATION-KEY</c>.
    /// </summary>
    public Secret? AccessToken { get; init; }
}

/// <summary>An emulator that cannot be started; the message says why and is meant to be shown.</summary>
public sealed class EmulatorException : Exception
{
    /// <summary>An emulator that cannot be started.</summary>
    /// <param name="message">Why, in a sentence for the user.</param>
    public EmulatorException(string message)
        : base(message)
    {
    }

    /// <summary>An emulator that cannot be started.</summary>
    /// <param name="message">Why, in a sentence for the user.</param>
    /// <param name="innerException">What the system said.</param>
    public EmulatorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
