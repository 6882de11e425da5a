using System.Globalization;

namespace LlmObs.Bench;

/// <summary>The options of the command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        dotnet run -c Release --project bench/LlmObs.Bench [-- OPTION ...]
          --events N        spans of the timed runs; 100000
          --large N         spans of the large memory runs, and metrics of the emulator; 1000000
          --runs N          rounds; medians are of these; 5
          --only NAME,...   only these, by the names in the first column of the tables, or session, explain, posting, startup, import,
                            first-call, memory, records, old-metrics, emulator
          --files N         also N compressed files of 100000 spans in one call; 100 of them are 10000000 spans, and take some minutes
          --against REV     also the waits with the module of another revision, in turns with this one's; adds two minutes a round
          --quick           20000 events, 100000 large, 2 rounds; says whether everything works, not how fast it is
          --output FILE     where the Markdown goes; bench/RESULTS.md, and nowhere with --quick or --only
        """;

    public int Events { get; private set; } = 100_000;

    public int Large { get; private set; } = 1_000_000;

    public int Runs { get; private set; } = 5;

    /// <summary>The number of compressed files of 100,000 spans to send in one call; 0 for none.</summary>
    public int Files { get; private set; }

    /// <summary>A revision of git whose module is measured in turns with the present one; null for none.</summary>
    public string? Against { get; private set; }

    public IReadOnlyList<string> Only { get; private set; } = [];

    public bool Quick { get; private set; }

    public string? Output { get; private set; }

    /// <summary>True if the run's figures may go into the repository.</summary>
    public bool IsWhole => !Quick && Only.Count == 0;

    public BenchOptions ForOneRound() => this with { Runs = 1 };

    public bool Wants(string name) => Only.Count == 0 || Only.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="BenchException">There is something that it does not know.</exception>
    public static BenchOptions Parse(string[] arguments)
    {
        var options = new BenchOptions();
        var left = new Queue<string>(arguments);
        while (left.TryDequeue(out string? name))
        {
            switch (name)
            {
                case "--quick":
                    options.Quick = true;
                    options.Events = 20_000;
                    options.Large = 100_000;
                    options.Runs = 2;
                    break;
                case "--events":
                    options.Events = Number(name, left);
                    break;
                case "--large":
                    options.Large = Number(name, left);
                    break;
                case "--runs":
                    options.Runs = Number(name, left);
                    break;
                case "--files":
                    options.Files = Number(name, left);
                    break;
                case "--against":
                    options.Against = Value(name, left);
                    break;
                case "--only":
                    options.Only = Value(name, left).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                    break;
                case "--output":
                    options.Output = Value(name, left);
                    break;
                default:
                    throw new BenchException($"'{name}' is unknown.{Environment.NewLine}{Usage}");
            }
        }

        return options;
    }

    private static string Value(string name, Queue<string> left) =>
        left.TryDequeue(out string? value) ? value : throw new BenchException($"{name} needs a value.{Environment.NewLine}{Usage}");

    private static int Number(string name, Queue<string> left) =>
        int.TryParse(Value(name, left), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new BenchException($"{name} needs a whole number above 0.");
}
