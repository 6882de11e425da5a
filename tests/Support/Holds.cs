using FsCheck;
using FsCheck.Fluent;

namespace LlmObs.Testing;

/// <summary>Tries a property on many values. A failure shows the smallest one found, and the seed to try it again with.</summary>
internal static class Holds
{
    public const int Times = 300;

    /// <param name="values">The generator of the values.</param>
    /// <param name="property">Throws for a value that it does not hold for.</param>
    /// <param name="times">The number of values.</param>
    public static void ForAll<T>(Arbitrary<T> values, Action<T> property, int times = Times) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(times), Prop.ForAll(values, property));
}
