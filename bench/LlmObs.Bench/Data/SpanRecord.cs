namespace LlmObs.Bench.Data;

/// <summary>One span. Row number and seed decide all of it, so that a small file is the beginning of a large one.</summary>
internal sealed class SpanRecord
{
    private const ulong Seed = 20_261_003;
    private const long FirstStart = 1_790_000_000_000_000_000;

    private static readonly string[] Tags = ["env:bench", "team:search", "model:small-1", "locale:de-CH", "prompt:v7"];

    private readonly TextMaker _text = new();

    public string TraceId { get; private set; } = string.Empty;

    public string SpanId { get; private set; } = string.Empty;

    public string Name { get; private set; } = string.Empty;

    public long Start { get; private set; }

    public long Duration { get; private set; }

    public string Status { get; private set; } = string.Empty;

    public string Input { get; private set; } = string.Empty;

    public string Output { get; private set; } = string.Empty;

    public string ExpectedOutput { get; private set; } = string.Empty;

    public string ErrorMessage { get; private set; } = string.Empty;

    public string ErrorType { get; private set; } = string.Empty;

    public string[] OwnTags { get; private set; } = [];

    public void Fill(int row)
    {
        var dice = new Dice(Seed + ((ulong)row << 20));
        TraceId = $"{dice.Next():x16}{dice.Next():x16}";
        SpanId = $"{dice.Next():x16}";
        Name = $"question {row + 1}";
        Start = FirstStart + (row * 1_000_003L);
        Duration = 40_000_000 + (dice.Below(2_000_000) * 1000L);
        Input = _text.Make(ref dice, 158, lines: false);
        Output = dice.Chance(3) ? string.Empty : _text.Make(ref dice, 420, lines: true);
        ExpectedOutput = dice.Chance(20) ? string.Empty : _text.Make(ref dice, 136, lines: true);
        bool failed = dice.Chance(4);
        Status = failed ? "error" : "ok";
        ErrorMessage = failed ? "The model did not answer within 30 s, \"deadline exceeded\"" : string.Empty;
        ErrorType = failed ? "TimeoutError" : string.Empty;
        OwnTags = [.. Tags.Take(dice.Below(3))];
    }
}
