namespace LlmObs.Help.Cmdlets;

/// <summary>How a parameter is bound in one of its sets.</summary>
/// <param name="Set">The set.</param>
/// <param name="Position">The position, from 0; null where it is bound by name only.</param>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="IsPiped">Whether a piped object binds to it as a whole.</param>
/// <param name="IsPipedByName">Whether a piped object's property of its name binds to it.</param>
public sealed record PlaceInSet(string Set, int? Position, bool IsMandatory, bool IsPiped, bool IsPipedByName);
