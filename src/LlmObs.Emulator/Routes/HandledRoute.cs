namespace LlmObs.Emulator.Routes;

/// <summary>An operation that is a method of a group of operations.</summary>
internal sealed class HandledRoute(string method, string template, Func<RouteRequest, Answer> handle) : EmulatorRoute
{
    public override string Method => method;

    public override string Template => template;

    public override Answer Handle(RouteRequest request) => handle(request);
}
