using System.Collections.Concurrent;

namespace LlmObs.Emulator.Tests;

public sealed class RandomIdsTests
{
    [Fact]
    public void Each_is_a_UUID_of_version_4_and_none_comes_twice_from_any_thread()
    {
        var ids = new ConcurrentBag<string>();

        Parallel.For(0, 20_000, _ => ids.Add(RandomIds.New()));

        Assert.Equal(20_000, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id));
    }

    [Fact]
    public void Each_random_bit_is_set_in_some_and_not_in_others()
    {
        UInt128[] bits = [.. Enumerable.Range(0, 1000).Select(_ => UInt128.Parse(RandomIds.New().Replace("-", string.Empty, StringComparison.Ordinal), System.Globalization.NumberStyles.HexNumber, null))];

        UInt128 fixedBits = (UInt128)0xF000 << 64 | (UInt128)0xC0 << 56; // version and variant
        Assert.Equal(UInt128.MaxValue & ~fixedBits, (bits.Aggregate((all, one) => all | one) ^ bits.Aggregate((all, one) => all & one)) & ~fixedBits);
    }
}
