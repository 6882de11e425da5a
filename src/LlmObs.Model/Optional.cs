namespace LlmObs;

/// <summary>
/// A field that may be left out of a request. An API that clears a field on <c>null</c> and keeps it if it is
/// absent requires this distinction.
/// </summary>
/// <typeparam name="T">The field's type.</typeparam>
public readonly record struct Optional<T>
{
    private readonly T? _value;

    private Optional(T? value)
    {
        _value = value;
        IsGiven = true;
    }

    /// <summary>True if the field is part of the request, even as <c>null</c>.</summary>
    public bool IsGiven { get; }

    /// <summary>The field's value; <c>default</c> if it is not given.</summary>
    public T? Value => _value;

    /// <summary>A given field.</summary>
    /// <param name="value">Its value; <c>null</c> is sent as <c>null</c>.</param>
    public static implicit operator Optional<T>(T? value) => new(value);

    /// <summary>This field's value, or another one if it is not given.</summary>
    /// <param name="other">The other value.</param>
    /// <returns>The value to use.</returns>
    public T? Or(T? other) => IsGiven ? _value : other;
}
