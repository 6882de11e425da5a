using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>Compares names as a user means them: the service knows no wildcards, and may find more than the very name.</summary>
internal static class NamePatterns
{
    /// <summary>Whether something has the very name; case does not matter.</summary>
    public static Func<T, bool> Exactly<T>(string name, Func<T, string?> nameOf) =>
        item => string.Equals(nameOf(item), name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether something's name is matched by any of the patterns; null, for all, where there are none.</summary>
    public static Func<T, bool>? Any<T>(IReadOnlyList<string> patterns, Func<T, string?> nameOf)
    {
        WildcardPattern[] wanted = [.. patterns.Select(pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase))];
        return wanted.Length == 0 ? null : item => wanted.Any(pattern => pattern.IsMatch(nameOf(item) ?? string.Empty));
    }
}
