namespace LlmObs.Quickstart.Running;

/// <summary>A PowerShell that can run scripts.</summary>
/// <param name="Program">The program to start.</param>
/// <param name="Prefix">Its arguments before PowerShell's own.</param>
/// <param name="Version">The version that PowerShell reports.</param>
/// <param name="Origin">Its source, for the user.</param>
internal sealed record PowerShellProgram(string Program, IReadOnlyList<string> Prefix, string Version, string Origin)
{
    /// <summary>The arguments for running a script.</summary>
    public IEnumerable<string> ArgumentsFor(string script, params IEnumerable<string> scriptArguments) =>
        [.. Prefix, "-NoLogo", "-NoProfile", "-NonInteractive", .. ExecutionPolicy, "-File", script, .. scriptArguments];

    // A clone that came as a ZIP from the web is marked as such on Windows. This holds for the one process only.
    private static IEnumerable<string> ExecutionPolicy => OperatingSystem.IsWindows() ? ["-ExecutionPolicy", "Bypass"] : [];
}
