namespace LlmObs.Emulator.Events;

/// <summary>Words to text and back.</summary>
internal static class EventWords
{
    public static string? TextOf(EventWord word) => word switch
    {
        EventWord.Score => MetricType.Score,
        EventWord.Categorical => MetricType.Categorical,
        EventWord.Boolean => MetricType.Boolean,
        EventWord.Json => MetricType.Json,
        EventWord.Pass => MetricAssessment.Pass,
        EventWord.Fail => MetricAssessment.Fail,
        _ => null,
    };

    public static EventWord OfType(ref System.Text.Json.Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("score"u8))
        {
            return EventWord.Score;
        }

        if (reader.ValueTextEquals("categorical"u8))
        {
            return EventWord.Categorical;
        }

        if (reader.ValueTextEquals("boolean"u8))
        {
            return EventWord.Boolean;
        }

        return reader.ValueTextEquals("json"u8) ? EventWord.Json : EventWord.None;
    }

    public static EventWord OfAssessment(ref System.Text.Json.Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("pass"u8))
        {
            return EventWord.Pass;
        }

        return reader.ValueTextEquals("fail"u8) ? EventWord.Fail : EventWord.None;
    }
}

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
