namespace LlmObs.Client.Tests;

/// <summary>Requests are kept on disk until they are answered, and sent from there later.</summary>
public sealed class SpoolTests : IDisposable
{
    private static readonly SpoolManifest Record = new()
    {
        ExperimentId = "e1", Address = "http://127.0.0.1:1/", Sources = [new SpoolSource("/a/f.csv", 1, DateTime.UnixEpoch)],
    };

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "llmobs-spool-" + Guid.NewGuid().ToString("N"));
    private readonly FullDisk _disk = new();
    private readonly List<(string File, string Reason)> _setAside = [];

    private SpoolFolder Spool => new(_folder, _disk.Create);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_answered_is_gone_and_what_failed_stays()
    {
        using var server = new ScriptedServer(Reply.Accepted, Reply.Error(503), Reply.Accepted, Reply.Error(401), Reply.Accepted);
        SpoolRun run = Begin();
        SendResult result = await SendAsync(server, run, 50, close: true);
        Assert.Equal((20, 30), (result.MetricCount, result.FailedCount)); // 401 is a dead end: nothing is sent after it
        using SpoolRun again = Open()!;
        Assert.Equal(3, again.Requests.Count);
        Assert.Null(again.Record);
    }

    [Fact]
    public async Task What_is_not_tried_since_the_service_is_not_there_is_kept()
    {
        using var down = new ScriptedServer(Reply.Error(503));
        Upload upload = null!;
        await SendAsync(down, Begin(), 50, close: true, made => upload = made);
        Assert.Equal(2, down.Requests.Count);
        UndeliveredEvents failed = Assert.Single(upload.Log.Failures);
        Assert.Equal((50, 30, _folder, _folder), (failed.Count, failed.UntriedCount, failed.KeptIn, failed.SpoolPath));
        Assert.Empty(failed.Json);
        using var server = new ScriptedServer(Reply.Accepted);
        await ResumeAsync(server);
        Assert.Equal(Enumerable.Range(0, 50), server.Requests.SelectMany(request => Upload.Numbers(request.Text)));
    }

    [Fact]
    public async Task Resuming_sends_the_same_events_from_the_same_rows_in_order_and_leaves_an_empty_folder()
    {
        using var down = new ScriptedServer(Reply.Error(503));
        await SendAsync(down, Begin(), 50, close: true);
        using var server = new RefusingServer([33]);
        Upload upload = await ResumeAsync(server.Server);
        Assert.Equal(Enumerable.Range(0, 50).Except([33]), server.Stored);
        UndeliveredEvents failed = Assert.Single(upload.Log.Failures);
        Assert.Equal("f.csv row 34", failed.First.ToString());
        Assert.Null(failed.KeptIn);
        Assert.Equal((49, 1), (upload.Stream.Result().MetricCount, upload.Stream.Result().FailedCount));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task What_a_search_has_stored_is_not_sent_again_after_the_process_has_ended()
    {
        // The search finds the first bad event, and while it looks for the second one, the service goes down.
        int before = 0;
        using var server = new RefusingServer([3, 8]) { Before = _ => ++before > 8 ? Reply.Error(503) : null };
        await SendAsync(server.Server, Begin(), 10, close: true);
        int[] stored = [.. server.Stored];
        Assert.NotEmpty(stored);
        using var later = new RefusingServer([8]);
        Upload upload = await ResumeAsync(later.Server);
        Assert.Empty(stored.Intersect(later.Stored));
        Assert.DoesNotContain(3, later.Stored);
        Assert.Equal(Enumerable.Range(0, 10).Except([3, 8]), stored.Concat(later.Stored).Order());
        Assert.Single(upload.Log.Failures);
    }

    [Fact]
    public async Task A_request_that_the_record_does_not_know_of_is_counted_when_the_run_is_opened()
    {
        // The process ended between the request's file and the record's.
        SpoolRun run = Begin();
        string file = Directory.GetFiles(_folder, "*.run").Single();
        byte[] old = File.ReadAllBytes(file);
        using var server = new ScriptedServer(Reply.Error(503));
        await SendAsync(server, run, 10, close: false);
        File.WriteAllBytes(file, old);
        using SpoolRun again = Open()!;
        Assert.Equal((10, 1, 10), (again.Record!.EventCount, again.Record.RequestCount, again.Record.LastRow));
        Assert.Equal((10, 10), (again.Record.Sources[0].EventCount, again.Record.Sources[0].LastRow));
    }

    [Fact]
    public async Task Events_that_stand_in_requests_already_are_left_out_when_they_are_read_again()
    {
        SpoolRun run = Begin();
        using var server = new ScriptedServer(Reply.Accepted);
        await SendAsync(server, run, 20, close: false);
        await ResumeAsync(server, readAgain: 45);
        Assert.Equal(Enumerable.Range(0, 45), server.Requests.SelectMany(request => Upload.Numbers(request.Text)));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_full_disk_is_an_error_before_the_batch_is_sent_and_what_was_kept_before_can_be_resumed()
    {
        using var server = new ScriptedServer(Reply.Error(503));
        using LlmObsClient client = TestClient.For(server);
        await using (var upload = new Upload(client, new SendOptions { BatchSize = 10, ThrottleLimit = 1 }))
        {
            upload.Stream.KeepIn(Begin());
            upload.Stream.BeginSource(0);
            for (int number = 0; number < 19; number++)
            {
                await upload.AddAsync(Upload.Metric(number));
            }

            _disk.IsFull = true;
            SpoolException failure = await Assert.ThrowsAsync<SpoolException>(() => upload.AddAsync(Upload.Metric(19)));
            Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
            await upload.Sender.CompleteAsync(CancellationToken.None);
        }

        Assert.All(server.Requests, request => Assert.DoesNotContain(15, Upload.Numbers(request.Text)));
        _disk.IsFull = false;
        using var later = new ScriptedServer(Reply.Accepted);
        await ResumeAsync(later, readAgain: 20);
        Assert.Equal(Enumerable.Range(0, 20), later.Requests.SelectMany(request => Upload.Numbers(request.Text)));
        Assert.Empty(_setAside);
    }

    [Fact]
    public async Task A_disk_that_is_full_when_the_answer_comes_is_said_and_loses_nothing()
    {
        using var server = new ScriptedServer((request, _) =>
        {
            _disk.IsFull = true;
            return Reply.Error(503);
        });
        Upload upload = null!;
        SendResult result = await SendAsync(server, Begin(), 10, close: false, made => upload = made);
        Assert.Equal(10, result.FailedCount);
        Assert.NotNull(Assert.Single(upload.Log.Failures).KeptIn);
        _disk.IsFull = false;
        using var later = new ScriptedServer(Reply.Accepted);
        await ResumeAsync(later);
        Assert.Equal(Enumerable.Range(0, 10), later.Requests.SelectMany(request => Upload.Numbers(request.Text)));
    }

    [Fact]
    public void A_run_is_held_by_one_at_a_time()
    {
        using (Begin())
        {
            Assert.Null(Open());
        }

        using SpoolRun run = Open()!;
        Assert.NotNull(run.Record);
        Assert.Null(Open());
    }

    [Fact]
    public async Task Files_that_are_torn_at_any_byte_are_set_aside_whole_and_never_sent()
    {
        using var down = new ScriptedServer(Reply.Error(503));
        await SendAsync(down, Begin(), 10, close: true);
        string request = Directory.GetFiles(_folder, "*.request").Single();
        byte[] whole = File.ReadAllBytes(request);
        for (int length = 0; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(request, whole[..length]);
            _setAside.Clear();
            using SpoolRun run = Open()!;
            using var client = TestClient.For(down);
            using var stream = new EventBatcher(client, "e1", new EventDefaults(), new SendOptions());
            Assert.Null(run.Load(request, stream));
            string kept = Assert.Single(_setAside).File;
            Assert.Equal(whole[..length], File.ReadAllBytes(kept));
            Assert.False(File.Exists(request));
        }
    }

    [Fact]
    public async Task A_file_with_a_byte_changed_anywhere_is_never_sent()
    {
        using var down = new ScriptedServer(Reply.Error(503));
        await SendAsync(down, Begin(), 3, close: true);
        string request = Directory.GetFiles(_folder, "*.request").Single();
        byte[] whole = File.ReadAllBytes(request);
        for (int at = 0; at < whole.Length; at += 7)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 4;
            File.WriteAllBytes(request, changed);
            using SpoolRun run = Open()!;
            using var client = TestClient.For(down);
            using var stream = new EventBatcher(client, "e1", new EventDefaults(), new SendOptions());
            Assert.Null(run.Load(request, stream));
        }

        Assert.Equal(Directory.GetFiles(_folder, "*.damaged").Length, _setAside.Count);
    }

    [Fact]
    public void A_damaged_record_is_set_aside_too()
    {
        Begin().Dispose();
        string record = Directory.GetFiles(_folder, "*.run").Single();
        File.AppendAllText(record, " ");
        using SpoolRun run = Open()!;
        Assert.Null(run.Record);
        Assert.EndsWith(".run.damaged", Assert.Single(_setAside).File, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_comes_back_as_it_was_written()
    {
        var record = Record with
        {
            Defaults = new EventDefaults { ProjectId = "p", DatasetId = "d", Tags = ["a:1", "b:\"2\""], Kind = EventKind.Span },
            Sources = [new SpoolSource("/a/ü b.csv", 12, new DateTime(2026, 3, 4, 5, 6, 7, 891, DateTimeKind.Utc))],
            Delimiter = ';',
            Encoding = "windows-1252",
            JsonColumns = ["x", "Y"],
            Table = SpoolTable.Of(new TableMapping { InputColumns = ["q", "r"], MetricColumns = ["m", "n"], MetricTypes = new Dictionary<string, string> { ["m"] = "score" }, DurationUnit = "ms" }),
            BatchSize = 7,
            EventCount = 3_000_000_000,
        };
        using (Spool.Begin(record, DateTimeOffset.UtcNow))
        {
        }

        using SpoolRun run = Open()!;
        Assert.Equivalent(record, run.Record, strict: true);
        Assert.Equal("score", run.Record!.Table!.ToMapping([]).MetricTypes["M"]);
    }

    [Fact]
    public void Files_of_other_names_are_not_the_spools()
    {
        Begin().Dispose();
        string run = Assert.Single(Spool.Runs());
        string[] foreign =
        [
            "yarn.lock", "yarn.lock.tmp", "my.request", "my.run", "my.run.tmp", "x.000000001.request", run + ".1.request", run + ".run.bak", "a-" + run + ".run",
            run + ".000000001.request.damaged.tmp",
        ];
        foreach (string name in foreign)
        {
            File.WriteAllText(Path.Combine(_folder, name), "mine");
        }

        Assert.Equal([run], Spool.Runs());
        Assert.Equal(0, Spool.CountRequests());
        using (SpoolRun opened = Open()!)
        {
            Assert.Empty(opened.Requests);
            opened.EndSource(0);
            opened.Close();
        }

        Assert.Equal(foreign.Order(StringComparer.Ordinal), Directory.GetFiles(_folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.All(foreign, name => Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder, name))));
        Assert.Empty(_setAside);
    }

    [Fact]
    public async Task No_link_is_followed_or_emptied()
    {
        using var down = new ScriptedServer(Reply.Error(503));
        SpoolRun run = Begin();
        string stem = Path.Combine(_folder, run.Name);
        string outside = _folder + "-outside";
        File.WriteAllText(outside, "mine");
        try
        {
            File.CreateSymbolicLink(stem + ".000000001.request.tmp", outside);
            await SendAsync(down, run, 10, close: false);
            Assert.Equal("mine", File.ReadAllText(outside));

            string request = stem + ".000000001.request";
            File.Delete(request);
            File.CreateSymbolicLink(request, outside);
            using (SpoolRun again = Open()!)
            using (LlmObsClient client = TestClient.For(down))
            using (var stream = new EventBatcher(client, "e1", new EventDefaults(), new SendOptions()))
            {
                Assert.Contains("link", Assert.Throws<SpoolException>(() => again.Load(request, stream)).Message, StringComparison.Ordinal);
            }

            File.Delete(stem + ".lock");
            File.CreateSymbolicLink(stem + ".lock", outside);
            Assert.Contains("link", Assert.Throws<SpoolException>(Open).Message, StringComparison.Ordinal);
            Assert.Equal("mine", File.ReadAllText(outside));
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Theory]
    [InlineData(".lock")]
    [InlineData(".run")]
    [InlineData(".000000001.request")]
    public void A_pipe_in_the_place_of_a_file_is_an_error_and_is_not_waited_for(string ending)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        SpoolRun run = Begin();
        run.Dispose();
        string file = Path.Combine(_folder, run.Name + ending);
        File.Delete(file);
        NamedPipe.Create(file);
        if (ending == ".run")
        {
            File.WriteAllText(Path.Combine(_folder, run.Name + ".000000001.request"), "x");
        }

        Assert.Contains("pipe", Assert.Throws<SpoolException>(() =>
        {
            using SpoolRun opened = Open()!;
            using LlmObsClient client = TestClient.For(new ScriptedServer(Reply.Accepted));
            using var stream = new EventBatcher(client, "e1", new EventDefaults(), new SendOptions());
            opened.Load(file, stream);
        }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_others_can_write_to_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Begin().Dispose();
        foreach (UnixFileMode others in new[] { UnixFileMode.GroupWrite, UnixFileMode.OtherWrite })
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | others);
            Assert.Contains("chmod go-w", Assert.Throws<SpoolException>(() => Spool.Runs()).Message, StringComparison.Ordinal);
            Assert.Throws<SpoolException>(() => Begin());
        }
    }

    [Theory]
    [InlineData("another form of file")]
    [InlineData("another form of record")]
    [InlineData("a setting that can't be")]
    [InlineData("a setting that is not known")]
    public void A_record_of_another_version_is_an_error_and_stays_as_it_is(string what)
    {
        SpoolRun run = Begin();
        run.Dispose();
        string record = Path.Combine(_folder, run.Name + ".run");
        if (what == "another form of file")
        {
            File.WriteAllText(record, File.ReadAllText(record).Replace("llmobs-spool 1 ", "llmobs-spool 2 ", StringComparison.Ordinal));
        }
        else
        {
            string json = what switch
            {
                "a setting that can't be" => """{"experiment_id":"e1","address":"a","batch_size":0}""",
                "a setting that is not known" => """{"experiment_id":"e1","address":"a","table":{"input_column":"q"}}""",
                _ => """{"version":2}""",
            };
            new SpoolFile(SpoolFile.CreatePrivate).Write(record, System.Text.Encoding.UTF8.GetBytes(json));
        }

        byte[] before = File.ReadAllBytes(record);
        Assert.Contains("another version", Assert.Throws<SpoolException>(Open).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(record));
        Assert.Empty(_setAside);
    }

    [Fact]
    public async Task Each_file_is_read_on_from_its_own_last_event()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        SpoolManifest two = Record with { Sources = [.. Record.Sources, new SpoolSource("/b/f.csv", 1, DateTime.UnixEpoch)] };
        SpoolRun run = Spool.Begin(two, DateTimeOffset.UtcNow);
        using LlmObsClient client = TestClient.For(server);
        await using (var upload = new Upload(client, new SendOptions { BatchSize = 10, ThrottleLimit = 1 }))
        {
            upload.Stream.KeepIn(run);
            for (int source = 0; source < 2; source++)
            {
                upload.Stream.BeginSource(source);
                for (int number = 0; number < 14; number++)
                {
                    await upload.AddAsync(Upload.Metric((100 * source) + number)); // 20 of 28 are in requests when the process ends
                }
            }

            await upload.Sender.CompleteAsync(CancellationToken.None);
        }

        using SpoolRun again = Open()!;
        Assert.Equal([14L, 6L], again.Record!.Sources.Select(source => source.EventCount));
        Assert.Equal([14L, 106L], again.Record.Sources.Select(source => source.LastRow));

        // The first can't be read now, and the second is.
        await using (var upload = new Upload(client, new SendOptions { BatchSize = 10, ThrottleLimit = 1 }))
        {
            upload.Stream.KeepIn(again);
            upload.Stream.BeginSource(1);
            for (int number = 0; number < 14; number++)
            {
                await upload.AddAsync(Upload.Metric(100 + number));
            }

            again.EndSource(1);
            await upload.FlushAsync();
            again.Close();
            await upload.CompleteAsync();
        }

        Assert.Equal(Enumerable.Range(0, 14).Concat(Enumerable.Range(100, 14)), server.Requests.SelectMany(request => Upload.Numbers(request.Text)));
        using SpoolRun left = Open()!;
        Assert.Equal([false, true], left.Record!.Sources.Select(source => source.IsRead));
    }

    [Fact]
    public void A_link_is_watched_by_the_file_that_it_leads_to()
    {
        Begin().Dispose();
        string first = Path.Combine(_folder, "first.csv");
        string second = Path.Combine(_folder, "second.csv");
        string link = Path.Combine(_folder, "link.csv");
        DateTime time = DateTime.UtcNow.AddDays(-1);
        foreach (string file in (string[])[first, second])
        {
            File.WriteAllText(file, "x,y\n1,2\n");
            File.SetLastWriteTimeUtc(file, time);
        }

        File.CreateSymbolicLink(link, first);
        SpoolSource source = SpoolSource.Of(link);
        Assert.Equal(8, source.Length);
        Assert.Null(source.ChangeReason());
        File.AppendAllText(first, "3,4\n");
        Assert.NotNull(source.ChangeReason());
        source = SpoolSource.Of(link);
        File.Delete(link);
        File.CreateSymbolicLink(link, second);
        Assert.NotNull(source.ChangeReason());
        source = SpoolSource.Of(first) with { Path = second, Target = null };
        File.Copy(first, second, overwrite: true);
        File.SetLastWriteTimeUtc(second, source.Modified);
        Assert.Null(source.ChangeReason());
    }

    [Fact]
    public async Task What_was_answered_and_what_was_not_have_different_advice_where_the_file_can_t_be_changed()
    {
        // The disk is full when the answers come: nothing answered; some; all of it (the file is a folder by then).
        Upload none = null!;
        using (var server = new ScriptedServer((_, _) => Full(Reply.Error(503))!))
        {
            await SendAsync(server, Begin(), 10, close: false, made => none = made);
        }

        _disk.IsFull = false;
        Directory.Delete(_folder, recursive: true);
        Upload some = null!;
        using (var server = new RefusingServer([3]) { Before = _ => Full(null) })
        {
            await SendAsync(server.Server, Begin(), 10, close: false, made => some = made);
        }

        _disk.IsFull = false;
        Directory.Delete(_folder, recursive: true);
        Upload all = null!;
        using (var server = new ScriptedServer((_, _) => Blocked()))
        {
            await SendAsync(server, Begin(), 10, close: false, made => all = made);
        }

        Assert.Contains("None of its events was answered; leave the file", Assert.Single(none.Log.Troubles), StringComparison.Ordinal);
        Assert.All(some.Log.Troubles, trouble => Assert.Contains("leave the file", trouble, StringComparison.Ordinal));
        Assert.NotEmpty(some.Log.Troubles);
        Assert.Contains("All of its events were answered; remove the file", Assert.Single(all.Log.Troubles), StringComparison.Ordinal);

        Reply? Full(Reply? reply)
        {
            _disk.IsFull = true;
            return reply;
        }

        Reply Blocked()
        {
            string request = Directory.GetFiles(_folder, "*.request").Single();
            File.Delete(request);
            Directory.CreateDirectory(request);
            return Reply.Accepted;
        }
    }

    private SpoolRun Begin() => Spool.Begin(Record, DateTimeOffset.UtcNow);

    private SpoolRun? Open() => Spool.TryOpen(Assert.Single(Spool.Runs()), (file, reason) => _setAside.Add((file, reason)));

    private static async Task<SendResult> SendAsync(ScriptedServer server, SpoolRun run, int events, bool close, Action<Upload>? made = null)
    {
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 10, ThrottleLimit = 1 });
        made?.Invoke(upload);
        upload.Stream.KeepIn(run);
        upload.Stream.BeginSource(0);
        for (int number = 0; number < events; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        await upload.FlushAsync();
        if (close)
        {
            run.EndSource(0);
            run.Close();
        }

        return await upload.CompleteAsync();
    }

    private async Task<Upload> ResumeAsync(ScriptedServer server, int readAgain = 0)
    {
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 10, ThrottleLimit = 1 });
        SpoolRun run = Open()!;
        Assert.True(run.TryGetTarget(out string experimentId, out string address));
        Assert.Equal(("e1", Record.Address), (experimentId, address));
        upload.Stream.KeepIn(run);
        foreach (string request in run.Requests)
        {
            await upload.Sender.EnqueueAsync(run.Load(request, upload.Stream)!, CancellationToken.None);
        }

        if (run.Record is not null)
        {
            upload.Stream.BeginSource(0);
        }

        for (int number = 0; number < readAgain; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        await upload.FlushAsync();
        if (run.Record is not null)
        {
            run.EndSource(0);
            run.Close();
        }

        await upload.CompleteAsync();
        return upload;
    }
}
