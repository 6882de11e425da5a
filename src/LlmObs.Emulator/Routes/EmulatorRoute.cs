using LlmObs.Emulator.Http;

namespace LlmObs.Emulator.Routes;

/// <summary>One operation of the API.</summary>
internal abstract class EmulatorRoute
{
    public abstract string Method { get; }

    /// <summary>Its path, with <c>*</c> for the segment that holds the experiment's id.</summary>
    public abstract string Template { get; }

    /// <summary>Does it.</summary>
    /// <param name="id">The experiment's id; empty where the path has none.</param>
    /// <param name="body">The request's body.</param>
    public abstract Answer Handle(string id, byte[] body);
}
