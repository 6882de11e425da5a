using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>Records for a dataset, without PowerShell: what is held, which requests are made of it, and what is counted.</summary>
public sealed class RecordIntakeTests
{
    private static readonly Reply Made = Reply.Of(200, """{"data":{"type":"datasets","attributes":{"records":[]}}}""");

    [Fact]
    public async Task Records_become_requests_of_the_size_that_was_asked_for_and_only_those_that_are_wanted_are_sent()
    {
        using var server = new ScriptedServer(Made);
        using LlmObsClient client = TestClient.For(server);
        var listener = new Listener();
        using var intake = new RecordIntake(client, Settings(batchSize: 2), listener);
        for (int number = 0; number < 5; number++)
        {
            intake.Take(Record(number), new RowPlace("f.csv", number + 1));
        }

        Assert.Null(intake.Result());
        RecordsRequest[] requests = [.. intake.Finish()];
        Assert.Equal([2, 2, 1], requests.Select(request => request.Count));
        Assert.Contains("\"q2\"", requests[1].Describe(), StringComparison.Ordinal);
        await requests[0].SendAsync(CancellationToken.None);
        await requests[2].SendAsync(CancellationToken.None);
        Assert.Equal(2, server.Requests.Count);
        RecordResult result = intake.Result()!;
        Assert.Equal(("p", "d", 2, false), (result.ProjectId, result.DatasetId, result.RequestCount, result.IsUpload));
        Assert.Empty(listener.Failed);
    }

    [Fact]
    public async Task A_failed_request_is_counted_and_its_records_are_given_back()
    {
        using var server = new ScriptedServer(Reply.Error(400), Made);
        using LlmObsClient client = TestClient.For(server);
        var listener = new Listener();
        using var intake = new RecordIntake(client, Settings(batchSize: 2), listener);
        for (int number = 0; number < 3; number++)
        {
            intake.Take(Record(number), new RowPlace("f.csv", number + 1));
        }

        foreach (RecordsRequest request in intake.Finish())
        {
            await request.SendAsync(CancellationToken.None);
        }

        FailedRecords failed = Assert.Single(listener.Failed);
        Assert.Equal(("d", 2, 1L, 2L), (failed.DatasetId, failed.Json.Count, failed.First!.Value.Row, failed.Last!.Value.Row));
        Assert.Contains("q0", failed.Json[0], StringComparison.Ordinal);
        Assert.Equal((2, 2), (intake.Result()!.FailedCount, intake.Result()!.RequestCount));
    }

    [Fact]
    public async Task Many_bytes_go_as_one_file()
    {
        using var server = new ScriptedServer(Reply.Error(400));
        using LlmObsClient client = TestClient.For(server);
        var listener = new Listener();
        using var intake = new RecordIntake(client, Settings() with { UploadThreshold = 10 }, listener);
        for (int number = 0; number < 3; number++)
        {
            intake.Take(Record(number), new RowPlace("f.csv", number + 1));
        }

        RecordsRequest upload = Assert.Single(intake.Finish());
        Assert.Equal((3, true), (upload.Count, upload.IsUpload));
        await upload.SendAsync(CancellationToken.None);
        FailedRecords failed = Assert.Single(listener.Failed);
        Assert.Null(failed.First);
        Assert.Equal(3, failed.Json.Count);
        Assert.Equal((3, true), (intake.Result()!.FailedCount, intake.Result()!.IsUpload));
    }

    [Fact]
    public void Rows_that_are_no_records_are_reported_ten_times_and_then_counted()
    {
        using LlmObsClient client = TestClient.For(new Uri("http://127.0.0.1:1/"));
        var listener = new Listener();
        using var intake = new RecordIntake(client, Settings(), listener);
        for (int row = 1; row <= 13; row++)
        {
            intake.Reject(new RowPlace("f.csv", row), new EventRowException("input", "is empty"), null);
        }

        intake.Ignore("f.csv", ["a", "b"]);
        intake.Ignore("f.csv", ["b", "c"]);
        Assert.Empty(intake.Finish());
        Assert.Equal(11, listener.Refused.Count);
        Assert.Equal((3, true, 13), (listener.Refused[^1].Count, listener.Refused[^1].AreRest, listener.Refused[^1].Place.Row));
        Assert.Equal(["a b", "c"], listener.Ignored);
        Assert.Equal((13, 0), (intake.Result()!.FailedCount, intake.Result()!.RequestCount));
    }

    private static RecordIntakeSettings Settings(int batchSize = 1000) =>
        new("p", "d") { BatchSize = batchSize, MaxBatchBytes = 1_000_000, UploadThreshold = 1_000_000 };

    private static RecordText Record(int number) => new(Encoding.UTF8.GetBytes($"\"q{number}\""));

    private sealed class Listener : IRecordIntakeListener
    {
        public List<RefusedRecords> Refused { get; } = [];

        public List<FailedRecords> Failed { get; } = [];

        public List<string> Ignored { get; } = [];

        public void OnRefused(RefusedRecords rows) => Refused.Add(rows);

        public void OnIgnored(string? source, IReadOnlyList<string> names) => Ignored.Add(string.Join(' ', names));

        public void OnFailed(FailedRecords records) => Failed.Add(records);

        public void OnWritten(long count)
        {
        }

        public void OnTrouble(string message)
        {
        }

        public void OnAttempt(HttpAttemptInfo attempt)
        {
        }
    }
}
