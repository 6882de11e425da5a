using System.Buffers;
using System.Runtime.ExceptionServices;

namespace LlmObs.Client.Files;

/// <summary>
/// A file that a separate thread opens and reads ahead, so that its reader can be stopped while the file blocks that
/// thread: a pipe without a writer, a share that stalls. It notices if the file is changed meanwhile.
/// </summary>
internal sealed class WatchedFile : ReadOnlyStream
{
    private const int BufferBytes = 1024 * 1024;
    private const int Failed = -1;

    private readonly string _path;
    private readonly CancellationToken _cancellation;
    private readonly FileProgress? _progress;
    private readonly SemaphoreSlim _empty = new(2);
    private readonly SemaphoreSlim _full = new(0);
    private readonly byte[]?[] _buffers = new byte[]?[2];
    private readonly int[] _lengths = new int[2];
    private Exception? _failure;
    private bool _isOpen;
    private volatile bool _isGivenUp;
    private long _size;
    private int _current = -1; // none was taken yet
    private int _position;
    private bool _isAtEnd;

    /// <summary>Opens a file.</summary>
    /// <param name="progress">Receives the progress of the reading.</param>
    /// <param name="cancellation">Ends a wait for the file.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public WatchedFile(string path, FileProgress? progress, CancellationToken cancellation)
    {
        _path = path;
        _cancellation = cancellation;
        _progress = progress;
        new Thread(ReadAhead) { IsBackground = true, Name = "LlmObs file" }.Start();
        try
        {
            _full.Wait(cancellation);
            if (!_isOpen)
            {
                ExceptionDispatchInfo.Throw(_failure!);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        progress?.Begin(_size);
    }

    /// <summary>True if the file was written to while it was read; known at its end.</summary>
    public bool WasChanged { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (_isAtEnd || buffer.IsEmpty)
        {
            return 0;
        }

        if (_current < 0 || _position == _lengths[_current])
        {
            if (_current >= 0)
            {
                _empty.Release();
            }

            _full.Wait(_cancellation);
            _current = _current == 0 ? 1 : 0;
            _position = 0;
            if (_lengths[_current] == Failed)
            {
                _isAtEnd = true;
                ExceptionDispatchInfo.Throw(_failure!);
            }

            if (_lengths[_current] == 0)
            {
                _isAtEnd = true;
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _lengths[_current] - _position);
        _buffers[_current].AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        _progress?.Take(count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        _isGivenUp = true;
        _empty.Release();
        base.Dispose(disposing);
    }

    // What this thread has, it gives back itself: it may be waiting long after the reader is gone.
    private void ReadAhead()
    {
        int next = 0;
        try
        {
            using var file = new FileStream(
                _path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            bool isFile = file.CanSeek;
            _size = isFile ? file.Length : 0;
            DateTime modified = isFile ? File.GetLastWriteTimeUtc(file.SafeFileHandle) : default;
            _isOpen = true;
            _full.Release();
            long read = 0;
            for (int length = -1; length != 0; next = 1 - next)
            {
                _empty.Wait();
                if (_isGivenUp)
                {
                    return;
                }

                length = file.Read(_buffers[next] ??= ArrayPool<byte>.Shared.Rent(BufferBytes));
                _lengths[next] = length;
                read += length;
                if (length == 0 && isFile)
                {
                    WasChanged = read != _size || File.GetLastWriteTimeUtc(file.SafeFileHandle) != modified;
                }

                _full.Release();
            }

            while (!_isGivenUp)
            {
                _empty.Wait(); // the last buffer is still being taken
            }
        }
        catch (Exception e)
        {
            _failure = e; // reported after the content before it was taken
            _lengths[next] = Failed;
            _full.Release();
        }
        finally
        {
            foreach (byte[] rented in _isGivenUp ? _buffers.OfType<byte[]>() : [])
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}

/// <summary>The progress of reading a file.</summary>
public sealed class FileProgress
{
    private long _length;
    private long _taken;

    /// <summary>The part of the file that was read, from 0 to 1; null if its length is unknown, like that of a pipe.</summary>
    public double? Fraction => _length > 0 ? Math.Min(1d, (double)Volatile.Read(ref _taken) / _length) : null;

    internal void Begin(long bytes) => _length = bytes;

    internal void Take(int bytes) => Volatile.Write(ref _taken, _taken + bytes);
}
