using System.Text;
using System.Text.Json;
using Xunit;

namespace LlmObs.Client.Tests;

/// <summary>Text is escaped in blocks: it must come out equal whatever its length is, and wherever the bytes are that must be escaped.</summary>
public class JsonAppenderTests
{
    [Theory]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("\u0001")]
    [InlineData("\n\"")]
    [InlineData("é")]
    public void Text_of_any_length_comes_out_equal(string odd)
    {
        for (int length = 0; length < 80; length++)
        {
            Assert.Equal(new string('x', length), Written(Encoding.UTF8.GetBytes(new string('x', length))));
            for (int at = 0; at <= length; at++)
            {
                string text = new string('x', at) + odd + new string('y', length - at);
                Assert.Equal(text, Written(Encoding.UTF8.GetBytes(text)));
            }
        }
    }

    [Fact]
    public void Text_of_several_pieces_comes_out_equal()
    {
        string text = string.Concat(Enumerable.Repeat("a \"quoted\" wörd\n", 1000));
        Assert.Equal(text, Written(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_found_at_every_place()
    {
        for (int length = 1; length < 80; length++)
        {
            for (int at = 0; at < length; at++)
            {
                byte[] text = new byte[length];
                Array.Fill(text, (byte)'x');
                text[at] = 0xE4;
                Assert.Null(Written(text));
            }
        }
    }

    private static string? Written(byte[] text)
    {
        using var buffer = new PooledBuffer();
        using var json = new JsonAppender();
        json.Begin(buffer);
        return json.TryText(text) ? JsonSerializer.Deserialize<string>(buffer.Written.Span) : null;
    }
}
