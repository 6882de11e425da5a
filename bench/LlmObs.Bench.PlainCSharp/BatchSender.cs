using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace LlmObs.Bench.PlainCSharp;

/// <summary>Sends bodies, a few at once, and hands their buffers out again.</summary>
internal sealed class BatchSender : IDisposable
{
    private const int FirstBufferSize = 1536 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Uri _address;
    private readonly int _inFlight;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _buffers = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private Exception? _failure;

    public BatchSender(Uri address, int inFlight)
    {
        _address = address;
        _inFlight = inFlight;
        _free = new SemaphoreSlim(inFlight);
    }

    public ArrayBufferWriter<byte> Rent() => _buffers.TryTake(out ArrayBufferWriter<byte>? used) ? used : new ArrayBufferWriter<byte>(FirstBufferSize);

    /// <summary>Hands a body over, waiting while as many as allowed are under way.</summary>
    public async ValueTask SendAsync(ArrayBufferWriter<byte> body)
    {
        await _free.WaitAsync().ConfigureAwait(false);
        ThrowIfFailed();
        _ = Task.Run(() => PostAsync(body)); // sending may run synchronously for a while: that is not the reader's time
    }

    public async Task CompleteAsync()
    {
        for (int sender = 0; sender < _inFlight; sender++)
        {
            await _free.WaitAsync().ConfigureAwait(false);
        }

        _free.Release(_inFlight);
        ThrowIfFailed();
    }

    public void Dispose()
    {
        _client.Dispose();
        _free.Dispose();
    }

    private async Task PostAsync(ArrayBufferWriter<byte> body)
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(body.WrittenMemory);
            content.Headers.ContentType = Json;
            using HttpResponseMessage response = await _client.PostAsync(_address, content).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            body.ResetWrittenCount();
            _buffers.Add(body);
        }
        catch (Exception e)
        {
            _failure = e;
        }
        finally
        {
            _free.Release();
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new HttpRequestException("A request failed.", _failure);
        }
    }
}
