namespace LlmObs.Help.Pages;

/// <summary>An example: a task, the lines that do it, and their output.</summary>
/// <param name="Title">The task.</param>
/// <param name="Code">The PowerShell lines.</param>
/// <param name="Output">Their output; null if the page leaves it out.</param>
/// <param name="Remarks">The words around it.</param>
public sealed record PageExample(string Title, string Code, string? Output, IReadOnlyList<Paragraph> Remarks);
