namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// Distinguishes "not given" from "given as null". PowerShell resets a parameter to its initial value before each piped object, so
/// an initial value that nobody else can give shows if this object set it.
/// </summary>
internal static class OptionalParameter
{
    /// <summary>The first value of text parameters; compared by reference.</summary>
    public static readonly string NoText = new('\0', 1);

    /// <summary>The first value of parameters of any type; compared by reference.</summary>
    public static readonly object Nothing = new();

    /// <summary>Text of a patch: null clears; a blank cell of a piped row leaves the field alone.</summary>
    public static Optional<string> Text(string? value, bool onCommandLine) =>
        ReferenceEquals(value, NoText) || (!onCommandLine && value is not null && string.IsNullOrWhiteSpace(value)) ? default(Optional<string>) : value;

    /// <summary>An object of a patch: null clears.</summary>
    public static Optional<object> Object(object? value) => ReferenceEquals(value, Nothing) ? default(Optional<object>) : value;

    /// <summary>A field of a new object: null is sent only if somebody wrote it; a blank cell of a piped row is no value.</summary>
    public static Optional<T> Field<T>(T? value, bool onCommandLine)
    {
        bool blank = value is null || (value is string text && string.IsNullOrWhiteSpace(text));
        return blank && !onCommandLine ? default(Optional<T>) : value;
    }
}
