using System.Text;
using System.Text.Json;
using Xunit;

namespace LlmObs.Client.Tests;

/// <summary>The scanner lets text go into requests as it is: it must take exactly what the real reader takes.</summary>
public class JsonValidatorTests
{
    private const string Seed = """
        {"a":"x\"y\\\/\b\f\n\r\t\u00e9","b":[1,-0.5e+10,0,-0,1E3,true,false,null,[],{},"äöü 漢字 😀"],"c":{"d":{"e":[[["deep"]]]}}, "f" : 123456789012345678901234567890 }
        """;

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0", true)]
    [InlineData("01", false)]
    [InlineData("-", false)]
    [InlineData("1.", false)]
    [InlineData(".5", false)]
    [InlineData("1e", false)]
    [InlineData("1e+", false)]
    [InlineData("1E-7", true)]
    [InlineData("+1", false)]
    [InlineData("NaN", false)]
    [InlineData("tru", false)]
    [InlineData("trues", false)]
    [InlineData("\"\\u12g4\"", false)]
    [InlineData("\"\\u12\"", false)]
    [InlineData("\"\\x\"", false)]
    [InlineData("\"tab\there\"", false)]
    [InlineData("\"open", false)]
    [InlineData("\"a long text without an end, longer than one block of the scan\\", false)]
    [InlineData("[1,]", false)]
    [InlineData("[,1]", false)]
    [InlineData("[1 2]", false)]
    [InlineData("{\"a\":1,}", false)]
    [InlineData("{\"a\" 1}", false)]
    [InlineData("{a:1}", false)]
    [InlineData("{\"a\":}", false)]
    [InlineData("[1] 2", false)]
    [InlineData("// no", false)]
    [InlineData("", false)]
    public void TakesWhatJsonIs(string text, bool isJson)
    {
        Assert.Equal(isJson, ReaderTakes(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(isJson, ScanTakes(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData(HostObjectJson.MaxDepth, true)]
    [InlineData(HostObjectJson.MaxDepth + 1, false)]
    [InlineData(100_000, false)]
    public void GoesAsDeepAsTheReader(int depth, bool isTaken)
    {
        byte[] text = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));

        Assert.Equal(isTaken, ReaderTakes(text));
        Assert.Equal(isTaken, ScanTakes(text));
    }

    [Fact]
    public void AgreesWithTheReaderOnEveryTextThatIsOneByteAway()
    {
        byte[] seed = Encoding.UTF8.GetBytes(Seed);
        byte[] others = [.. "\"\\{}[],:0-.eEtn u\t\n/"u8, 0x00, 0x1F, 0x7F];
        int taken = 0;
        for (int at = 0; at < seed.Length; at++)
        {
            taken += Agree([.. seed[..at], .. seed[(at + 1)..]]);
            taken += Agree(seed[..at]);
            foreach (byte other in others)
            {
                byte[] changed = [.. seed];
                changed[at] = other;
                taken += Agree(changed);
                taken += Agree([.. seed[..at], other, .. seed[at..]]);
            }
        }

        Assert.InRange(taken, 500, 20_000); // both kinds were seen
    }

    private static int Agree(byte[] text)
    {
        bool wanted = ReaderTakes(text);
        Assert.True(wanted == ScanTakes(text), $"reader: {wanted}, text: {Encoding.UTF8.GetString(text)}");
        return wanted ? 1 : 0;
    }

    private static bool ScanTakes(byte[] text)
    {
        int end = JsonValidator.Value(text, JsonValidator.Blanks(text, 0), depth: 0);
        return end != JsonValidator.NotFound && JsonValidator.Blanks(text, end) == text.Length;
    }

    // Texts that are no UTF-8 are refused before either is asked; the reader sees some of them, and the scan does not look.
    private static bool ReaderTakes(byte[] text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, JsonDefaults.ReaderOptions);
            bool any = false;
            while (reader.Read())
            {
                any = true;
            }

            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
