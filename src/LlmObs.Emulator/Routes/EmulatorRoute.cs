namespace LlmObs.Emulator.Routes;

/// <summary>One operation of the API.</summary>
internal abstract class EmulatorRoute
{
    public abstract string Method { get; }

    /// <summary>Its path, with <c>*</c> for each segment that holds an id.</summary>
    public abstract string Template { get; }

    /// <summary>Whether the API key is enough; all but one ask for the application key, too.</summary>
    public virtual bool ApiKeyIsEnough => false;

    /// <summary>Does it.</summary>
    public abstract Answer Handle(RouteRequest request);
}

/// <summary>An operation that is a method of a group of operations.</summary>
internal sealed class HandledRoute(string method, string template, Func<RouteRequest, Answer> handle) : EmulatorRoute
{
    public override string Method => method;

    public override string Template => template;

    public override Answer Handle(RouteRequest request) => handle(request);
}
