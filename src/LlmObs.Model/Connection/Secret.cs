namespace LlmObs;

/// <summary>
/// A key that can be handed to the request that needs it and to nothing else. It has no readable property, so listing,
/// formatting, serialising or logging an object that holds one shows at most its last four characters.
/// </summary>
public sealed class Secret : IEquatable<Secret>
{
    /// <summary>A key shorter than this is masked whole: four characters of it would be too much of it.</summary>
    private const int ShortestShown = 12;

    /// <summary>A key shorter than this is no key of Datadog's, and taking it out of text would tear words apart.</summary>
    private const int ShortestRemoved = 8;

    private readonly string _value;

    private Secret(string value) => _value = value;

    /// <summary>Makes a secret from a key.</summary>
    /// <param name="value">The key, as copied from Datadog; blanks around it are dropped.</param>
    /// <exception cref="ArgumentException">
    /// The key is empty, has quotes around it, holds a character that no HTTP header may carry, or is a variable of a pipeline that was not replaced.
    /// </exception>
    public static Secret From(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string key = value.Trim(' ', '\t');
        if (key.Length == 0)
        {
            throw new ArgumentException("The key is empty.", nameof(value));
        }

        // If there is no such variable, Azure Pipelines leaves $(Name) unchanged: the service would only answer "unauthorized".
        if (key.StartsWith("$(", StringComparison.Ordinal) && key.EndsWith(')'))
        {
            throw new ArgumentException(
                $"The key is {MaskedText.OfSetting(key)}, a variable of the pipeline that has no value here. Define it in the pipeline or in a variable group that the pipeline may use.",
                nameof(value));
        }

        // Copied with quotes from a settings file; the service would only answer "unauthorized".
        if (key[0] is '"' or '\'' or '`' || key[^1] is '"' or '\'' or '`')
        {
            throw new ArgumentException("The key has quotes around it. Give the key alone.", nameof(value));
        }

        // A line break would let a key carry headers of its own; the message never repeats the key.
        if (key.Any(c => c is < '!' or > '~'))
        {
            throw new ArgumentException(
                "The key holds a space, a line break or another character that can't stand in an HTTP header. Copy the key again, without quotes or line ends.",
                nameof(value));
        }

        return new Secret(key);
    }

    /// <summary>The key itself, for the one place that writes it into a request header.</summary>
    /// <returns>The key in clear text.</returns>
    public string Reveal() => _value;

    /// <summary>The text without the key; unchanged if the key is too short to be one. For <see cref="MaskedText"/> only.</summary>
    internal string ReplaceIn(string text, string by) => _value.Length < ShortestRemoved ? text : text.Replace(_value, by, StringComparison.OrdinalIgnoreCase);

    /// <summary>Four asterisks and the last four characters; only asterisks if the key is short.</summary>
    /// <returns>The masked key, for people to recognise it by.</returns>
    public override string ToString() => _value.Length < ShortestShown ? "****" : "****" + _value[^4..];

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && other._value == _value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);
}
