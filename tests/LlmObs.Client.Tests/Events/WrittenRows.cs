using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>Accepts rows from a reader, and keeps their JSON, and the problems of the others.</summary>
internal sealed class WrittenRows(EventDefaults? defaults = null) : IEventRowSink
{
    private readonly EventWriter _writer = new(defaults ?? new EventDefaults { ProjectId = "p", DatasetId = "d" }, HostObjectJson.Default, new WaitlessTime());

    public List<string> Events { get; } = [];

    public List<RowPlace> Places { get; } = [];

    public List<(RowPlace Place, string Message, string? Text)> Problems { get; } = [];

    public List<string> Ignored { get; } = [];

    public List<string> Warnings { get; } = [];

    public bool Accept(EventRow row, EventKind? kind)
    {
        try
        {
            using var buffer = new PooledBuffer();
            _writer.Write(row, kind ?? _writer.KindOf(row), buffer);
            Events.Add(Encoding.UTF8.GetString(buffer.Written.Span));
            Places.Add(row.Place);
            return true;
        }
        catch (EventRowException problem)
        {
            Problems.Add((row.Place, problem.Message, null));
            return false;
        }
    }

    public void Reject(RowPlace place, EventRowException problem, string? text) => Problems.Add((place, problem.Message, text));

    public void Ignore(string? source, IReadOnlyList<string> names) => Ignored.AddRange(names);

    public void Warn(string warning) => Warnings.Add(warning);
}
