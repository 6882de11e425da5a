using System.Diagnostics.CodeAnalysis;

namespace LlmObs.PowerShell.Session;

/// <summary>Reads addresses that requests with keys may go to.</summary>
internal static class BaseAddress
{
    public static bool TryRead(string text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? reason)
    {
        // A base address without a slash at its end would lose its last part to the path of the request.
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out address))
        {
            reason = "it is not an absolute address";
            return false;
        }

        reason = ClientOptions.WhyUnsafe(address);
        return reason is null;
    }
}
