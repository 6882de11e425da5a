using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace LlmObs.PowerShell.Loading;

/// <summary>
/// The private load context for everything in <c>deps/</c>: the client, the emulator and their packages. Other modules may
/// load other versions of the same packages; neither sees the other's.
/// </summary>
internal sealed class DependencyContext : AssemblyLoadContext
{
    private readonly string[] _folders;
    private readonly Dictionary<string, string> _platform; // files by the names of their assemblies

    public DependencyContext(string folder)
        : base("LlmObs")
    {
        // What was compiled for this runtime first, where the module brings it; the same assemblies stand in the folder itself.
        _folders = [Path.Combine(folder, RuntimeInformation.RuntimeIdentifier), folder];

        // A private copy of what .NET brings would be a second, different type of the same name.
        string trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? string.Empty;
        _platform = trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is not string name || IsOfPlatform(assemblyName, name))
        {
            return null;
        }

        string? path = _folders.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists);
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    // PowerShell brings some packages of its own, JsonSchema.Net among them. One that is older than what is asked for could not
    // be loaded in its place, and nothing outside of this context sees the types of the private copy.
    private bool IsOfPlatform(AssemblyName asked, string name) =>
        _platform.TryGetValue(name, out string? file) && (asked.Version is not Version wanted || GetAssemblyName(file).Version >= wanted);
}
