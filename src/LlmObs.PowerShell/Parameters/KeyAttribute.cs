using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Security;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// Turns a key into a <see cref="Secret"/> before it is bound. PowerShell keeps bound values, and an error of another
/// parameter carries them along (<c>Get-Error</c> shows them): no clear text may be among them.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
            {
                null => null,
                string { Length: 0 } => new UnusableKey("The key is empty; $null clears it."),
                string text => Secret.From(text),
                SecureString secure => Reveal(secure),
                PSCredential credential => Reveal(credential.Password), // as vaults keep a key that has a name beside it
                Secret secret => secret,
                UnusableKey unusable => unusable,
                decimal or double or int or long => new UnusableKey("A key of digits only needs quotes; without them it is a number."),
                var other => new UnusableKey($"A key is a SecureString, a PSCredential or text, but this is of the type {other.GetType().Name}."),
            };
        }
        catch (ArgumentException e)
        {
            return new UnusableKey(Failures.Reason(e));
        }
    }

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

/// <summary>A value that was given as a key, but is not one. Only the reason is kept.</summary>
/// <param name="Reason">The reason, without the value.</param>
internal sealed record UnusableKey(string Reason)
{
    /// <summary>The advice.</summary>
    public const string Advice = "Give a SecureString, for example (Read-Host -AsSecureString) or (Get-Secret NAME).";
}
