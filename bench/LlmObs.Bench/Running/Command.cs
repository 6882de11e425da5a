using System.Text.Json;

namespace LlmObs.Bench.Running;

/// <summary>A program that measures something and writes its result as its last line, in JSON.</summary>
internal sealed record Command(string Program, IReadOnlyList<string> Arguments)
{
    /// <exception cref="BenchException">It failed, or its last line is not JSON.</exception>
    public async Task<JsonElement> RunAsync(TimeSpan limit)
    {
        string output = await MeasuredProgram.RunAsync(Program, Arguments, limit);
        string line = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? string.Empty;
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            throw new BenchException($"{Program} {string.Join(' ', Arguments.Select(Path.GetFileName))} wrote no result but: {output.Trim()}");
        }
    }
}
