namespace LlmObs.Emulator.Http;

/// <summary>What a request is answered with.</summary>
internal sealed record Answer
{
    /// <summary>The content type that the live service answers with.</summary>
    public const string JsonApi = "application/vnd.api+json";

    public required int Status { get; init; }

    public byte[] Body { get; init; } = [];

    public string? ContentType { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Whether the body is cut in the middle and the connection dropped.</summary>
    public bool Truncate { get; init; }

    public static Answer Empty(int status) => new() { Status = status };

    public static Answer Json(int status, byte[] body) => new() { Status = status, Body = body, ContentType = JsonApi };

    public static Answer Of(Problem problem) => Json(problem.Status, ProblemJson.Write(problem)) with
    {
        Headers = problem.Allow is { } allow ? [new("Allow", allow)] : [],
    };
}
