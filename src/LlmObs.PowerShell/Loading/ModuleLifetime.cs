using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace LlmObs.PowerShell.Loading;

/// <summary>What happens when the module is imported and removed.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly string Root = Path.GetDirectoryName(typeof(ModuleLifetime).Assembly.Location)!;
    private static readonly Lazy<DependencyContext> Dependencies = new(() => new DependencyContext(Path.Combine(Root, "deps")));
    private static int imported;

    /// <summary>Shows .NET the way to the module's own assemblies, once for the process.</summary>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref imported, 1) == 0)
        {
            AssemblyLoadContext.Default.Resolving += Resolve;
        }
    }

    /// <summary>Ends what would outlive the module: its emulators.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => EmulatorTable.StopAll();

    // Only for names of our own: what other modules look for is none of our business.
    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => name.Name switch
    {
        "LlmObs.Model" => context.LoadFromAssemblyPath(Path.Combine(Root, "LlmObs.Model.dll")),
        "LlmObs.Client" or "LlmObs.Emulator" or "LlmObs.Evaluation" => Dependencies.Value.LoadFromAssemblyName(name),
        _ => null,
    };
}
