namespace LlmObs.Emulator.Routes;

/// <summary>One operation of the API.</summary>
internal abstract class EmulatorRoute
{
    public abstract string Method { get; }

    /// <summary>Its path, with <c>*</c> for each segment that holds an id.</summary>
    public abstract string Template { get; }

    /// <summary>Whether the API key is enough; all but one ask for the application key, too.</summary>
    public virtual bool ApiKeyIsEnough => false;

    /// <summary>Whether it asks for keys at all; what a tracer sends to its agent has none.</summary>
    public virtual bool AsksForKeys => true;

    /// <summary>Does it.</summary>
    public abstract Answer Handle(RouteRequest request);
}

/// <summary>An operation that is a method of a group of operations.</summary>
internal sealed class HandledRoute(string method, string template, Func<RouteRequest, Answer> handle) : EmulatorRoute
{
    public override string Method => method;

    public override string Template => template;

    /// <summary>Whether it is served without keys.</summary>
    public bool NeedsNoKeys { get; init; }

    public override bool AsksForKeys => !NeedsNoKeys;

    public override Answer Handle(RouteRequest request) => handle(request);
}
