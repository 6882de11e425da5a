namespace LlmObs.Emulator.Query;

/// <summary>What stands before the colon.</summary>
/// <param name="Name">The name without <c>@</c>.</param>
/// <param name="IsAttribute">Whether it was written with <c>@</c>; else it is a field of the API or a tag.</param>
internal sealed record QueryField(string Name, bool IsAttribute);
