using System.Management.Automation;
using LlmObs.PowerShell.Pipeline;

namespace LlmObs.PowerShell.Binding;

/// <summary>Finds the files that a -Path or -LiteralPath names, the provider's way.</summary>
internal sealed class InputFiles(LlmObsCmdlet cmdlet)
{
    /// <summary>Files by paths that may hold wildcards; a path that matches nothing is an error of its own.</summary>
    public IEnumerable<string> Resolve(IEnumerable<string> paths) => paths.SelectMany(path =>
    {
        try
        {
            IReadOnlyList<string> found = cmdlet.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            if (found.Count == 0)
            {
                cmdlet.WriteError(NotFound(path));
            }

            return IsFileSystem(provider, path) ? found.Where(IsFile) : [];
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            cmdlet.WriteError(NotFound(path));
            return [];
        }
    });

    /// <summary>Files by their exact names.</summary>
    public IEnumerable<string> Literal(IEnumerable<string> paths) => paths.SelectMany<string, string>(path =>
    {
        string file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        if (!IsFileSystem(provider, path))
        {
            return [];
        }

        if (!File.Exists(file))
        {
            cmdlet.WriteError(NotFound(path));
            return [];
        }

        return [file];
    });

    private static bool IsFile(string path) => !Directory.Exists(path);

    private bool IsFileSystem(ProviderInfo provider, string path)
    {
        if (provider.Name == "FileSystem")
        {
            return true;
        }

        cmdlet.WriteError(Failures.Record(
            $"'{path}' is on the provider {provider.Name}; events are read from files only.",
            "NotAFile",
            ErrorCategory.InvalidArgument,
            path,
            "Give a path on a drive of the file system."));
        return false;
    }

    private static ErrorRecord NotFound(string path) => Failures.Record(
        $"There is no file '{path}'.",
        "FileNotFound",
        ErrorCategory.ObjectNotFound,
        path,
        "Check the path; relative ones begin at the current location.");
}
