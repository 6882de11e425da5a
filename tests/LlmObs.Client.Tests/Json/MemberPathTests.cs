using System.Text;

namespace LlmObs.Client.Tests;

public sealed class MemberPathTests
{
    [Theory]
    [InlineData("""{"a":{"b":[1,{"c":"x"}]}}""", "a.b[1].c", "\"x\"")]
    [InlineData("""{"a":{"b":[1,2,3]}}""", "A.B[-1]", "3")]
    [InlineData("""{"a":{"b":1},"a.b":2}""", "a.b", "2")]
    [InlineData("""{"a":{"b":1},"a.b":{"c":2}}""", "a.b.c", "2")]
    [InlineData("""{"a.b":{"x":1},"a":{"b":{"c":3}}}""", "a.b.c", "3")]
    [InlineData("""{"a":{"\u0062 c":4}}""", "a.b c", "4")]
    [InlineData("""[[0],[ {"a" : null } ]]""", "[1][0].a", "null")]
    [InlineData("""{"ab":1}""", "a", null)]
    [InlineData("""{"a":"text"}""", "a.b", null)]
    [InlineData("""{"a":[1]}""", "a[1]", null)]
    [InlineData("""{"a":[1]}""", "a[-2]", null)]
    [InlineData("""{"":{"a":1}}""", ".a", null)]
    public void A_path_leads_to_what_it_names(string json, string path, string? expected)
    {
        byte[] text = Encoding.UTF8.GetBytes(json);
        (int start, int length) = JsonMembers.Find(text, 0, path);
        Assert.Equal(expected, length == 0 ? null : Encoding.UTF8.GetString(text, start, length));
    }
}
