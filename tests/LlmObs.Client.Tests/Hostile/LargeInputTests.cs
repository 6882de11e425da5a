using System.IO.Compression;
using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>Unexpectedly large input: it ends, in bounded time and memory.</summary>
public sealed class LargeInputTests
{
    private const long Mebibyte = 1024 * 1024;
    private const long MostMemory = 200 * Mebibyte;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_cell_of_10_MB_is_sent_as_it_is()
    {
        string cell = string.Concat(Enumerable.Repeat("0123456789 \"\"äß\"\"\n", 10 * 1024 * 1024 / 18));
        WrittenRows rows = Bounded(() => Read(".csv", $"span_id,label,score_value,timestamp_ms,reasoning\ns,l,1,1700000000000,\"{cell}\"\ns9,l,1,1700000000000,\n"));
        Assert.Empty(rows.Problems);
        Assert.Equal(2, rows.Events.Count);
        Assert.Contains($"\"reasoning\":\"{cell.Replace("\"\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"", rows.Events[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".json")]
    [InlineData(".jsonl")]
    public void A_text_of_10_MB_is_sent_as_it_is(string extension)
    {
        string text = new('ä', 5 * 1024 * 1024);
        WrittenRows rows = Bounded(() => Read(extension, $"{{\"span_id\":\"s\",\"label\":\"l\",\"score_value\":1,\"timestamp_ms\":1700000000000,\"reasoning\":\"{text}\"}}"));
        Assert.Contains(text, Assert.Single(rows.Events), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_100_000_columns_is_read()
    {
        string header = string.Join(',', Enumerable.Range(0, 100_000).Select(column => $"c{column}"));
        WrittenRows rows = Bounded(() => Read(".csv", $"span_id,label,score_value,timestamp_ms,{header}\ns,l,1,1700000000000{new string(',', 100_000)}\n"));
        Assert.Single(rows.Events);
        Assert.Equal(100_000, rows.Ignored.Count);
    }

    [Fact]
    public void An_object_with_1_000_000_unknown_members_is_read()
    {
        var json = new StringBuilder("{\"span_id\":\"s\",\"label\":\"l\",\"score_value\":1,\"timestamp_ms\":1700000000000");
        for (int member = 0; member < 1_000_000; member++)
        {
            json.Append(System.Globalization.CultureInfo.InvariantCulture, $",\"m{member}\":1");
        }

        WrittenRows rows = Bounded(() => Read(".jsonl", json.Append("}\n").ToString()));
        Assert.Single(rows.Events);
        Assert.Equal(1_000_000, rows.Ignored.Count);
    }

    [Fact]
    public void A_small_archive_with_a_huge_text_in_it_is_read_row_by_row()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("span_id,label,score_value,timestamp_ms,note\n"u8);
            byte[] row = Encoding.ASCII.GetBytes($"s,l,1,1700000000000,{new string('x', 100_000)}\n");
            for (int count = 0; count < 2_000; count++)
            {
                gzip.Write(row);
            }
        }

        Assert.True(packed.Length < 2 * Mebibyte);
        WrittenRows rows = Bounded(() => TemporaryFile.Read(".csv.gz", packed.ToArray()));
        Assert.Equal(2_000, rows.Events.Count);
    }

    [Fact]
    public void Every_place_at_which_an_archive_can_be_cut_is_noticed()
    {
        string rows = string.Concat(Enumerable.Range(0, 300).Select(row => $"s{row},l,{row},1700000000000\n"));
        byte[] whole = TemporaryFile.Zipped("span_id,label,score_value,timestamp_ms\n" + rows);
        Assert.Equal(300, TemporaryFile.Read(".csv.gz", whole).Events.Count);
        for (int length = 1; length < whole.Length; length++)
        {
            var sink = new WrittenRows();
            using var file = new TemporaryFile(".csv.gz", whole[..length]);
            Assert.Throws<EventRowException>(() => EventFile.Read(file.Path, new EventFileOptions(), sink));

            // The rows before the cut are those of the file: none is made of half a row.
            Assert.Empty(sink.Problems);
            Assert.All(sink.Events.Index(), row => Assert.StartsWith($"{{\"span_id\":\"s{row.Index}\",\"label\":\"l\",\"metric_type\":\"score\",\"score_value\":{row.Index},", row.Item, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Archives_one_behind_the_other_are_one_file()
    {
        byte[] two = [.. TemporaryFile.Zipped("span_id,label,score_value,timestamp_ms\ns1,l,1,1700000000000\n"), .. TemporaryFile.Zipped("s2,l,1,1700000000000\n")];
        Assert.Equal(2, TemporaryFile.Read(".csv.gz", two).Events.Count);
    }

    private static WrittenRows Read(string extension, string content) => TemporaryFile.Read(extension, content);

    /// <summary>Reads, and checks the time and the memory, without the input itself and the events that the test keeps.</summary>
    private static WrittenRows Bounded(Func<WrittenRows> read)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        WrittenRows rows = read();
        Assert.True(watch.Elapsed < Longest, $"It took {watch.Elapsed}.");
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(held < MostMemory, $"{held / Mebibyte} MiB are still held.");
        return rows;
    }
}
