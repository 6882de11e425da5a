using LlmObs.Quickstart;

if (args is ["--help" or "-h" or "-?" or "/?"])
{
    Console.WriteLine(Arguments.Usage);
    return ExitCode.Success;
}

Arguments arguments = Arguments.Read(args, out string? problem);
if (problem is not null)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine();
    Console.Error.WriteLine(Arguments.Usage);
    return ExitCode.WrongUsage;
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true; // so that the child is ended and the journal closed
    stopping.Cancel();
};

try
{
    return await Demonstration.RunAsync(arguments, stopping.Token) ? ExitCode.Success : ExitCode.Failure;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return ExitCode.Stopped;
}
catch (Exception e) when (Demonstration.IsExpected(e))
{
    Console.Error.WriteLine($"FAILED  {e.Message}");
    return ExitCode.Failure;
}
