using System.Security.Cryptography;

namespace LlmObs.Emulator.Catalog;

/// <summary>
/// Makes ids for what is created in large numbers: UUIDs of version 4. The random bytes of many are fetched at once, because
/// <see cref="Guid.NewGuid"/> asks the system for each, which takes longer than all else about a record.
/// </summary>
internal static class RandomIds
{
    private const int IdBytes = 16;
    private const int BlockBytes = 256 * IdBytes;

    [ThreadStatic]
    private static byte[]? _block;

    [ThreadStatic]
    private static int _left; // bytes at the end of the block that are in no id yet

    /// <summary>Makes an id.</summary>
    /// <returns>The UUID as text.</returns>
    public static string New()
    {
        byte[] block = _block ??= new byte[BlockBytes];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(block);
            _left = BlockBytes;
        }

        Span<byte> id = block.AsSpan(BlockBytes - _left, IdBytes);
        _left -= IdBytes;
        id[6] = (byte)((id[6] & 0x0F) | 0x40); // the version
        id[8] = (byte)((id[8] & 0x3F) | 0x80); // the variant
        return new Guid(id, bigEndian: true).ToString();
    }
}
