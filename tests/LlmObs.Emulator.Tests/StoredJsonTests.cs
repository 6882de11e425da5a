using System.Text;
using System.Text.Json;
using LlmObs.Emulator.Json;

namespace LlmObs.Emulator.Tests;

public sealed class StoredJsonTests
{
    [Theory]
    [InlineData("{ \"a\" : [1,\r\n 2] }", "{ \"a\" : [1,   2] }")]
    [InlineData("\"a\\nb\"", "\"a\\nb\"")]
    [InlineData("12", "12")]
    public void It_is_kept_as_it_is_but_on_one_line(string json, string kept)
    {
        using JsonDocument document = JsonDocument.Parse(json);

        Assert.Equal(kept, StoredJson.Of(document.RootElement).ToString());
    }

    [Theory]
    [InlineData("{\"a\":1,\"b\":[2.0]}", "{ \"b\": [ 2 ], \"a\": 1 }", true)]
    [InlineData("\"\\u00fc\"", "\"ü\"", true)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("[1]", "[1,1]", false)]
    public void Two_say_the_same_however_they_are_written(string one, string other, bool same) => Assert.Equal(same, Of(one).Says(Of(other)));

    [Theory]
    [InlineData("\"\"", true)]
    [InlineData("{}", true)]
    [InlineData("{  }", true)]
    [InlineData("{\"a\":null}", false)]
    [InlineData("\" \"", false)]
    [InlineData("0", false)]
    [InlineData("[]", false)]
    public void Empty_are_text_without_letters_and_objects_without_members(string json, bool isEmpty) => Assert.Equal(isEmpty, Of(json).IsEmpty);

    private static StoredJson Of(string json) => new(Encoding.UTF8.GetBytes(json));
}
