using System.Reflection;

namespace LlmObs.Architecture.Tests;

internal static class Repository
{
    public static string Root { get; } =
        Path.GetFullPath(typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == "RepositoryRoot").Value!);
}
