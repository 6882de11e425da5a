using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Security;

namespace LlmObs.PowerShell.Binding;

/// <summary>Reads keys and tokens as people give them: a SecureString, or text.</summary>
internal static class SecretInput
{
    /// <summary>What to do where one can't be read.</summary>
    public const string Advice = "Give a SecureString, for example (Read-Host -AsSecureString) or (Get-Secret NAME).";

    /// <summary>Takes a secret over; null and nothing are none.</summary>
    /// <exception cref="ArgumentException">It is neither, or can't be a key; the message never repeats it.</exception>
    public static Secret? Read(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => null,
        string text when text.Length == 0 => null,
        string text => Secret.From(text),
        SecureString secure => Reveal(secure),
        Secret secret => secret,
        var other => throw new ArgumentException($"A key is a SecureString or text, not a {other.GetType().Name}."),
    };

    private static Secret Reveal(SecureString secure)
    {
        nint text = Marshal.SecureStringToGlobalAllocUnicode(secure);
        try
        {
            return Secret.From(Marshal.PtrToStringUni(text) ?? string.Empty);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(text);
        }
    }
}
