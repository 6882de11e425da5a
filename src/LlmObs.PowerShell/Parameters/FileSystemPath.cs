using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// Turns a path of the session (a drive of PowerShell's, ~, one that begins at the current location) into one of the
/// operating system. The names in it are taken as they are.
/// </summary>
internal static class FileSystemPath
{
    public static bool TryResolve(SessionState session, string path, [NotNullWhen(true)] out string? file, [NotNullWhen(false)] out ErrorRecord? problem)
    {
        file = null;
        try
        {
            string resolved = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            problem = IsOn(provider) ? null : Failures.NotAFile(path, provider.Name);
            file = problem is null ? resolved : null;
        }
        catch (Exception e) when (IsUnknownPlace(e))
        {
            problem = Failures.FileNotFound(path);
        }

        return problem is null;
    }

    /// <summary>True for the file system's provider.</summary>
    public static bool IsOn(ProviderInfo provider) => provider.Name == "FileSystem";

    /// <summary>True if resolving a path failed because its drive, its provider or the item is not there.</summary>
    public static bool IsUnknownPlace(Exception e) =>
        e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException;
}
