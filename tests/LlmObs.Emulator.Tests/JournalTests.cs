using System.Text;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class JournalTests : IDisposable
{
    private const string Question =
        """{"compute":[{"metric":"score_value"}],"indexes":["experiment-evals"],"search":{"query":"*"},"group_by":[{"field":"label"},{"field":"name"}]}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_start_restores_everything()
    {
        string before;
        string answer;
        string id;
        await using (TestEmulator emulator = await FillAsync())
        {
            id = emulator.Store.Experiments.First().Id;
            before = Describe(emulator.Store);
            answer = (await emulator.AggregateAsync(Question)).Attributes.GetRawText();
        }

        await using var again = new TestEmulator(_folder.Options);

        Assert.Equal(before, Describe(again.Store));
        Assert.Equal(answer, (await again.AggregateAsync(Question)).Attributes.GetRawText());
        Assert.Equal(3, again.Store.SpanCount);
        Assert.Equal(4, again.Store.MetricCount);
        Assert.Equal("completed", again.Store.FindExperiment(id)!.Status);
        Assert.Equal(202, (await again.PushAsync(id, Bodies.Metrics(Bodies.Metric("z")))).Status);
    }

    [Fact]
    public async Task What_is_written_after_a_restart_is_restored_by_the_next()
    {
        await (await FillAsync()).DisposeAsync();
        await using (var second = new TestEmulator(_folder.Options))
        {
            await second.ExperimentAsync("later");
        }

        await using var third = new TestEmulator(_folder.Options);

        Assert.Equal(["first", "same", "later"], third.Store.Experiments.Select(experiment => experiment.LogicalName));
    }

    [Fact]
    public async Task A_write_is_in_the_file_before_it_is_answered()
    {
        await using var emulator = new TestEmulator(_folder.Options);
        string id = await emulator.ExperimentAsync();
        await emulator.PushAsync(id, Bodies.Spans(Bodies.Span("at-once")));

        string[] lines = ReadWhileOpen().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal("""{"journal":"llmobs-emulator","version":1}""", lines[0]);
        Assert.Contains("at-once", lines[2], StringComparison.Ordinal);
        Assert.Empty(lines[3]);
    }

    [Fact]
    public async Task What_is_refused_or_only_read_is_not_in_the_file()
    {
        await using var emulator = new TestEmulator(_folder.Options);
        string id = await emulator.ExperimentAsync();
        string before = ReadWhileOpen();

        await emulator.CreateAsync("""{"name":"refused"}""");
        await emulator.PushAsync(id, Bodies.Spans("{}"));
        await emulator.PatchAsync(id, """{"status":"refused"}""");
        await emulator.PatchAsync("nobody", """{"status":"running"}""");
        await emulator.AggregateAsync(Question);

        Assert.Equal(before, ReadWhileOpen());
    }

    [Fact]
    public async Task A_body_over_several_lines_is_one_line()
    {
        string id;
        string[] spans;
        await using (var emulator = new TestEmulator(_folder.Options))
        {
            id = await emulator.ExperimentAsync();
            string attributes = Bodies.Spans(Bodies.Span("a")).Replace(",", ",\r\n", StringComparison.Ordinal);
            Assert.Equal(202, (await emulator.PushAsync(id, attributes)).Status);
            Assert.Equal(200, (await emulator.PatchAsync(id, "{\n\"description\":\n\"a\\nb\"\n}")).Status);
            spans = [.. emulator.Store.Spans(id).Select(span => Encoding.UTF8.GetString(span.Span))];
        }

        await using var again = new TestEmulator(_folder.Options);

        Assert.Equal(spans, again.Store.Spans(id).Select(span => Encoding.UTF8.GetString(span.Span)));
        Assert.Equal("a\nb", again.Store.FindExperiment(id)!.Description);
    }

    [Fact]
    public async Task Metrics_are_not_judged_by_their_age_when_they_are_restored()
    {
        var time = new FixedTime(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));
        await using (var emulator = new TestEmulator(_folder.Options with { Time = time }))
        {
            string id = await emulator.ExperimentAsync();
            await emulator.PushAsync(id, Bodies.Metrics(Bodies.Metric(at: time.Now.ToUnixTimeMilliseconds())));
        }

        time.Now = time.Now.AddYears(1);
        await using var again = new TestEmulator(_folder.Options with { Time = time });

        Assert.Equal(1, again.Store.MetricCount);
    }

    [Theory]
    [InlineData("{\"at\":\"2026-08-01T00:00:00Z\",\"kind\":\"events\",\"id\":\"x\",\"body\":{\"da")]
    [InlineData("{")]
    [InlineData("\0\0\0\0")]
    public async Task A_torn_last_line_is_dropped_and_cut_off(string torn)
    {
        await (await FillAsync()).DisposeAsync();
        byte[] whole = await File.ReadAllBytesAsync(_folder.Journal);
        await File.AppendAllTextAsync(_folder.Journal, torn);

        string id;
        await using (var emulator = new TestEmulator(_folder.Options))
        {
            Assert.Equal(3, emulator.Store.SpanCount);
            Assert.Equal(whole, Encoding.UTF8.GetBytes(ReadWhileOpen()));
            id = await emulator.ExperimentAsync("after");
        }

        await using var again = new TestEmulator(_folder.Options);
        Assert.NotNull(again.Store.FindExperiment(id));
        Assert.Equal(3, again.Store.SpanCount);
    }

    [Fact]
    public async Task A_file_cut_at_any_byte_is_restored_up_to_its_last_whole_line()
    {
        await (await FillAsync()).DisposeAsync();
        byte[] whole = await File.ReadAllBytesAsync(_folder.Journal);
        for (int length = 0; length < whole.Length; length += 13)
        {
            await File.WriteAllBytesAsync(_folder.Journal, whole[..length]);
            await EmulatorServer.Start(_folder.Options).DisposeAsync();

            byte[] left = await File.ReadAllBytesAsync(_folder.Journal);
            int end = Math.Max(whole.AsSpan(0, length).LastIndexOf((byte)'\n') + 1, whole.AsSpan().IndexOf((byte)'\n') + 1);
            Assert.Equal(whole[..end], left);
        }
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{\"at\":\"2026-08-01T00:00:00Z\",\"kind\":\"events\",\"id\":\"x\",\"body\":{\"da")]
    [InlineData("{\"at\":\"2026-08-01T00:00:00Z\",\"kind\":\"a later version's\",\"id\":\"x\",\"body\":{}}")]
    [InlineData("{\"at\":\"2026-08-01T00:00:00Z\",\"kind\":\"update\",\"id\":\"nobody\",\"body\":{\"data\":{\"type\":\"experiments\",\"attributes\":{\"status\":\"running\"}}}}")]
    [InlineData("")]
    public async Task A_whole_last_line_that_is_not_understood_is_named_and_kept(string line)
    {
        await (await FillAsync()).DisposeAsync();
        await File.AppendAllTextAsync(_folder.Journal, line + "\n");
        byte[] before = await File.ReadAllBytesAsync(_folder.Journal);

        EmulatorException failure = Assert.Throws<EmulatorException>(() => EmulatorServer.Start(_folder.Options));

        int number = Encoding.UTF8.GetString(before).Split('\n').Length - 1;
        Assert.Contains(FormattableString.Invariant($"Line {number} of"), failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.Journal));
    }

    [Fact]
    public async Task A_damaged_line_in_the_middle_is_named_and_nothing_is_changed()
    {
        await (await FillAsync()).DisposeAsync();
        string[] lines = await File.ReadAllLinesAsync(_folder.Journal);
        lines[2] = lines[2][..^5];
        await File.WriteAllTextAsync(_folder.Journal, string.Join('\n', lines) + "\n");
        byte[] before = await File.ReadAllBytesAsync(_folder.Journal);

        EmulatorException failure = Assert.Throws<EmulatorException>(() => EmulatorServer.Start(_folder.Options));

        Assert.Contains("Line 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Journal, failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.Journal));
    }

    [Theory]
    [InlineData("my notes\nmore notes\n")]
    [InlineData("my notes")]
    [InlineData("{\"journal\":\"llmobs-emulator\",\"version\":2}\n")]
    public void A_file_that_is_no_journal_is_left_alone(string content)
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(_folder.Journal, content);

        Assert.Throws<EmulatorException>(() => EmulatorServer.Start(_folder.Options));
        Assert.Equal(content, File.ReadAllText(_folder.Journal));
    }

    [Fact]
    public async Task Only_one_emulator_may_use_a_folder()
    {
        await using (var first = new TestEmulator(_folder.Options))
        {
            EmulatorException failure = Assert.Throws<EmulatorException>(() => EmulatorServer.Start(_folder.Options));
            Assert.Contains("in use by another emulator", failure.Message, StringComparison.Ordinal);
            await first.MustServeAsync();
        }

        await EmulatorServer.Start(_folder.Options).DisposeAsync();
    }

    [Fact]
    public async Task A_folder_is_free_again_where_the_start_failed_later()
    {
        await using var other = new TestEmulator();
        Assert.Throws<EmulatorException>(() => EmulatorServer.Start(_folder.Options with { Port = other.Server.Port }));

        await EmulatorServer.Start(_folder.Options).DisposeAsync();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error()
    {
        Directory.CreateDirectory(_folder.Path);
        string file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, string.Empty);

        EmulatorException failure = Assert.Throws<EmulatorException>(
            () => EmulatorServer.Start(new EmulatorOptions { DataPath = Path.Combine(file, "below") }));
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_not_in_the_file_nor_in_the_requests()
    {
        const string Canary = "canary-0123456789abcdef";
        await using (var emulator = new TestEmulator(_folder.Options))
        {
            Reply reply = await emulator.SendAsync(
                "POST",
                TestEmulator.Experiments + "?api_key=" + Canary,
                Encoding.UTF8.GetBytes(Bodies.Data("experiments", """{"name":"a","project_id":"p"}""")),
                request =>
                {
                    foreach (string name in new[] { "DD-API-KEY", "DD-APPLICATION-KEY", "Authorization", "Cookie", "X-Custom" })
                    {
                        request.Headers.TryAddWithoutValidation(name, Canary);
                    }
                });
            Assert.Equal(200, reply.Status);
            LoggedRequest recorded = Assert.Single(emulator.Server.Requests);
            Assert.True(recorded.HasApiKey);
            Assert.True(recorded.HasApplicationKey);
            Assert.DoesNotContain(recorded.Headers.Values, value => value?.Contains(Canary, StringComparison.Ordinal) == true);
            Assert.DoesNotContain(Canary, recorded.Path, StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, recorded.ToString(), StringComparison.Ordinal);
        }

        foreach (string file in Directory.GetFiles(_folder.Path))
        {
            Assert.DoesNotContain(Canary, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_files()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await (await FillAsync()).DisposeAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Journal));
    }

    private static string Describe(EmulatorStore store)
    {
        var text = new StringBuilder();
        foreach (StoredExperiment experiment in store.Experiments)
        {
            text.AppendLine(experiment.Id).AppendLine(experiment.Attributes.GetRawText());
            foreach (ReadOnlyMemory<byte> json in store.Spans(experiment.Id).Concat(store.Metrics(experiment.Id)))
            {
                text.AppendLine(Encoding.UTF8.GetString(json.Span));
            }
        }

        return text.ToString();
    }

    private async Task<TestEmulator> FillAsync()
    {
        var emulator = new TestEmulator(_folder.Options);
        string first = await emulator.ExperimentAsync("first", ",\"config\":{\"größe\":1.50},\"metadata\":{\"a\":[null]},\"dataset_id\":\"d\"");
        string same = await emulator.ExperimentAsync("same", ",\"ensure_unique\":false");
        await emulator.ExperimentAsync("same", ",\"ensure_unique\":false");
        await emulator.PushAsync(first, Bodies.Spans(Bodies.Span("a"), Bodies.Span("b")));
        await emulator.PushAsync(same, $$"""{"spans":[{{Bodies.Span("a")}}],"metrics":[{{Bodies.Metric("a")}}]}""");
        await emulator.PatchAsync(first, """{"status":"completed","metadata":{"b":1}}""");
        await emulator.PushAsync(first, Bodies.Metrics(Bodies.Metric("a"), Bodies.Metric("b"), Bodies.Metric("a", "g", ",\"tags\":[\"ü\"]")));
        return emulator;
    }

    private string ReadWhileOpen()
    {
        using var file = new FileStream(_folder.Journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
