using System.Reflection;

namespace LlmObs.Testing;

internal static partial class Repository
{
    public static string Root { get; } =
        Path.GetFullPath(typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == "RepositoryRoot").Value!);
}
