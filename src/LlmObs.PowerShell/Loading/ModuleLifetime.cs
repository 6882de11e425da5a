using System.Diagnostics;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.PowerShell.Commands;

namespace LlmObs.PowerShell.Loading;

/// <summary>What happens when the module is imported and removed.</summary>
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
    /// Ends what would outlive the module: its emulators. Import-Module -Force removes the module only to import it again. It
    /// keeps them: the next call would otherwise go to the real service, and nobody would be told.
    /// </summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (!IsImportedAgain())
        {
            RunningEmulators.StopAll();
        }
    }

    // PowerShell says nowhere why it removes a module; who asked for it is on the stack.
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
