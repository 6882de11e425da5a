using System.Text;

namespace LlmObs.Client.Tests;

public sealed class JsonEventReaderTests
{
    private const string S1 = """{"trace_id":"t","span_id":"s1","project_id":"p","dataset_id":"d","name":"n","start_ns":0,"duration":0}""";
    private const string M1 = """{"span_id":"s1","label":"l","value":1,"timestamp_ms":0}""";

    [Theory]
    [InlineData(S1, 1)]
    [InlineData("[" + S1 + "," + M1 + "]", 2)]
    [InlineData("[[" + S1 + "],[[" + M1 + "]],[]]", 2)]
    [InlineData("{\"spans\":[" + S1 + "],\"metrics\":[" + M1 + "," + M1 + "]}", 3)]
    [InlineData("{\"metrics\":[" + M1 + "],\"other\":{\"spans\":[1]},\"spans\":[" + S1 + "]}", 2)]
    [InlineData("{\"data\":{\"id\":\"x\",\"attributes\":{\"spans\":[" + S1 + "],\"metrics\":[" + M1 + "]}}}", 2)]
    [InlineData("{\"attributes\":{\"metrics\":[" + M1 + "]}}", 1)]
    [InlineData("[{\"spans\":[" + S1 + "]}," + M1 + "]", 2)]
    [InlineData("{\"spans\":[],\"metrics\":[]}", 0)]
    [InlineData("[]", 0)]
    [InlineData(" \n[ \n] \n", 0)]
    public void Events_are_found_alone_in_lists_and_in_payloads(string json, int events)
    {
        foreach (int chunk in (int[])[1, 2, 3, 7, 1 << 20])
        {
            WrittenRows rows = ReadFile(json, chunk);
            Assert.Empty(rows.Problems);
            Assert.Equal(events, rows.Events.Count);
            Assert.Equal(Enumerable.Range(1, events).Select(row => (long)row), rows.Places.Select(place => place.Row));
        }

        var lines = new WrittenRows();
        new JsonEventReader(lines, null).ReadText(Encoding.UTF8.GetBytes(json), new RowPlace(null, 1));
        Assert.Equal(events, lines.Events.Count);
    }

    [Fact]
    public void What_stands_in_a_list_of_spans_is_a_span()
    {
        WrittenRows rows = ReadFile("{\"spans\":[" + S1.Replace("}", ",\"label\":\"l\"}", StringComparison.Ordinal) + "]}", 5);
        Assert.Contains("trace_id", Assert.Single(rows.Events), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[" + M1 + ",5,\"x\",null," + M1 + "]", 2, 3)]
    [InlineData("[" + M1 + "," + M1 + ",{\"span_id\":", 2, 1)]
    [InlineData("[" + M1 + "]x", 1, 1)]
    [InlineData("[{\"data\":{\"x\":1},\"span_id\":\"s\",\"label\":\"l\",\"value\":1}," + M1 + "]", 1, 1)]
    [InlineData("{\"attributes\":{\"name\":\"n\"}}", 0, 1)]
    [InlineData("", 0, 1)]
    [InlineData("{", 0, 1)]
    [InlineData("[" + M1 + "," + M1, 2, 1)]
    [InlineData("[" + M1 + ",{\"label\":\"l\",\"Label\":\"m\"}," + M1 + "]", 2, 1)]
    public void What_is_no_event_is_reported_and_what_is_one_is_taken(string json, int events, int problems)
    {
        foreach (int chunk in (int[])[1, 4, 1 << 20])
        {
            WrittenRows rows = ReadFile(json, chunk);
            Assert.Equal((events, problems), (rows.Events.Count, rows.Problems.Count));
        }
    }

    [Fact]
    public void Members_that_are_no_fields_are_reported() =>
        Assert.Equal(["Question", "more"], ReadFile("""{"span_id":"s","Question":1,"label":"l","value":1,"more":{"span_id":2}}""", 9).Ignored);

    [Fact]
    public void A_file_of_200000_events_reads_alike_in_tiny_chunks_and_at_once()
    {
        var text = new StringBuilder("[");
        var random = new Random(11);
        for (int index = 0; index < 200_000; index++)
        {
            text.Append(index == 0 ? "" : ",").Append("{\"span_id\":\"").Append(index).Append("\",\"label\":\"é\\\"\\u00e9\",\"value\":").Append(random.Next());
            text.Append(index % 1000 == 0 ? ",\"metadata\":{\"x\":[1,{\"y\":\"" + new string('z', random.Next(200)) + "\"}]}}" : "}");
        }

        byte[] json = Encoding.UTF8.GetBytes(text.Append(']').ToString());
        var whole = new Fingerprint();
        new JsonEventReader(whole, "f.json").ReadFile(new MemoryStream(json));
        var chunked = new Fingerprint();
        new JsonEventReader(chunked, "f.json").ReadFile(new ChunkedStream(json, 7, random));
        Assert.Equal(200_000, whole.Count);
        Assert.Equal((whole.Count, whole.Hash), (chunked.Count, chunked.Hash));
    }

    private static WrittenRows ReadFile(string json, int chunk)
    {
        var rows = new WrittenRows();
        new JsonEventReader(rows, "f.json").ReadFile(new ChunkedStream(Encoding.UTF8.GetBytes(json), chunk, new Random(3)));
        return rows;
    }

    /// <summary>Hands out between one byte and the given number of bytes at a time.</summary>
    private sealed class ChunkedStream(byte[] content, int most, Random random) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, most + 1)));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, random.Next(1, most + 1))]);
    }

    /// <summary>Counts many rows and keeps a digest of their content.</summary>
    private sealed class Fingerprint : IEventRowSink
    {
        private HashCode _hash;

        public int Count { get; private set; }

        public int Hash => _hash.ToHashCode();

        public bool Accept(EventRow row, EventKind? kind)
        {
            Count++;
            _hash.Add(row.Place.Row);
            foreach (EventField field in (EventField[])[EventField.SpanId, EventField.Label, EventField.Value, EventField.Metadata])
            {
                _hash.AddBytes(row.Get(field).Utf8);
            }

            return true;
        }

        public void Reject(RowPlace place, EventRowException problem, string? text) => Assert.Fail(problem.Message);

        public void Ignore(string? source, IReadOnlyList<string> names) => Assert.Fail(names[0]);

        public void Warn(string warning) => Assert.Fail(warning);
    }
}
