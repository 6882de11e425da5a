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

    /// <summary>Why the request is refused; null where it is not.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Whether the body is cut in the middle and the connection dropped.</summary>
    public bool Truncate { get; init; }

    /// <summary>An answer without a body; like that of the live service it names a type all the same, except where there can be no body.</summary>
    public static Answer Empty(int status) => new() { Status = status, ContentType = status == 204 ? null : JsonApi };

    public static Answer Json(int status, byte[] body) => new() { Status = status, Body = body, ContentType = JsonApi };

    public static Answer Of(Problem problem) => Json(problem.Status, ProblemJson.Write(problem, EmulatorErrorForm.Full)) with
    {
        Problem = problem,
        Headers = problem.Allow is { } allow ? [new("Allow", allow)] : [],
    };

    /// <summary>The same answer with its error, if it is one, in a form.</summary>
    public Answer With(EmulatorErrorForm form) => Problem is { } problem ? this with { Body = ProblemJson.Write(problem, form) } : this;
}
