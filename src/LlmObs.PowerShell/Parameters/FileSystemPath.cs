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
            problem = IsOn(provider) ? null : NotAFile(path, provider);
            file = problem is null ? resolved : null;
        }
        catch (Exception e) when (IsUnknownPlace(e))
        {
            problem = NotFound(path);
        }

        return problem is null;
    }

    /// <summary>Whether a provider is that of the file system.</summary>
    public static bool IsOn(ProviderInfo provider) => provider.Name == "FileSystem";

    /// <summary>Whether resolving a path failed because its drive, its provider or the item is not there.</summary>
    public static bool IsUnknownPlace(Exception e) =>
        e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException;

    public static ErrorRecord NotAFile(string path, ProviderInfo provider) => Failures.Record(
        $"'{path}' is on the provider {provider.Name}, and a file or folder is needed.",
        "NotAFile",
        ErrorCategory.InvalidArgument,
        path,
        "Give a path on a drive of the file system.");

    public static ErrorRecord IsAFolder(string path) => Failures.Record(
        $"'{path}' is a folder, and files are needed; nothing of it was read.",
        "NotAFile",
        ErrorCategory.InvalidArgument,
        path,
        "Name its files, for example with -Path and wildcards: folder/*.csv.");

    public static ErrorRecord NotFound(string path) => Failures.Record(
        $"There is no file '{path}'.",
        "FileNotFound",
        ErrorCategory.ObjectNotFound,
        path,
        "Check the path and its drive; relative paths begin at the current location.");
}
