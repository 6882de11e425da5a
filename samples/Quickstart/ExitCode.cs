namespace LlmObs.Quickstart;

/// <summary>The program's exit codes.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;

    /// <summary>The code that shells expect after Ctrl+C.</summary>
    public const int Stopped = 130;
}
