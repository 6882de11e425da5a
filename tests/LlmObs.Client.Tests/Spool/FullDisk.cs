namespace LlmObs.Client.Tests;

/// <summary>A disk that is full from some moment on: a file takes some bytes of what is written, and then none.</summary>
internal sealed class FullDisk
{
    /// <summary>True if there is no room any more.</summary>
    public bool IsFull { get; set; }

    public Stream Create(string path)
    {
        Stream file = SpoolFile.CreatePrivate(path);
        return IsFull ? new FullFile(file) : file;
    }

    private sealed class FullFile(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            inner.Write(buffer, offset, Math.Min(count, 10));
            throw new IOException("No space left on device");
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing) => inner.Dispose();
    }
}
