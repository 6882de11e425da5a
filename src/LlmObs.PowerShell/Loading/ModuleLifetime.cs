using System.Diagnostics;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.PowerShell.Commands;

namespace LlmObs.PowerShell.Loading;

/// <summary>Actions on import and removal of the module.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly string Root = Path.GetDirectoryName(typeof(ModuleLifetime).Assembly.Location)!;
    private static readonly Lazy<DependencyContext> Dependencies = new(() => new DependencyContext(Path.Combine(Root, "deps")));
    private static int _imported;

    /// <summary>Shows .NET the way to the module's own assemblies, once for the process.</summary>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref _imported, 1) == 0)
        {
            AssemblyLoadContext.Default.Resolving += Resolve;
        }
    }

    /// <summary>
    /// Stops the emulators, which would outlive the module. Import-Module -Force removes the module only to import it again. It
    /// keeps them: otherwise the next call would go to the real service without notice.
    /// </summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (!IsImportedAgain())
        {
            RunningEmulators.StopAll();
        }
    }

    // PowerShell does not report why it removes a module, but the stack shows the caller.
    private static bool IsImportedAgain() =>
        new StackTrace().GetFrames().Any(frame => frame.GetMethod()?.DeclaringType == typeof(ImportModuleCommand));

    // Only for names of our own: what other modules look for is none of our business.
    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => name.Name switch
    {
        "LlmObs.Model" => context.LoadFromAssemblyPath(Path.Combine(Root, "LlmObs.Model.dll")),
        "LlmObs.Client" or "LlmObs.Emulator" or "LlmObs.Evaluation" => Dependencies.Value.LoadFromAssemblyName(name),
        _ => null,
    };
}

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
        // The assemblies compiled for this runtime come first, if the module has them; the same assemblies are in the folder itself.
        _folders = [Path.Combine(folder, RuntimeInformation.RuntimeIdentifier), folder];

        // A private copy of a .NET assembly would have second, different types of the same names.
        string trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? string.Empty;
        _platform = trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is not string name)
        {
            return null;
        }

        // Most names are .NET's own, which have no file here: to see that is quicker than to read the version of the platform's.
        string? path = _folders.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists);
        return path is null || IsOfPlatform(assemblyName, name) ? null : LoadFromAssemblyPath(path);
    }

    // PowerShell has some packages of its own, JsonSchema.Net among them. An older one can't replace the requested version,
    // and nothing outside this context sees the types of the private copy.
    private bool IsOfPlatform(AssemblyName asked, string name) =>
        _platform.TryGetValue(name, out string? file) && (asked.Version is not Version wanted || GetAssemblyName(file).Version >= wanted);
}
