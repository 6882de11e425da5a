using System.Buffers;

namespace LlmObs.Emulator.Http;

/// <summary>The answer to a request.</summary>
internal sealed record Answer
{
    /// <summary>The content type that the live service answers with.</summary>
    public const string JsonApi = "application/vnd.api+json";

    public required int Status { get; init; }

    public ReadOnlySequence<byte> Body { get; init; }

    public string? ContentType { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The reason why the request is refused; null if it is not.</summary>
    public Problem? Problem { get; init; }

    /// <summary>True to cut the body in the middle and drop the connection.</summary>
    public bool Truncate { get; init; }

    /// <summary>An answer without a body; like the live service's it still names a type, except if no body is possible.</summary>
    public static Answer Empty(int status) => new() { Status = status, ContentType = status == 204 ? null : JsonApi };

    public static Answer Json(int status, byte[] body) => Json(status, new ReadOnlySequence<byte>(body));

    public static Answer Json(int status, ReadOnlySequence<byte> body) => new() { Status = status, Body = body, ContentType = JsonApi };

    public static Answer Of(Problem problem) => Json(problem.Status, ProblemJson.Write(problem, EmulatorErrorForm.Full)) with
    {
        Problem = problem,
        Headers = problem.Allow is { } allow ? [new("Allow", allow)] : [],
    };

    /// <summary>The same answer with its error, if it is one, in a form.</summary>
    public Answer With(EmulatorErrorForm form) => Problem is { } problem ? this with { Body = new(ProblemJson.Write(problem, form)) } : this;
}
