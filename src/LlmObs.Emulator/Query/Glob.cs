namespace LlmObs.Emulator.Query;

/// <summary>
/// A pattern with <c>*</c> for any characters and <c>?</c> for one. Matching goes back to the last <c>*</c> only, so it
/// takes at most text times pattern steps, however many wildcards there are.
/// </summary>
internal sealed class Glob
{
    /// <summary>Stands for <c>*</c> among the pattern's parts, which are code units otherwise.</summary>
    public const int AnyRun = -1;

    /// <summary>Stands for <c>?</c>.</summary>
    public const int AnyOne = -2;

    private readonly int[] _parts;
    private readonly int[] _folded;

    public Glob(IEnumerable<int> parts)
    {
        _parts = [.. parts];
        _folded = Array.ConvertAll(_parts, part => part < 0 ? part : char.ToUpperInvariant((char)part));
    }

    /// <summary>True if the pattern is a single <c>*</c>.</summary>
    public bool IsAnything => _parts is [AnyRun];

    public bool Matches(ReadOnlySpan<char> text, bool ignoreCase)
    {
        int[] parts = ignoreCase ? _folded : _parts;
        int at = 0, part = 0, runPart = -1, runAt = 0;
        while (at < text.Length)
        {
            char unit = ignoreCase ? char.ToUpperInvariant(text[at]) : text[at];
            if (part < parts.Length && (parts[part] == unit || parts[part] == AnyOne))
            {
                at++;
                part++;
            }
            else if (part < parts.Length && parts[part] == AnyRun)
            {
                runPart = part++;
                runAt = at;
            }
            else if (runPart >= 0)
            {
                part = runPart + 1;
                at = ++runAt;
            }
            else
            {
                return false;
            }
        }

        while (part < parts.Length && parts[part] == AnyRun)
        {
            part++;
        }

        return part == parts.Length;
    }
}
