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
    private readonly string[] folders;
    private readonly HashSet<string> platform;

    public DependencyContext(string folder)
        : base("LlmObs")
    {
        // What was compiled for this runtime first, where the module brings it; the same assemblies stand in the folder itself.
        folders = [Path.Combine(folder, RuntimeInformation.RuntimeIdentifier), folder];

        // A private copy of what .NET brings would be a second, different type of the same name.
        string trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? string.Empty;
        platform = trusted.Split(Path.PathSeparator).Select(Path.GetFileNameWithoutExtension).OfType<string>()
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is not string name || platform.Contains(name))
        {
            return null;
        }

        string? path = folders.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists);
        return path is null ? null : LoadFromAssemblyPath(path);
    }
}
