using System.Text;

namespace LlmObs.Client.Tests;

public sealed class EncodingsTests
{
    private const string Csv = "span_id,label,value,timestamp_ms\nsé,l日,1,1700000000000\n";
    private const string Line = """{"span_id":"sé","label":"l日","value":1,"timestamp_ms":1700000000000}""";
    private const string Expected = """{"span_id":"sé","label":"l日","metric_type":"score","score_value":1,"timestamp_ms":1700000000000}""";

    public static TheoryData<string, string> Formats => new()
    {
        { ".csv", Csv }, { ".CSV", Csv }, { ".tsv", Csv.Replace(',', '\t') }, { ".json", Line }, { ".json", "[" + Line + "]" }, { ".jsonl", Line }, { ".ndjson", Line + "\n" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Each_format_is_read_in_each_encoding_that_says_what_it_is(string extension, string content)
    {
        byte[][] forms =
        [
            Encoding.UTF8.GetBytes(content),
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(content)],
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(content)],
            [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(content)],
            [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(content)],
        ];
        foreach (byte[] form in forms)
        {
            WrittenRows rows = TemporaryFile.Read(extension, form);
            Assert.Empty(rows.Problems);
            JsonAssert.Same(Expected, Assert.Single(rows.Events));
        }

        JsonAssert.Same(Expected, Assert.Single(TemporaryFile.Read(extension + ".gz", TemporaryFile.Zipped(content)).Events));
        JsonAssert.Same(Expected, Assert.Single(TemporaryFile.Read(extension + ".GZ", TemporaryFile.Zipped("\uFEFF" + content)).Events));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Each_format_is_read_in_the_encoding_that_is_given(string extension, string content)
    {
        foreach (Encoding encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.UTF8 })
        {
            WrittenRows rows = TemporaryFile.Read(extension, encoding.GetBytes(content), new EventFileOptions { Encoding = encoding });
            Assert.Empty(rows.Problems);
            JsonAssert.Same(Expected, Assert.Single(rows.Events));
        }

        WrittenRows western = TemporaryFile.Read(extension, Encoding.Latin1.GetBytes(content.Replace('日', 'ü')), new EventFileOptions { Encoding = Encoding.Latin1 });
        JsonAssert.Same(Expected.Replace('日', 'ü'), Assert.Single(western.Events));
    }

    [Fact]
    public void A_byte_order_mark_is_stronger_than_the_encoding_that_is_given()
    {
        foreach (Encoding marked in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.UTF32 })
        {
            WrittenRows rows = TemporaryFile.Read(".csv", [.. marked.GetPreamble(), .. marked.GetBytes(Csv)], new EventFileOptions { Encoding = Encoding.Latin1 });
            JsonAssert.Same(Expected, Assert.Single(rows.Events));
        }
    }

    [Fact]
    public void Bytes_that_the_encoding_does_not_have_are_an_error_that_names_it()
    {
        byte[] odd = [.. Encoding.Unicode.GetBytes(Csv), 0x20];
        EventRowException given = Assert.Throws<EventRowException>(() => TemporaryFile.Read(".csv", odd, new EventFileOptions { Encoding = Encoding.Unicode }));
        Assert.Equal("the file can't be read further: by -Encoding it is utf-16, but its content is not", given.Message);
        EventRowException marked = Assert.Throws<EventRowException>(() => TemporaryFile.Read(".csv", [.. Encoding.Unicode.Preamble, .. odd], new EventFileOptions { Encoding = Encoding.ASCII }));
        Assert.Equal("the file can't be read further: by its byte order mark it is utf-16, but its content is not", marked.Message);
        Assert.Throws<EventRowException>(() => TemporaryFile.Read(".jsonl", Line, new EventFileOptions { Encoding = Encoding.ASCII }));
    }

    [Theory]
    [InlineData("a.csv", true)]
    [InlineData("a.b.JSONL.gz", true)]
    [InlineData("a.ndjson", true)]
    [InlineData("a.txt", false)]
    [InlineData("a.gz", false)]
    [InlineData("csv", false)]
    public void A_files_ending_says_whether_it_can_be_read(string path, bool can)
    {
        Assert.Equal(can, EventFile.CanRead(path));
        if (!can)
        {
            Assert.Throws<NotSupportedException>(() => EventFile.Read(path, new EventFileOptions(), new WrittenRows()));
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_io_error() =>
        Assert.Throws<FileNotFoundException>(() => EventFile.Read("/nowhere.csv".TrimStart('/'), new EventFileOptions(), new WrittenRows()));

    [Theory]
    [InlineData(".csv.gz")]
    [InlineData(".jsonl.gz")]
    [InlineData(".json.gz")]
    public void A_gz_file_that_is_none_is_an_error_of_the_file(string extension) =>
        Assert.Contains("unpacked", Assert.Throws<EventRowException>(() => TemporaryFile.Read(extension, Csv)).Message, StringComparison.Ordinal);
}
