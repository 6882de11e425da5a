namespace LlmObs.Emulator.Routes;

/// <summary><c>GET /api/v2/validate_keys</c>: whether both keys are right. It comes this far only where they are.</summary>
internal sealed class ValidateKeysRoute : EmulatorRoute
{
    public override string Method => "GET";

    public override string Template => "/api/v2/validate_keys";

    public override Answer Handle(RouteRequest request) => Answer.Json(200, """{"status":"ok"}"""u8.ToArray());
}

/// <summary><c>GET /api/v1/validate</c>: whether the API key is right. It comes this far only where it is.</summary>
internal sealed class ValidateApiKeyRoute : EmulatorRoute
{
    public override string Method => "GET";

    public override string Template => "/api/v1/validate";

    public override bool ApiKeyIsEnough => true;

    public override Answer Handle(RouteRequest request) => Answer.Json(200, """{"valid":true}"""u8.ToArray());
}
