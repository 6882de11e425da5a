namespace LlmObs.Help.Cmdlets;

/// <summary>The binding of a parameter in one of its sets.</summary>
/// <param name="Position">The position, from 0; null if it is bound by name only.</param>
/// <param name="IsMandatory">True if it must be given.</param>
/// <param name="IsPiped">True if a piped object binds to it as a whole.</param>
/// <param name="IsPipedByName">True if a piped object's property of its name binds to it.</param>
public sealed record PlaceInSet(string Set, int? Position, bool IsMandatory, bool IsPiped, bool IsPipedByName);
