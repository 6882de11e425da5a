namespace LlmObs.Client.Sending;

/// <summary>What the senders of one experiment have learnt of the service, each for the others; safe from several threads.</summary>
internal sealed class DeliveryState
{
    private volatile LlmObsException? _deadEnd;
    private volatile bool _pointersHold;
    private volatile bool _pointersLie;

    /// <summary>Why further requests would fail as the last one did; null while there is no such reason.</summary>
    public LlmObsException? DeadEnd
    {
        get => _deadEnd;
        set => _deadEnd = value;
    }

    /// <summary>Whether the pointers of a refusal were seen to name the bad event.</summary>
    public bool PointersHold
    {
        get => _pointersHold;
        set => _pointersHold = value;
    }

    /// <summary>Whether a pointer was seen to name an event that the service takes.</summary>
    public bool PointersLie
    {
        get => _pointersLie;
        set => _pointersLie = value;
    }

    /// <summary>What may be spent on finding bad events.</summary>
    public BadEventSearchBudget Search { get; } = new();
}
