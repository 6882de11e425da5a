using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmObs.Emulator.Catalog;

namespace LlmObs.Emulator.Tests;

public sealed class RecordCsvTests
{
    private static readonly string Deepest = new string('[', 256) + new string(']', 256);

    public static TheoryData<string, string?> Cells => new()
    {
        // text
        { "plain", "\"plain\"" },
        { "\"a, b\"", "\"a, b\"" },
        { "\"say \"\"hi\"\"\"", "say \"hi\"" },
        { "\"\"\"\"", "\"" },
        { "\"two\nlines\"", "two\nlines" },
        { "\"two\r\nlines, \r\n\r\nfour\"", "two\r\nlines, \r\n\r\nfour" },
        { "  spaced ", "\"  spaced \"" },
        { "\" \"", "\" \"" },
        { "5\" disk", "5\" disk" },
        { "\"ab\"c", "\"abc\"" },
        { "\"\"c", "\"c\"" },
        { "Übung 数 😀", "Übung 数 😀" },

        // JSON
        { "\"{\"\"a\"\":[1,null,\"\"b\"\"]}\"", """{"a":[1,null,"b"]}""" },
        { "\"\"\"text\"\"\"", "\"text\"" },
        { "\"\"\"\"\"\"", "\"\"" },
        { "\"\"\"a \\\"\"b\\\"\" \\n ü\"\"\"", """
            "a \"b\" \n ü"
            """ },
        { "\" {\"\"a\"\" : 1 } \"", """{"a" : 1 }""" },
        { "\"{\"\"a\"\":1,\"\"a\"\":2}\"", """{"a":1,"a":2}""" },
        { "true", "true" },
        { "12", "12" },
        { "-0.50", "-0.50" },
        { "1e999", "1e999" },
        { "123456789012345678901234567890", "123456789012345678901234567890" },
        { Deepest, Deepest },

        // text that JSON begins like
        { "true enough", "\"true enough\"" },
        { "12 apples", "\"12 apples\"" },
        { "01", "\"01\"" },
        { "NaN", "\"NaN\"" },
        { "-", "\"-\"" },
        { "[1", "\"[1\"" },
        { "{}{}", "\"{}{}\"" },
        { $"[{Deepest}]", $"\"[{Deepest}]\"" },

        // nothing
        { "", null },
        { "\"\"", null },
        { "null", null },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_cell_is_its_JSON_or_else_text(string cell, string? value)
    {
        RecordDraft draft = Assert.Single(Read($"input,expected_output,id\r\nq,{cell},mine\r\n"));

        Assert.Equal("mine", draft.Id);
        Assert.Equal("q", draft.Input.Value!.Value.ToElement().GetString());
        string? found = draft.ExpectedOutput.Value?.ToString();
        Assert.Equal(value, value is null || found == value ? found : draft.ExpectedOutput.Value?.ToElement().GetString());
    }

    [Theory]
    [InlineData("\\\"")]
    [InlineData("\\n\\\\")]
    [InlineData("\\")]
    [InlineData("\\x")]
    [InlineData("\\u00e9")]
    [InlineData("\\ud83d")]
    [InlineData("\"")]
    [InlineData("\t")]
    [InlineData("\u007Fü数")]
    public void A_string_is_JSON_or_text_wherever_in_it_something_special_is(string special)
    {
        string[] cells = [.. Enumerable.Range(0, 70).SelectMany(length => Enumerable.Range(0, length + 1).Select(at => $"\"{new string('a', length).Insert(at, special)}\""))];

        IReadOnlyList<RecordDraft> drafts = Read("input\n" + string.Concat(cells.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n")));

        Assert.Equal(cells.Select(Meaning), drafts.Select(draft => draft.Input.Value!.Value.ToElement().GetString()));
    }

    [Theory]
    [InlineData("input,id\na,1\nb,2\n")]
    [InlineData("input,id\r\na,1\r\nb,2\r\n")]
    [InlineData("input,id\r\na,1\r\nb,2")]
    [InlineData("\n\r\ninput,id\n\n\na,1\r\n\r\nb,2\n\n")]
    [InlineData("\uFEFFinput,id\na,1\nb,2\n")]
    [InlineData("id,\"input\"\n\"1\",\"a\"\n\"2\",\"b\"")]
    [InlineData("id,input,other,input,id\n1,a,x,y,z\n2,b,x,y,z\n")]
    public void Rows_end_with_their_lines_and_columns_go_by_their_first_names(string csv)
    {
        IReadOnlyList<RecordDraft> drafts = Read(csv);

        Assert.Equal(["1", "2"], drafts.Select(draft => draft.Id));
        Assert.Equal(["a", "b"], drafts.Select(draft => draft.Input.Value!.Value.ToElement().GetString()));
        Assert.All(drafts, draft => Assert.Empty(draft.Tags!));
    }

    [Fact]
    public void A_file_of_UTF_16_is_read_by_its_mark()
    {
        byte[] csv = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("input\nÜbung\n")];

        Assert.Null(RecordCsv.Read(csv, out IReadOnlyList<RecordDraft> drafts));

        Assert.Equal("Übung", Assert.Single(drafts).Input.Value!.Value.ToElement().GetString());
        Assert.StartsWith("The CSV file can't be read: ", RecordCsv.Read((byte[])[.. csv, 0x00, 0xD8, 0x0A, 0x00], out _)?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"[\"\"a\"\",\"\"b\"\"]\"", "a|b")]
    [InlineData("\"[1,true,\"\"b\"\"]\"", "1|True|b")]
    [InlineData("a", "a")]
    [InlineData("7", "7")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    public void Tags_are_a_list_or_one(string cell, string tags) =>
        Assert.Equal(tags, string.Join('|', Assert.Single(Read($"input,tags\nq,{cell}\n")).Tags!));

    [Theory]
    [InlineData("", "The CSV file is empty.")]
    [InlineData("\n\r\n\n", "The CSV file is empty.")]
    [InlineData("question,Input\nq,a\n", "The CSV file has no column 'input'; its columns are question, Input.")]
    [InlineData("\"in put\"\nq\n", "The CSV file has no column 'input'; its columns are in put.")]
    [InlineData("input,id\na,1\nb\n", "Row 2 has 1 cells, and the header has 2.")]
    [InlineData("input,id\na,1,2\n", "Row 1 has 3 cells, and the header has 2.")]
    [InlineData("input,id\na,1\n,2\n", "Row 2: 'input' is empty.")]
    [InlineData("input,id\n\"\",1\n", "Row 1: 'input' is empty.")]
    [InlineData("input,metadata\na,{}\nb,text\n", "Row 2: 'metadata' must be a JSON object.")]
    [InlineData("input,metadata\n,text\n", "Row 1: 'input' is empty.")]
    [InlineData("input,metadata\na,text\nb\n", "Row 1: 'metadata' must be a JSON object.")]
    [InlineData("input,id\n\"a,1\nb,2\n", "The CSV file can't be read: a quote is opened and never closed.")]
    [InlineData("\"input,id\na,1\n", "The CSV file can't be read: a quote is opened and never closed.")]
    [InlineData("input,id\na,1\nb,\"2", "The CSV file can't be read: a quote is opened and never closed.")]
    [InlineData("input,id\na\"b,\"2", "The CSV file can't be read: a quote is opened and never closed.")]
    [InlineData("input,id\na,1\na,\"2\"\",3\nb,4\"\"", "The CSV file can't be read: a quote is opened and never closed.")]
    public void What_is_wrong_is_told(string csv, string detail) => Assert.Equal(detail, RecordCsv.Read(Encoding.UTF8.GetBytes(csv), out _)?.Detail);

    [Fact]
    public void An_input_of_null_is_none() => Assert.Equal("Row 1: 'input' is empty.", RecordCsv.Read("input\nnull\n"u8.ToArray(), out _)?.Detail);

    [Fact]
    public void Half_a_surrogate_pair_makes_text_of_JSON()
    {
        RecordDraft draft = Assert.Single(Read("input\n\"\"\"\\ud83d\"\"\"\n"));

        Assert.Equal("\"\\ud83d\"", draft.Input.Value!.Value.ToElement().GetString());
    }

    [Fact]
    public void The_place_of_a_byte_that_is_not_UTF_8_is_told()
    {
        string? detail = RecordCsv.Read((byte[])[.. "input\nfirst "u8, 0xFF, (byte)'\n'], out _)?.Detail;

        Assert.StartsWith("The CSV file can't be read: ", detail, StringComparison.Ordinal);
        Assert.Contains("[FF] at index 12", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x,{}", null)]
    [InlineData("x", "Row 4001 has 1 cells, and the header has 2.")]
    [InlineData("x,y", "Row 4001: 'metadata' must be a JSON object.")]
    public void A_long_file_is_read_row_by_row(string last, string? detail)
    {
        string text = new('t', 300);
        string rows = string.Concat(Enumerable.Range(0, 4000).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row} {text},\"{{\"\"n\"\":{row}}}\"\n")));

        Assert.Equal(detail, RecordCsv.Read(Encoding.UTF8.GetBytes($"input,metadata\n{rows}{last}\n"), out IReadOnlyList<RecordDraft> drafts)?.Detail);

        Assert.Equal(Enumerable.Range(0, 4000), drafts.Take(4000).Select(draft => draft.Metadata.Value!.Value.ToElement().GetProperty("n").GetInt32()));
        Assert.Equal($"3999 {text}", drafts[3999].Input.Value!.Value.ToElement().GetString());
    }

    private static string? Meaning(string cell)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(cell);
            return document.RootElement.GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return cell;
        }
    }

    private static IReadOnlyList<RecordDraft> Read(string csv)
    {
        Assert.Null(RecordCsv.Read(Encoding.UTF8.GetBytes(csv), out IReadOnlyList<RecordDraft> drafts));
        return drafts;
    }
}
