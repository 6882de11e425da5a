using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace LlmObs.Bench.PlainCSharp;

/// <summary>Sends bodies, a few at once, and hands their buffers out again.</summary>
internal sealed class BatchSender : IDisposable
{
    private const int FirstBufferSize = 1536 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Uri address;
    private readonly int inFlight;
    private readonly SemaphoreSlim free;
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> buffers = [];
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private Exception? failure;

    public BatchSender(Uri address, int inFlight)
    {
        this.address = address;
        this.inFlight = inFlight;
        free = new SemaphoreSlim(inFlight);
    }

    public ArrayBufferWriter<byte> Rent() => buffers.TryTake(out ArrayBufferWriter<byte>? used) ? used : new ArrayBufferWriter<byte>(FirstBufferSize);

    /// <summary>Hands a body over, waiting while as many as allowed are under way.</summary>
    public async ValueTask SendAsync(ArrayBufferWriter<byte> body)
    {
        await free.WaitAsync().ConfigureAwait(false);
        ThrowIfFailed();
        _ = Task.Run(() => PostAsync(body)); // sending may run synchronously for a while: that is not the reader's time
    }

    public async Task CompleteAsync()
    {
        for (int sender = 0; sender < inFlight; sender++)
        {
            await free.WaitAsync().ConfigureAwait(false);
        }

        free.Release(inFlight);
        ThrowIfFailed();
    }

    public void Dispose()
    {
        client.Dispose();
        free.Dispose();
    }

    private async Task PostAsync(ArrayBufferWriter<byte> body)
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(body.WrittenMemory);
            content.Headers.ContentType = Json;
            using HttpResponseMessage response = await client.PostAsync(address, content).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            body.ResetWrittenCount();
            buffers.Add(body);
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            free.Release();
        }
    }

    private void ThrowIfFailed()
    {
        if (failure is not null)
        {
            throw new HttpRequestException("A request failed.", failure);
        }
    }
}
