using System.IO.Compression;
using System.Net;

namespace LlmObs.Client.Http;

/// <summary>
/// Asks for gzip, and unpacks what comes. Only of gzip it can be seen whether a body was whole: .NET takes one that breaks off for
/// complete, and half an export would take the place of a file. Other encodings are not asked for, and unpacked all the same.
/// </summary>
internal sealed class UnpackHandler : DelegatingHandler
{
    private static readonly string[] Known = ["gzip", "deflate", "br"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.Content.Headers.ContentEncoding.LastOrDefault()?.ToLowerInvariant() is string encoding && Known.Contains(encoding))
        {
            response.Content = new UnpackedContent(response.Content, encoding);
        }

        return response;
    }

    private sealed class UnpackedContent : HttpContent
    {
        private readonly HttpContent _packed;
        private readonly string _encoding;

        public UnpackedContent(HttpContent packed, string encoding)
        {
            _packed = packed;
            _encoding = encoding;
            foreach ((string name, IEnumerable<string> values) in packed.Headers.NonValidated.Select(header => (header.Key, (IEnumerable<string>)header.Value)))
            {
                Headers.TryAddWithoutValidation(name, values);
            }

            Headers.ContentLength = null;
            Headers.ContentEncoding.Clear();
            foreach (string outer in packed.Headers.ContentEncoding.SkipLast(1))
            {
                Headers.ContentEncoding.Add(outer);
            }
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            using Stream body = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
            await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
        {
            Stream body = await _packed.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return _encoding switch
            {
                "gzip" => new WholeGzipStream(body),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                _ => await DeflatedAsync(body, cancellationToken).ConfigureAwait(false),
            };
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _packed.Dispose();
            }

            base.Dispose(disposing);
        }

        // The name means two formats, and servers send either; the first has a header that begins so.
        private static async Task<Stream> DeflatedAsync(Stream body, CancellationToken cancellation)
        {
            byte[] first = new byte[1];
            int read = await body.ReadAsync(first, cancellation).ConfigureAwait(false);
            var whole = new PrefixedStream(first.AsMemory(0, read), body);
            return read > 0 && (first[0] & 0x0F) == 8
                ? new ZLibStream(whole, CompressionMode.Decompress)
                : new DeflateStream(whole, CompressionMode.Decompress);
        }
    }
}
