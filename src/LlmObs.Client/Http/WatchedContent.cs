using System.Net;

namespace LlmObs.Client.Http;

/// <summary>A request's content whose sending breaks the silence.</summary>
internal sealed class WatchedContent : HttpContent
{
    private readonly HttpContent inner;
    private readonly Silence silence;

    public WatchedContent(HttpContent inner, Silence silence)
    {
        this.inner = inner;
        this.silence = silence;
        foreach ((string name, IEnumerable<string> values) in inner.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await inner.CopyToAsync(new WatchedStream(stream, silence), context, cancellationToken).ConfigureAwait(false);
        silence.Break(); // all of it is sent
    }

    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? 0;
        return inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
