using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace LlmObs.Client.Tests;

/// <summary>The temporary file of an upload.</summary>
public sealed class RecordCsvFileTests
{
    [Fact]
    public void What_is_added_comes_back_equal_from_the_file_and_from_what_is_not_in_it_yet() => Prop.ForAll(Arb.From(Records), records =>
    {
        using var file = new RecordCsvFile();
        foreach (RecordText record in records)
        {
            file.Add(record);
        }

        string[] meant = [.. records.Select(record => record.ToString())];
        string[] unflushed = [.. file.ReadBack().Select(record => record.ToString())];
        using (file.OpenRead())
        {
        }

        return meant.SequenceEqual(unflushed) && meant.SequenceEqual(file.ReadBack().Select(record => record.ToString()));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void It_can_be_read_several_times_from_any_place()
    {
        using var file = new RecordCsvFile();
        for (int number = 0; number < 5000; number++)
        {
            file.Add(new RecordText(Encoding.UTF8.GetBytes($"\"input {number}\"")));
        }

        using Stream first = file.OpenRead();
        using Stream second = file.OpenRead();
        Assert.Equal(file.ByteCount, first.Length);
        using var all = new MemoryStream();
        first.CopyTo(all);
        second.Seek(-11, SeekOrigin.End);
        using var end = new StreamReader(second);
        Assert.Equal(file.ByteCount, all.Length);
        Assert.Equal(Encoding.UTF8.GetString(all.ToArray())[^11..], end.ReadToEnd());
        Assert.StartsWith("id,input,", Encoding.UTF8.GetString(all.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_disk_does_not_take_is_given_back()
    {
        string path = Path.GetTempFileName();
        var added = new List<string>();
        using (var file = new RecordCsvFile(new FileStream(path, FileMode.Open, FileAccess.Read)))
        {
            Exception? failure = null;
            for (int number = 0; number < 100_000 && failure is null; number++)
            {
                var record = new RecordText(Encoding.UTF8.GetBytes($"\"input \\\"{number}\\\"\""));
                added.Add(record.ToString());
                failure = Record.Exception(() => file.Add(record));
            }

            Assert.True(failure is IOException or UnauthorizedAccessException, $"{failure}");
            Assert.Equal(failure.Message, Record.Exception(() => file.OpenRead())?.Message);
            Assert.Equal(added, file.ReadBack().Select(record => record.ToString()));
        }

        File.Delete(path);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(100)]
    [InlineData(3_000_000)]
    public void Long_cells_with_quotes_anywhere_come_back(int length)
    {
        using var file = new RecordCsvFile();
        string[] texts = [.. new[] { 0, length / 3, length }.Select(at => new string('q', length).Insert(at, "\\\"")), new string('"', length).Replace("\"", "\\\"", StringComparison.Ordinal)];
        foreach (string text in texts)
        {
            file.Add(new RecordText(Encoding.UTF8.GetBytes($"\"{text}\"")) { Metadata = Encoding.UTF8.GetBytes($"{{\"m\":\"{text}\"}}") });
        }

        using var read = new StreamReader(file.OpenRead());
        Assert.Equal(
            "id,input,expected_output,metadata,tags\r\n" + string.Concat(texts.Select(text => $",{Quoted($"\"{text}\"")},,{Quoted($"{{\"m\":\"{text}\"}}")},\r\n")),
            read.ReadToEnd());
    }

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static Gen<RecordText[]> Records =>
        (from input in Json
         from expected in Gen.OneOf(Gen.Constant(string.Empty), Json)
         from metadata in Gen.Elements(string.Empty, "{}", "{\"a\":\"b, \\\"c\\\"\"}", "{ \"a\":\r\n1 }")
         from id in Gen.Elements(null, "r1", "a \"b\", c\r\nd")
         from tags in Gen.Elements<string[]>([], ["a:b"], ["x:\"y\"", "z:1,2"])
         select new RecordText(Encoding.UTF8.GetBytes(input))
         {
             ExpectedOutput = Encoding.UTF8.GetBytes(expected), Metadata = Encoding.UTF8.GetBytes(metadata), Id = id, Tags = tags,
         }).ListOf().Select(list => list.ToArray());

    private static Gen<string> Json => ArbMap.Default.GeneratorFor<string>().Select(text => System.Text.Json.JsonSerializer.Serialize(text));
}
