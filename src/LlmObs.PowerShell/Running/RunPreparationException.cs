namespace LlmObs.PowerShell.Running;

/// <summary>The runspaces of a run could not be made ready.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="cause">What was thrown.</param>
internal sealed class RunPreparationException(string message, Exception cause) : Exception(message, cause);
