using System.Management.Automation;

namespace LlmObs.PowerShell.Input;

/// <summary>Finds the files that a -Path or -LiteralPath names, the provider's way.</summary>
internal sealed class InputFiles(LlmObsCmdlet cmdlet)
{
    /// <summary>Files by paths that may hold wildcards; a path that matches nothing is an error of its own.</summary>
    public IEnumerable<string> Resolve(IEnumerable<string> paths) => paths.SelectMany(path =>
    {
        try
        {
            IReadOnlyList<string> found = cmdlet.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            return !FileSystemPath.IsOn(provider) ? Refuse(Failures.NotAFile(path, provider.Name))
                : found.Count == 0 ? Refuse(Failures.FileNotFound(path))
                : found is [string folder] && Directory.Exists(folder) ? Refuse(Failures.IsAFolder(path))
                : found.Where(IsFile);
        }
        catch (Exception e) when (FileSystemPath.IsUnknownPlace(e))
        {
            return Refuse(Failures.FileNotFound(path));
        }
    });

    /// <summary>Files by their exact names.</summary>
    public IEnumerable<string> Literal(IEnumerable<string> paths) => paths.SelectMany(path =>
        !FileSystemPath.TryResolve(cmdlet.SessionState, path, out string? file, out ErrorRecord? problem) ? Refuse(problem)
        : File.Exists(file) ? [file]
        : Directory.Exists(file) ? Refuse(Failures.IsAFolder(path))
        : Refuse(Failures.FileNotFound(path)));

    private static bool IsFile(string path) => !Directory.Exists(path);

    private string[] Refuse(ErrorRecord problem)
    {
        cmdlet.WriteError(problem);
        return [];
    }
}
