using System.Security.Cryptography;
using System.Text;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// The ids of an experiment's iterations. They follow from the experiment's id, so that the parts of one that runs on several
/// machines, or goes on after it was cut off, have the same.
/// </summary>
internal static class RunIds
{
    public static string Of(string experimentId, int iteration)
    {
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{experimentId} {iteration}"))).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40); // version 4, the form that Datadog's SDKs send
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
