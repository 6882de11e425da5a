using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>Refuses a request that holds a bad event, as the service does: all of it. It knows what it stored.</summary>
internal sealed class RefusingServer : IDisposable
{
    private readonly ConcurrentQueue<int> _stored = new();
    private readonly Func<int[], string?> _pointer;
    private readonly IReadOnlySet<int> _bad;

    /// <param name="bad">The numbers of the bad events.</param>
    /// <param name="pointer">Of the events of a refused request, what the error points to.</param>
    public RefusingServer(IEnumerable<int> bad, Func<int[], string?>? pointer = null)
    {
        _bad = bad.ToHashSet();
        _pointer = pointer ?? (_ => null);
        Server = new ScriptedServer((request, _) => Answer(request));
    }

    public ScriptedServer Server { get; }

    public IReadOnlyList<int> Stored => [.. _stored];

    /// <summary>Is asked first; what it answers is answered.</summary>
    public Func<int[], Reply?> Before { get; init; } = _ => null;

    public void Dispose() => Server.Dispose();

    /// <summary>A pointer to the first bad event, shifted.</summary>
    public string PointerToFirst(int[] numbers, int shift = 0) => string.Create(
        CultureInfo.InvariantCulture, $"/data/attributes/metrics/{Array.FindIndex(numbers, _bad.Contains) + shift}/label");

    private Reply Answer(RecordedRequest request)
    {
        int[] numbers = Upload.Numbers(request.Text);
        if (Before(numbers) is Reply reply)
        {
            return reply;
        }

        int[] refused = [.. numbers.Where(_bad.Contains)];
        if (refused.Length > 0)
        {
            string source = _pointer(numbers) is string place ? $$""","source":{"pointer":"{{place}}"}""" : string.Empty;
            return Reply.Of(400, $$"""{"errors":[{"title":"Bad","detail":"number {{refused[0]}} is bad"{{source}}}]}""");
        }

        foreach (int number in numbers)
        {
            _stored.Enqueue(number);
        }

        return Reply.Accepted;
    }
}
