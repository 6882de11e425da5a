namespace LlmObs.Emulator.Settings;

/// <summary>An emulator that cannot be started; the message says why and is meant to be shown.</summary>
public sealed class EmulatorException : Exception
{
    /// <summary>An emulator that cannot be started.</summary>
    /// <param name="message">Why, in a sentence for the user.</param>
    public EmulatorException(string message)
        : base(message)
    {
    }

    /// <summary>An emulator that cannot be started.</summary>
    /// <param name="message">Why, in a sentence for the user.</param>
    /// <param name="innerException">What the system said.</param>
    public EmulatorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
