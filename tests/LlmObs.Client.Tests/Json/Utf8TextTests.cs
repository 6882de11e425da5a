using System.Text;
using System.Text.Unicode;
using Xunit;

namespace LlmObs.Client.Tests;

/// <summary>The own check of UTF-8 agrees with .NET's.</summary>
public class Utf8TextTests
{
    private static readonly byte[] Edges = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(28, 0)]
    [InlineData(29, 0)]
    [InlineData(30, 0)]
    [InlineData(31, 0)]
    [InlineData(32, 0)]
    [InlineData(29, 40)]
    [InlineData(31, 31)]
    [InlineData(62, 1)]
    public void Agrees_on_four_bytes_at_the_edges_of_blocks(int before, int after)
    {
        byte[] text = new byte[before + 4 + after];
        Array.Fill(text, (byte)'x');
        foreach (byte first in Edges)
        {
            foreach (byte second in Edges)
            {
                foreach (byte third in Edges)
                {
                    foreach (byte fourth in Edges)
                    {
                        (text[before], text[before + 1], text[before + 2], text[before + 3]) = (first, second, third, fourth);
                        Assert.True(Utf8.IsValid(text) == Utf8Text.IsValid(text), $"{first:X2} {second:X2} {third:X2} {fourth:X2}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Agrees_on_texts_that_are_cut_off_or_damaged()
    {
        byte[] whole = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Größe: 日本語 мир 😀 हिन्दी\n", 4)));
        for (int start = 0; start < 40; start++)
        {
            for (int end = start; end <= whole.Length; end++)
            {
                ReadOnlySpan<byte> part = whole.AsSpan(start..end);
                Assert.Equal(Utf8.IsValid(part), Utf8Text.IsValid(part));
            }
        }

        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x40;
            Assert.Equal(Utf8.IsValid(damaged), Utf8Text.IsValid(damaged));
        }
    }
}
