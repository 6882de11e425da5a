namespace LlmObs.Quickstart;

/// <summary>The arguments of the command line.</summary>
/// <param name="DataFolder">The folder of the emulator's journal; null to keep nothing.</param>
internal sealed record Arguments(string? DataFolder)
{
    public const string Usage = """
        Usage: dotnet run --project samples/Quickstart [-- --data DIR]

          --data DIR   keep the emulator's journal in DIR; what it holds is there again at the next run
          --help       show this text
        """;

    /// <summary>Reads the command line.</summary>
    /// <param name="problem">The reason why they can't be read; null if they can.</param>
    /// <returns>The arguments.</returns>
    public static Arguments Read(IReadOnlyList<string> words, out string? problem)
    {
        problem = null;
        string? folder = null;
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i] != "--data" || folder is not null)
            {
                problem = $"'{words[i]}' is not understood{(words[i] == "--data" ? " a second time" : string.Empty)}.";
                break;
            }

            folder = ++i < words.Count ? words[i] : string.Empty;
            if (string.IsNullOrWhiteSpace(folder))
            {
                problem = "--data needs a folder.";
                break;
            }
        }

        return new Arguments(folder);
    }
}
