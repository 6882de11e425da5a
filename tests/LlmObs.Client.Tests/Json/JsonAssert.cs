using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Tests;

/// <summary>Compares JSON by its content: the order of members does not matter, numbers are compared exactly.</summary>
internal static class JsonAssert
{
    public static void Same(string expected, string actual)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        if (!JsonElement.DeepEquals(left.RootElement, right.RootElement))
        {
            Assert.Equal(expected, actual);
        }
    }

    public static void Same(string expected, ReadOnlyMemory<byte> actual) => Same(expected, Encoding.UTF8.GetString(actual.Span));
}
