using System.Buffers;
using System.Runtime.ExceptionServices;

namespace LlmObs.Client.Files;

/// <summary>
/// A file that a thread of its own opens and reads ahead, so that whoever reads it can be stopped while the file keeps that
/// thread waiting: a pipe that nobody writes to, a share that stalls. It knows whether the file was changed meanwhile.
/// </summary>
internal sealed class WatchedFile : ReadOnlyStream
{
    private const int BufferBytes = 256 * 1024;
    private const int Failed = -1;

    private readonly string path;
    private readonly CancellationToken cancellation;
    private readonly FileProgress? progress;
    private readonly SemaphoreSlim empty = new(2);
    private readonly SemaphoreSlim full = new(0);
    private readonly byte[]?[] buffers = new byte[]?[2];
    private readonly int[] lengths = new int[2];
    private Exception? failure;
    private bool isOpen;
    private volatile bool isGivenUp;
    private long size;
    private int current = -1; // none was taken yet
    private int position;
    private bool isAtEnd;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="progress">Is told how far the reading has come.</param>
    /// <param name="cancellation">Ends a wait for the file.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public WatchedFile(string path, FileProgress? progress, CancellationToken cancellation)
    {
        this.path = path;
        this.cancellation = cancellation;
        this.progress = progress;
        new Thread(ReadAhead) { IsBackground = true, Name = "LlmObs file" }.Start();
        try
        {
            full.Wait(cancellation);
            if (!isOpen)
            {
                ExceptionDispatchInfo.Throw(failure!);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        progress?.Begin(size);
    }

    /// <summary>Whether the file was written to while it was read; known at its end.</summary>
    public bool WasChanged { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (isAtEnd || buffer.IsEmpty)
        {
            return 0;
        }

        if (current < 0 || position == lengths[current])
        {
            if (current >= 0)
            {
                empty.Release();
            }

            full.Wait(cancellation);
            current = current == 0 ? 1 : 0;
            position = 0;
            if (lengths[current] == Failed)
            {
                isAtEnd = true;
                ExceptionDispatchInfo.Throw(failure!);
            }

            if (lengths[current] == 0)
            {
                isAtEnd = true;
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, lengths[current] - position);
        buffers[current].AsSpan(position, count).CopyTo(buffer);
        position += count;
        progress?.Take(count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        isGivenUp = true;
        empty.Release();
        base.Dispose(disposing);
    }

    // What this thread has, it gives back itself: it may be waiting long after the reader is gone.
    private void ReadAhead()
    {
        int next = 0;
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            bool isFile = file.CanSeek;
            size = isFile ? file.Length : 0;
            DateTime modified = isFile ? File.GetLastWriteTimeUtc(file.SafeFileHandle) : default;
            isOpen = true;
            full.Release();
            long read = 0;
            for (int length = -1; length != 0; next = 1 - next)
            {
                empty.Wait();
                if (isGivenUp)
                {
                    return;
                }

                length = file.Read(buffers[next] ??= ArrayPool<byte>.Shared.Rent(BufferBytes));
                lengths[next] = length;
                read += length;
                if (length == 0 && isFile)
                {
                    WasChanged = read != size || File.GetLastWriteTimeUtc(file.SafeFileHandle) != modified;
                }

                full.Release();
            }

            while (!isGivenUp)
            {
                empty.Wait(); // the last buffer is still being taken
            }
        }
        catch (Exception e)
        {
            failure = e; // said when what was read before it was taken
            lengths[next] = Failed;
            full.Release();
        }
        finally
        {
            foreach (byte[] rented in isGivenUp ? buffers.OfType<byte[]>() : [])
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
