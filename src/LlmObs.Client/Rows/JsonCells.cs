namespace LlmObs.Client.Rows;

/// <summary>Makes cells of pieces of JSON in which numbers that JSON has no word for were overwritten.</summary>
internal static class JsonCells
{
    /// <summary>A piece of JSON as a cell: one of the words is the number that it means.</summary>
    /// <param name="json">The text with its words overwritten.</param>
    /// <param name="start">Where the piece begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="words">The text's words.</param>
    /// <param name="name">What an error calls the piece.</param>
    /// <exception cref="EventRowException">There is such a word somewhere inside of it.</exception>
    public static Cell At(ReadOnlySpan<byte> json, int start, int length, IReadOnlyList<NumberWord> words, string name)
    {
        foreach (NumberWord word in words)
        {
            if (word.Start == start)
            {
                return Cell.Of(word.Number, null);
            }

            if (word.Start > start && word.Start < start + length)
            {
                throw new EventRowException(name, $"holds {word}, {NumberWords.NoNumber}");
            }
        }

        return Cell.OfJson(json.Slice(start, length));
    }
}
