namespace LlmObs.Emulator.Routes;

/// <summary><c>GET /api/v2/validate_keys</c>: whether both keys are right. It comes this far only where they are.</summary>
internal sealed class ValidateKeysRoute : EmulatorRoute
{
    public override string Method => "GET";

    public override string Template => "/api/v2/validate_keys";

    public override Answer Handle(RouteRequest request) => Answer.Json(200, """{"status":"ok"}"""u8.ToArray());
}
