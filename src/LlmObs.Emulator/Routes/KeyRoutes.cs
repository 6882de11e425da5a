namespace LlmObs.Emulator.Routes;

/// <summary><c>GET /api/v2/validate_keys</c>: both keys are right, because wrong ones are refused before.</summary>
internal sealed class ValidateKeysRoute : EmulatorRoute
{
    public override string Method => "GET";

    public override string Template => "/api/v2/validate_keys";

    public override Answer Handle(RouteRequest request) => Answer.Json(200, """{"status":"ok"}"""u8.ToArray());
}

/// <summary><c>GET /api/v1/validate</c>: the API key is right, because a wrong one is refused before.</summary>
internal sealed class ValidateApiKeyRoute : EmulatorRoute
{
    public override string Method => "GET";

    public override string Template => "/api/v1/validate";

    public override bool ApiKeyIsEnough => true;

    public override Answer Handle(RouteRequest request) => Answer.Json(200, """{"valid":true}"""u8.ToArray());
}
