namespace LlmObs.Client.Rows;

/// <summary>A field that a row gives more than once.</summary>
/// <param name="Field">Which.</param>
/// <param name="Name">What the row calls it where it is taken from.</param>
/// <param name="Other">What the row calls it the other time.</param>
/// <param name="IsView">Whether the other one only shows the first, and may be less exact: <c>StartTime</c> beside <c>StartNs</c>.</param>
public sealed record RepeatedField(EventField Field, string Name, string Other, bool IsView);
