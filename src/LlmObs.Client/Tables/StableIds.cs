using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LlmObs.Client.Tables;

/// <summary>
/// Ids that are the same for the same experiment, file name and content: a run that is repeated writes the same events
/// again, wherever its file lies, and readers keep the latest, instead of finding everything twice. Different rows never
/// share one, and equal rows of a call are counted.
/// </summary>
internal sealed class StableIds
{
    private readonly ArrayBufferWriter<byte> _seed = new();
    private readonly Dictionary<ulong, int> _met = []; // how often each content was met

    /// <summary>The ids of a row with its own identity: they stay the same wherever the row moves to, also in another file.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="row">The row's identity.</param>
    /// <returns>A trace id of 32 and a span id of 16 hex digits.</returns>
    public static (string TraceId, string SpanId) Of(string experimentId, string row)
    {
        // The lengths keep ("a", "bc") and ("ab", "c") apart.
        string text = string.Create(CultureInfo.InvariantCulture, $"{experimentId.Length}:{experimentId}0:{row}");
        return Hash(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Begins the ids of a row that is known by its content.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="fileName">The file's name; empty for the pipeline.</param>
    public void Begin(string experimentId, string fileName)
    {
        _seed.ResetWrittenCount();
        Add(experimentId);
        Add(fileName);
    }

    /// <summary>Adds one cell.</summary>
    public void Add(string column, in Cell cell)
    {
        Add(column);
        switch (cell.Kind)
        {
            case CellKind.Utf8 or CellKind.Json:
                Add(cell.Utf8);
                break;
            case CellKind.Time:
                Add(cell.Time.UtcTicks);
                break;
            case CellKind.Duration:
                Add(cell.Duration.Ticks);
                break;
            default:
                Add(cell.TryGetText(out string text) ? text : string.Empty);
                break;
        }
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        _seed.Write(bytes);
    }

    /// <summary>The ids of all that was added.</summary>
    public (string TraceId, string SpanId) End()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_seed.WrittenSpan, hash);
        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_met, BinaryPrimitives.ReadUInt64LittleEndian(hash), out _);
        count++;
        if (count > 1)
        {
            Add(count);
        }

        return Hash(_seed.WrittenSpan);
    }

    private void Add(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Add(length);
        _seed.Advance(Encoding.UTF8.GetBytes(text, _seed.GetSpan(length)));
    }

    private void Add(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_seed.GetSpan(sizeof(long)), number);
        _seed.Advance(sizeof(long));
    }

    private static (string TraceId, string SpanId) Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return (Convert.ToHexStringLower(hash[..16]), Convert.ToHexStringLower(hash.Slice(16, 8)));
    }
}
