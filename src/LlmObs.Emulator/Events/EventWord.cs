namespace LlmObs.Emulator.Events;

/// <summary>The words that the API allows in a metric's type and assessment.</summary>
internal enum EventWord : byte
{
    None,
    Score,
    Categorical,
    Boolean,
    Json,
    Pass,
    Fail,
}
