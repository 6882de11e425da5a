namespace LlmObs.PowerShell.Parameters;

/// <summary>What was given as a key and is none. Only the reason is kept.</summary>
/// <param name="Reason">Why it is none, without repeating it.</param>
internal sealed record UnusableKey(string Reason)
{
    /// <summary>What to do about it.</summary>
    public const string Advice = "Give a SecureString, for example (Read-Host -AsSecureString) or (Get-Secret NAME).";
}
