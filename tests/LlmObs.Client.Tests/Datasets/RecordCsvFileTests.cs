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
