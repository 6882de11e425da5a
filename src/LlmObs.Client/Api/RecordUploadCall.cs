using System.Globalization;
using System.Net.Http.Headers;

namespace LlmObs.Client.Api;

/// <summary>"Upload records": a CSV file that is ready to be sent.</summary>
public sealed class RecordUploadCall
{
    private const string PartName = "file";
    private const string FileName = "records.csv";

    private readonly ApiTransport _transport;
    private readonly string _path;
    private readonly Func<Stream> _open;
    private readonly RetrySafety _repeat;

    /// <param name="transport">Sends it.</param>
    /// <param name="path">The path with its query.</param>
    /// <param name="open">Opens the file for each attempt.</param>
    /// <param name="repeat">When it may be sent again.</param>
    internal RecordUploadCall(ApiTransport transport, string path, Func<Stream> open, RetrySafety repeat)
    {
        _transport = transport;
        _path = path;
        _open = open;
        _repeat = repeat;
    }

    /// <summary>The whole address.</summary>
    public Uri Address => _transport.AddressOf(MakeRequest(null));

    /// <summary>Sends the file, and follows the service while it takes it over.</summary>
    /// <param name="progress">Receives the number of records that the service has written so far. Called from any thread.</param>
    /// <param name="observer">Receives each attempt.</param>
    /// <param name="cancellation">Ends the call at once.</param>
    /// <returns>The number of new records; null if the service accepted the file without reporting it.</returns>
    /// <exception cref="LlmObsException">The call failed, the service gave up on the file, or it fell silent before its end.</exception>
    public async Task<long?> SendAsync(Action<long>? progress = null, IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        var events = new UploadEvents(progress);
        ApiAnswer answer = await _transport.SendAsync(MakeRequest(events.ReadAsync), observer, cancellation).ConfigureAwait(false);
        string written = events.Written == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" after {events.Written} records");
        return events switch
        {
            { Error: string reason } => throw Failed(FailureKind.UploadFailed, $"was accepted, but the service gave up{written}: {reason.TrimEnd('.')}", answer),
            { IsDone: true } => events.Created,
            _ => throw Failed(
                FailureKind.UploadUnfinished,
                $"was accepted, but the service fell silent{written} before it reported the end{(answer.BodyLoss is null ? string.Empty : $" ({answer.BodyLoss.Message.TrimEnd('.')})")}",
                answer),
        };
    }

    private LlmObsException Failed(FailureKind kind, string what, ApiAnswer answer) => FailureMessages.Of(kind, $"POST /{_path} {what}.", answer, answer.BodyLoss);

    private ApiRequest MakeRequest(Func<Stream, IdleTimeout, CancellationToken, Task>? receive) => new(HttpMethod.Post, _path, MakeContent, _repeat) { Receive = receive };

    private MultipartFormDataContent MakeContent()
    {
        var file = new StreamContent(_open());
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return new MultipartFormDataContent { { file, PartName, FileName } };
    }
}

/// <summary>Options for an uploaded file of records.</summary>
public sealed record RecordUploadOptions
{
    /// <summary>True to skip records whose input is already in the dataset (<c>deduplicate</c>).</summary>
    public bool Deduplicate { get; init; }

    /// <summary>True if a record replaces one with its own id (<c>overwrite</c>); if it is absent, the service takes true.</summary>
    public bool? Overwrite { get; init; }
}
