namespace LlmObs.Client.Tests;

/// <summary>Files that change, keep their reader waiting or end in the middle.</summary>
public sealed class UnsteadyFilesTests : IDisposable
{
    private const int Rows = 200_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("llmobs-unsteady-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_that_stays_as_it_is_is_read_as_such()
    {
        string file = Write("a.csv", Rows);
        var sink = new CountingSink();
        Assert.True(EventFile.Read(file, new EventFileOptions(), sink));
        Assert.Equal(Rows, sink.Count);
    }

    [Theory]
    [InlineData("rewritten")]
    [InlineData("added to")]
    [InlineData("cut off")]
    public void A_file_that_is_changed_while_it_is_read_is_said(string how)
    {
        string file = Write("a.csv", Rows);
        var sink = new CountingSink
        {
            AtFirst = () =>
            {
                using FileStream writer = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                if (how == "cut off")
                {
                    writer.SetLength(writer.Length - 6);
                }
                else
                {
                    writer.Seek(how == "added to" ? 0 : -6, SeekOrigin.End);
                    writer.Write("s,l,9\n"u8);
                    writer.Flush();
                    File.SetLastWriteTimeUtc(writer.SafeFileHandle, DateTime.UtcNow.AddSeconds(5)); // clocks of file systems are coarse
                }
            },
        };
        Assert.False(EventFile.Read(file, new EventFileOptions(), sink));
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_left_at_once_when_the_reading_is_ended()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string file = Path.Combine(_folder, "pipe.csv");
        NamedPipe.Create(file);
        using var ending = new CancellationTokenSource();
        Task reading = Task.Run(() => EventFile.Read(file, new EventFileOptions(), new CountingSink(), null, ending.Token));
        await Task.WhenAny(reading, Task.Delay(100));
        Assert.False(reading.IsCompleted);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Theory]
    [InlineData("pipe.csv")]
    [InlineData("pipe.jsonl")]
    [InlineData("pipe.json")]
    [InlineData("pipe.csv.gz")]
    public async Task So_is_one_whose_writer_has_stopped_writing(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string file = Path.Combine(_folder, name);
        NamedPipe.Create(file);
        using var ending = new CancellationTokenSource();
        Task reading = Task.Run(() => EventFile.Read(file, new EventFileOptions(), new CountingSink(), null, ending.Token));
        using var writer = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        writer.Write("["u8);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_pipe_is_read_to_its_end()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string file = Path.Combine(_folder, "pipe.csv");
        NamedPipe.Create(file);
        var sink = new CountingSink();
        Task<bool> reading = Task.Run(() => EventFile.Read(file, new EventFileOptions(), sink));
        await using (var writer = new StreamWriter(new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)))
        {
            await writer.WriteAsync("span_id,label,score_value\ns,l,1\ns,l,2\n");
        }

        Assert.True(await reading);
        Assert.Equal(2, sink.Count);
    }

    [Fact]
    public void What_stands_before_the_place_where_an_archive_breaks_off_is_read_before_the_error()
    {
        string file = Path.Combine(_folder, "a.csv.gz");
        using (var packed = new System.IO.Compression.GZipStream(File.Create(file), System.IO.Compression.CompressionLevel.Optimal))
        {
            packed.Write(File.ReadAllBytes(Write("plain.csv", Rows)));
        }

        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^20]);
        var sink = new CountingSink();
        Assert.Throws<EventRowException>(() => EventFile.Read(file, new EventFileOptions(), sink));
        Assert.InRange(sink.Count, 1, Rows);
    }

    private string Write(string name, int rows)
    {
        string file = Path.Combine(_folder, name);
        using StreamWriter writer = File.CreateText(file);
        writer.Write("span_id,label,score_value\n");
        for (int row = 0; row < rows; row++)
        {
            writer.Write("s,l,1\n");
        }

        return file;
    }

    private sealed class CountingSink : IEventRowSink
    {
        public Action? AtFirst { get; init; }

        public int Count { get; private set; }

        public bool Accept(EventRow row, EventKind? kind)
        {
            if (Count++ == 0)
            {
                AtFirst?.Invoke();
            }

            return true;
        }

        public void Reject(RowPlace place, EventRowException problem, string? text) => Assert.Fail(problem.Message);

        public void Ignore(string? source, IReadOnlyList<string> names)
        {
        }

        public void Warn(string warning) => Assert.Fail(warning);
    }
}
