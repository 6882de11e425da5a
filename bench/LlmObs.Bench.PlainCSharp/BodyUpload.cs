using System.Diagnostics;
using System.Net.Http.Headers;

namespace LlmObs.Bench.PlainCSharp;

/// <summary>Posts prepared bodies: the time of HTTP, the machine and the sink, without making the bodies.</summary>
internal static class BodyUpload
{
    private const int InFlight = 4;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>The milliseconds of each turn.</summary>
    public static async Task<IReadOnlyList<double>> RunAsync(string folder, Uri address, int turns)
    {
        byte[][] bodies = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
        List<double> times = [];
        for (int turn = 0; turn < turns; turn++)
        {
            long started = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = InFlight }, PostAsync).ConfigureAwait(false);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;

        async ValueTask PostAsync(byte[] body, CancellationToken cancellationToken)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = Json;
            using HttpResponseMessage response = await client.PostAsync(address, content, cancellationToken).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
        }
    }
}
