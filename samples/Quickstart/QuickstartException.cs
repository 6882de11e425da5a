namespace LlmObs.Quickstart;

/// <summary>The quickstart can't go on; the message is for the user.</summary>
internal sealed class QuickstartException(string message) : Exception(message);
