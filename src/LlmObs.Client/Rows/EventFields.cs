namespace LlmObs.Client.Rows;

/// <summary>What can be said of all fields.</summary>
public static class EventFields
{
    /// <summary>The names of the fields that can be sent.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enum.GetValues<EventField>().Where(field => !EventFieldNames.IsReadOnly(field)).Select(field => field.ToString())];
}
