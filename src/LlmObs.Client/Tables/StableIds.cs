using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LlmObs.Client.Tables;

/// <summary>
/// Ids that are the same for the same experiment, file and row: a run that is repeated writes the same events again, and
/// readers keep the latest, instead of finding everything twice.
/// </summary>
internal static class StableIds
{
    /// <summary>The ids of a row.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="source">The file's name; empty for the pipeline.</param>
    /// <param name="row">What tells the row apart from others of its source.</param>
    /// <returns>A trace id of 32 and a span id of 16 hex digits.</returns>
    public static (string TraceId, string SpanId) Of(string experimentId, string source, string row)
    {
        // The lengths in front keep ("a", "bc") and ("ab", "c") apart.
        string seed = string.Create(CultureInfo.InvariantCulture, $"{experimentId.Length}:{experimentId}{source.Length}:{source}{row}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(seed), hash);
        return (Convert.ToHexStringLower(hash[..16]), Convert.ToHexStringLower(hash.Slice(16, 8)));
    }
}
