using System.Text.Json.Nodes;
using LlmObs.Bench.Running;
using LlmObs.Bench.Ways;

namespace LlmObs.Bench.Measuring;

/// <summary>
/// Sends the small file once in each way to a sink that keeps the bodies, and makes sure that all ways send the same spans:
/// a way that leaves something out would be fast for no merit. Serves as the first warm-up, too.
/// </summary>
internal static class ContentCheck
{
    /// <exception cref="BenchException">A way sends something else than the first one.</exception>
    public static async Task RunAsync(IReadOnlyList<Way> ways)
    {
        (string Name, Dictionary<string, JsonNode> Spans)? first = null;
        foreach (Way way in ways.Where(way => way.SendsSameContent))
        {
            Dictionary<string, JsonNode> spans = await SendAsync(way);
            first ??= (way.Name, spans);
            foreach ((string id, JsonNode wanted) in first.Value.Spans)
            {
                if (!spans.TryGetValue(id, out JsonNode? found) || !JsonNode.DeepEquals(found, wanted))
                {
                    throw new BenchException($"{way.Name} sends another span {id} than {first.Value.Name}:\n{found?.ToJsonString()}\n{wanted.ToJsonString()}");
                }
            }

            Console.Error.WriteLine($"content  {way.Name,-18} {spans.Count} spans, as {first.Value.Name} sends them");
        }
    }

    private static async Task<Dictionary<string, JsonNode>> SendAsync(Way way)
    {
        string folder = Workplace.FreshFolder("content");
        try
        {
            await using (SinkProcess sink = await SinkProcess.StartAsync("--keep", folder))
            {
                await Delivery.RunAsync(way, way.WarmUpFile, way.WarmUpEvents, sink, warmUp: false, MeasuredProgram.ShortLimit);
            }

            return Directory.EnumerateFiles(folder).SelectMany(ReadSpans).ToDictionary(span => (string)span["span_id"]!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<JsonNode> ReadSpans(string file) =>
        JsonNode.Parse(File.ReadAllBytes(file))!["data"]!["attributes"]!["spans"]!.AsArray().Select(span => span!);
}
