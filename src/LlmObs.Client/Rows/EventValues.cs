namespace LlmObs.Client.Rows;

/// <summary>Reads single values by the same rules as rows, for hosts that build events one by one.</summary>
public static class EventValues
{
    /// <summary>A span's start.</summary>
    /// <param name="value">Nanoseconds since the Unix epoch, ISO 8601 text, or a time.</param>
    /// <returns>Nanoseconds since the Unix epoch.</returns>
    /// <exception cref="EventRowException">It is none of these, or looks like seconds, milliseconds or microseconds.</exception>
    public static long StartNs(object value) => FieldParser.StartNs(Cell.Of(value, value));

    /// <summary>A span's duration.</summary>
    /// <param name="value">Nanoseconds, or a TimeSpan, also as text.</param>
    /// <returns>Nanoseconds.</returns>
    /// <exception cref="EventRowException">It is neither, or negative.</exception>
    public static long DurationNs(object value) => FieldParser.DurationNs(Cell.Of(value, value));

    /// <summary>A metric's time.</summary>
    /// <param name="value">Milliseconds since the Unix epoch, ISO 8601 text, or a time.</param>
    /// <returns>Milliseconds since the Unix epoch.</returns>
    /// <exception cref="EventRowException">It is none of these, or looks like another unit.</exception>
    public static long TimestampMs(object value) => FieldParser.TimestampMs(Cell.Of(value, value));

    /// <summary>A metric's score.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The same.</returns>
    /// <exception cref="EventRowException">JSON has no such number.</exception>
    public static double Score(double value) => FieldParser.Score(Cell.Of(value, value), EventField.ScoreValue);
}
