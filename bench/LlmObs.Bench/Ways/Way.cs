using LlmObs.Bench.Running;

namespace LlmObs.Bench.Ways;

/// <summary>One way to get the events of a file to the service.</summary>
/// <param name="Name">Its name on the command line and in the tables.</param>
/// <param name="Title">The command that a user would type.</param>
/// <param name="File">The file that it reads.</param>
/// <param name="WarmUpFile">The file that it reads first, untimed.</param>
/// <param name="Events">The events in the file.</param>
/// <param name="WarmUpEvents">The events in the warm-up file.</param>
/// <param name="Sends">True if it sends at all, or only reads.</param>
/// <param name="ToCommand">The command for a file, a sink and a warm-up file.</param>
internal sealed record Way(
    string Name,
    string Title,
    string File,
    string WarmUpFile,
    long Events,
    long WarmUpEvents,
    bool Sends,
    Func<string, SinkProcess, string?, Command> ToCommand)
{
    /// <summary>True if other ways are to send the very same content; the official TypeScript client can't.</summary>
    public bool SendsSameContent { get; init; } = true;
}
