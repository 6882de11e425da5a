using System.Buffers.Text;
using System.Text;

namespace LlmObs.Bench.Sink;

/// <summary>The little of a request's head that a sink needs.</summary>
/// <param name="IsQuestion">A GET, by which the benchmark asks for the counts.</param>
/// <param name="BodyLength">The bytes of the body; -1 if the head does not give them.</param>
/// <param name="WantsContinue">True if the client waits for permission to send the body.</param>
internal readonly record struct RequestHead(bool IsQuestion, long BodyLength, bool WantsContinue)
{
    public static RequestHead Parse(ReadOnlySpan<byte> head)
    {
        bool question = head.StartsWith("GET "u8);
        long length = question ? 0 : -1;
        bool wantsContinue = false;
        foreach (Range range in head.Split("\r\n"u8))
        {
            ReadOnlySpan<byte> line = head[range];
            int colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(line[..colon], "Content-Length"u8) && Utf8Parser.TryParse(value, out long said, out _))
            {
                length = said;
            }
            else if (Ascii.EqualsIgnoreCase(line[..colon], "Expect"u8))
            {
                wantsContinue = Ascii.EqualsIgnoreCase(value, "100-continue"u8);
            }
        }

        return new RequestHead(question, length, wantsContinue);
    }
}
