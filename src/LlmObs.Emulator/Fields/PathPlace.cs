namespace LlmObs.Emulator.Fields;

/// <summary>A place that a field may be found at.</summary>
/// <param name="InSpan">Whether it is in the span; else it is in the metric.</param>
/// <param name="Path">Where in there.</param>
internal readonly record struct PathPlace(bool InSpan, JsonPath Path)
{
    public static PathPlace Metric(string path) => new(false, new JsonPath(path));

    public static PathPlace Span(string path) => new(true, new JsonPath(path));
}
