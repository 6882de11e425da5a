using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>Makes objects, one a row, of the forms in which data frames are written: by columns, by index, or as lists.</summary>
internal static class JsonFrame
{
    /// <summary>The rows of an object that is a frame: its members are rows (<c>"0": {…}</c>), or columns (<c>"q": {"0": …}</c>).</summary>
    /// <param name="json">The object, with the words in it overwritten.</param>
    /// <param name="words">Those words.</param>
    /// <returns>The rows; none if it is no frame.</returns>
    public static IReadOnlyList<byte[]> OfObject(ReadOnlySpan<byte> json, IReadOnlyList<NumberWord> words)
    {
        List<(string Name, int Value)> members = JsonMembers.Members(json, 0);
        foreach ((_, int value) in members)
        {
            if (json[value] != '{')
            {
                return [];
            }
        }

        byte[] text = NumberWords.Restore(json, words);
        if (AreCounted(members))
        {
            var rows = new List<byte[]>();
            foreach ((_, int value) in members)
            {
                rows.Add(text[value..JsonValidator.Value(json, value, depth: 0)]);
            }

            return rows;
        }

        var columns = new List<List<(string Name, int Value)>>();
        foreach ((_, int value) in members)
        {
            columns.Add(JsonMembers.Members(json, value));
            if (!AreCounted(columns[^1]) || columns[^1].Count != columns[0].Count)
            {
                return [];
            }
        }

        return columns.Count == 0 ? [] : Transposed(json, text, [.. members.Select(member => Quoted(member.Name))], columns);
    }

    /// <summary>The rows of a list inside of a list: objects as they are, and values as a row with the columns [0], [1] and so on.</summary>
    /// <param name="json">The list, with the words in it overwritten.</param>
    /// <param name="words">Those words.</param>
    /// <returns>The rows.</returns>
    public static IReadOnlyList<byte[]> OfList(ReadOnlySpan<byte> json, IReadOnlyList<NumberWord> words)
    {
        byte[] text = NumberWords.Restore(json, words);
        List<int> items = JsonMembers.Items(json, 0);
        bool areRows = items.Count > 0;
        var rows = new List<byte[]>();
        foreach (int item in items)
        {
            areRows &= json[item] == '{';
            rows.Add(text[item..JsonValidator.Value(json, item, depth: 0)]);
        }

        return areRows ? rows
            : [Object([.. Enumerable.Range(0, items.Count).Select(index => Quoted(string.Create(CultureInfo.InvariantCulture, $"[{index}]")))], rows)];
    }

    /// <summary>The names of columns, as JSON strings.</summary>
    /// <param name="json">A list of them.</param>
    /// <returns>The names.</returns>
    public static IReadOnlyList<byte[]> Names(ReadOnlySpan<byte> json)
    {
        var names = new List<byte[]>();
        foreach (int item in JsonMembers.Items(json, 0))
        {
            ReadOnlySpan<byte> name = json[item..JsonValidator.Value(json, item, depth: 0)];
            names.Add(name[0] == '"' ? name.ToArray() : Quoted(Encoding.UTF8.GetString(name)));
        }

        return names;
    }

    /// <summary>A row of a frame that has its columns aside.</summary>
    /// <param name="columns">Their names, as JSON strings.</param>
    /// <param name="json">The row's values, a list with the words in it overwritten.</param>
    /// <param name="words">Those words.</param>
    /// <returns>The row; null if it is no list of as many values.</returns>
    public static byte[]? Row(IReadOnlyList<byte[]> columns, ReadOnlySpan<byte> json, IReadOnlyList<NumberWord> words)
    {
        byte[] text = NumberWords.Restore(json, words);
        var values = new List<byte[]>();
        foreach (int item in JsonMembers.Items(json, 0))
        {
            values.Add(text[item..JsonValidator.Value(json, item, depth: 0)]);
        }

        return json[0] == '[' && values.Count == columns.Count ? Object(columns, values) : null;
    }

    private static List<byte[]> Transposed(ReadOnlySpan<byte> json, byte[] text, IReadOnlyList<byte[]> names, List<List<(string Name, int Value)>> columns)
    {
        var rows = new List<byte[]>();
        for (int row = 0; row < columns[0].Count; row++)
        {
            var values = new List<byte[]>();
            foreach (List<(string Name, int Value)> column in columns)
            {
                int value = column[row].Value;
                values.Add(text[value..JsonValidator.Value(json, value, depth: 0)]);
            }

            rows.Add(Object(names, values));
        }

        return rows;
    }

    private static bool AreCounted(List<(string Name, int Value)> members) =>
        members.Count > 0 && members.Index().All(member => member.Item.Name == member.Index.ToString(CultureInfo.InvariantCulture));

    private static byte[] Object(IReadOnlyList<byte[]> names, IReadOnlyList<byte[]> values)
    {
        using var buffer = new MemoryStream();
        buffer.WriteByte((byte)'{');
        for (int index = 0; index < names.Count; index++)
        {
            buffer.Write(index == 0 ? ""u8 : ","u8);
            buffer.Write(names[index]);
            buffer.WriteByte((byte)':');
            buffer.Write(values[index]);
        }

        buffer.WriteByte((byte)'}');
        return buffer.ToArray();
    }

    private static byte[] Quoted(string name) => JsonSerializer.SerializeToUtf8Bytes(name);
}
