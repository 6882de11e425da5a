using System.Collections;

namespace LlmObs.PowerShell.Values;

/// <summary>Reads any kind of hashtable.</summary>
internal static class Entries
{
    /// <summary>
    /// The entries of a dictionary. A generic one gives pairs of its own when it is enumerated like a list; only its
    /// enumerator as a dictionary gives entries.
    /// </summary>
    public static IEnumerable<DictionaryEntry> Of(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            yield return entry;
        }
    }
}
