using System.Net;

namespace LlmObs.Client.Http;

/// <summary>A request's content whose sending breaks the silence.</summary>
internal sealed class ActivityContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly IdleTimeout _idle;

    public ActivityContent(HttpContent inner, IdleTimeout idle)
    {
        _inner = inner;
        _idle = idle;
        foreach ((string name, IEnumerable<string> values) in inner.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await _inner.CopyToAsync(new ActivityStream(stream, _idle), context, cancellationToken).ConfigureAwait(false);
        _idle.Restart(); // all of it is sent
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
