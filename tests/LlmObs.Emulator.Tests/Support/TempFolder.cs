namespace LlmObs.Emulator.Tests.Support;

/// <summary>A folder of its own that is gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "llmobs-emulator-" + Guid.NewGuid().ToString("N"));

    public string Journal => System.IO.Path.Combine(Path, "journal.jsonl");

    public EmulatorOptions Options => new() { DataPath = Path };

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
