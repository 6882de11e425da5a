using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LlmObs.Bench.PlainCSharp;

// LlmObs.Bench.PlainCSharp FILE ADDRESS [WARM-UP FILE]
// One thread reads the CSV file and writes JSON; requests of 1,000 spans, up to 4 under way.
// LlmObs.Bench.PlainCSharp --bodies FOLDER ADDRESS TURNS
// Posts the files of a folder from memory, up to 4 at once, some times.
if (args is ["--bodies", string bodies, string target, string turns])
{
    IReadOnlyList<double> times = await BodyUpload.RunAsync(bodies, new Uri(target), int.Parse(turns, CultureInfo.InvariantCulture));
    Console.WriteLine(JsonSerializer.Serialize(new { times }));
    return 0;
}

if (args is not [string file, string address, .. string[] warmUp])
{
    Console.Error.WriteLine("usage: LlmObs.Bench.PlainCSharp FILE ADDRESS [WARM-UP FILE] | --bodies FOLDER ADDRESS TURNS");
    return 2;
}

using var sender = new BatchSender(new Uri(address), inFlight: 4);
long idle = Environment.WorkingSet;
foreach (string warm in warmUp)
{
    await SpanUpload.RunAsync(warm, sender);
}

var watch = Stopwatch.StartNew();
await SpanUpload.RunAsync(file, sender);
watch.Stop();

using Process self = Process.GetCurrentProcess();
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $$"""{"milliseconds":{{watch.Elapsed.TotalMilliseconds:F1}},"idle":{{idle}},"peak":{{self.PeakWorkingSet64}}}"""));
return 0;
