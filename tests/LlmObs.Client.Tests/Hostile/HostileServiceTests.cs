using System.Globalization;
using System.Reflection;
using System.Text;
using Xunit.Abstractions;

namespace LlmObs.Client.Tests;

/// <summary>
/// Every call of the client with every answer of a hostile service ends in a result or in the module's own exception, without
/// the key. LLMOBS_HOSTILE_ROUNDS asks for more mutated answers a call, and LLMOBS_HOSTILE_SEED for those of a failure.
/// </summary>
public sealed class HostileServiceTests(ITestOutputHelper output) : IDisposable
{
    private const string Project = "p";
    private const string Dataset = "d";
    private const int MostPages = 3;

    private static readonly Dictionary<string, Func<LlmObsClient, Task>> Calls = new()
    {
        ["ValidateApiKey"] = client => client.ValidateApiKey().SendAsync(),
        ["ValidateKeys"] = client => client.ValidateKeys().SendAsync(),
        ["CreateExperiment"] = client => client.CreateExperiment(TestClient.Draft).SendAsync(),
        ["UpdateExperiment"] = client => client.UpdateExperiment("e", new ExperimentPatch { Name = "x" }).SendAsync(),
        ["DeleteExperiments"] = client => client.DeleteExperiments(["e"]).SendAsync(),
        ["ListExperiments"] = client => ReadAsync(client.ListExperiments(new ExperimentFilter())),
        ["SearchExperiments"] = client => ReadAsync(client.SearchExperiments(new ExperimentSearch())),
        ["SimpleSearchExperiments"] = client => ReadAsync(client.SimpleSearchExperiments(new ExperimentSearch())),
        ["ListSpans"] = client => ReadAsync(client.ListSpans("e")),
        ["ListSummaryMetrics"] = client => client.ListSummaryMetrics("e").SendAsync(),
        ["Aggregate"] = client => client.Aggregate(new AggregateQuery { Compute = [new AggregateCompute("score_value")] }).SendAsync(),
        ["ListProjects"] = client => ReadAsync(client.ListProjects()),
        ["CreateProject"] = client => client.CreateProject(new ProjectDraft { Name = "n" }).SendAsync(),
        ["UpdateProject"] = client => client.UpdateProject(Project, new ProjectPatch()).SendAsync(),
        ["DeleteProjects"] = client => client.DeleteProjects([Project]).SendAsync(),
        ["ListDatasets"] = client => ReadAsync(client.ListDatasets(Project)),
        ["CreateDataset"] = client => client.CreateDataset(Project, new DatasetDraft { Name = "n" }).SendAsync(),
        ["UpdateDataset"] = client => client.UpdateDataset(Project, Dataset, new DatasetPatch()).SendAsync(),
        ["DeleteDatasets"] = client => client.DeleteDatasets(Project, [Dataset]).SendAsync(),
        ["CloneDataset"] = client => client.CloneDataset(Project, Dataset, new DatasetDraft { Name = "n" }).SendAsync(),
        ["RestoreDataset"] = client => client.RestoreDataset(Project, Dataset, 1).SendAsync(),
        ["ListDatasetVersions"] = client => client.ListDatasetVersions(Project, Dataset).SendAsync(),
        ["ExportDataset"] = ExportAsync,
        ["ListRecords"] = client => ReadAsync(client.ListRecords(Project, Dataset)),
        ["AddRecords"] = client => client.AddRecords(Project, Dataset, [new RecordText("\"q\""u8.ToArray())], deduplicate: false).SendAsync(),
        ["UpdateRecords"] = client => client.UpdateRecords(Project, Dataset, [new DatasetRecordPatch { Id = "r" }]).SendAsync(),
        ["DeleteRecords"] = client => client.DeleteRecords(Project, Dataset, ["r"]).SendAsync(),
        ["UploadRecords"] = client => client.UploadRecords(
            Project, Dataset, () => new MemoryStream(Encoding.UTF8.GetBytes("input\r\nq\r\n")), new RecordUploadOptions()).SendAsync(),
        ["push events"] = client => TestClient.SendAsync(client, TestClient.Push),
    };

    private Reply _reply = Reply.Accepted;
    private int _tried;

    public void Dispose() => output.WriteLine($"{_tried} calls");

    [Fact]
    public void Each_operation_is_called()
    {
        IEnumerable<string> operations = typeof(LlmObsClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType.Name.Contains("Call", StringComparison.Ordinal)).Select(method => method.Name);
        Assert.Equal(operations.Order(), Calls.Keys.Where(name => name != "push events").Order());
    }

    [Fact]
    public async Task A_sign_in_page_is_a_failure_of_its_own_and_not_asked_for_again()
    {
        foreach (Reply page in HostileService.SignInPages())
        {
            await TryAllAsync(page);
        }

        using var server = new ScriptedServer(Reply.Of(200, "<html>Sign in</html>", "text/html"));
        foreach ((string name, Func<LlmObsClient, Task> call) in Calls)
        {
            int before = server.Requests.Count;
            using LlmObsClient client = TestClient.For(server, retries: 3);
            LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => call(client));
            Assert.True(failure.Kind == FailureKind.ForeignAnswer, $"{name}: {failure.Kind}");
            Assert.Equal(before + 1, server.Requests.Count);
        }
    }

    [Fact]
    public Task Redirects_end_well() => TryAllAsync([.. HostileService.Redirects()]);

    [Fact]
    public Task Statuses_end_well() => TryAllAsync([.. HostileService.Statuses()]);

    [Fact]
    public Task Malformed_answers_end_well() => TryAllAsync([.. HostileService.Malformed()]);

    [Fact]
    public Task Broken_compression_ends_well() => TryAllAsync([.. HostileService.BrokenCompression()]);

    [Fact]
    public async Task Mutated_answers_end_well()
    {
        int seed = Setting("LLMOBS_HOSTILE_SEED", Environment.TickCount & 0xFFFFFF);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Reply[] replies = [.. Enumerable.Range(0, Setting("LLMOBS_HOSTILE_ROUNDS", 100)).Select(_ => HostileService.Mutated(random))];
        await TryAllAsync($"seed {seed}", replies);
    }

    [Fact]
    public async Task Slow_answers_end_with_the_time_limit()
    {
        Reply csv = Reply.Of(200, "id,input\r\n1,q\r\n", "text/csv");
        Reply json = Reply.Of(200, """{"data":[]}""");
        Reply longCsv = Reply.Of(200, "id,input\r\n1,q\r\n" + new string(' ', 1_000_000), "text/csv");
        Reply untyped = Reply.Untyped("id,input\r\n1,q\r\n" + new string(' ', 1_000_000));
        Reply longJson = Reply.Of(200, """{"data":[]}""" + new string(' ', 1_000_000));
        foreach (Reply slow in (Reply[])[Reply.Never, csv.StallingAfter(0), csv.StallingAfter(9), json.StallingAfter(3),
            longCsv.DrippingAfter(17), untyped.DrippingAfter(17), longJson.DrippingAfter(3), Reply.Raw("HTTP/1.1 200 OK\r\nCont"u8.ToArray()).StallingAfter(19)])
        {
            using var server = new ScriptedServer(slow);
            await Task.WhenAll(Calls.Select(async call =>
            {
                using var client = new LlmObsClient(new ClientOptions { BaseUri = server.Address, MaxRetryCount = 0, Timeout = TimeSpan.FromMilliseconds(300) });
                await TryAsync(call.Key, call.Value, client, string.Empty);
            }));
        }
    }

    private static async Task ReadAsync<T>(PagedCall<T> list)
    {
        int pages = 0;
        await foreach (Page<T> page in list.ReadAsync())
        {
            if (++pages == MostPages)
            {
                return;
            }
        }
    }

    private static async Task ExportAsync(LlmObsClient client)
    {
        string path = Path.Combine(Path.GetTempPath(), $"llmobs-test-{Guid.NewGuid():N}.csv");
        using var target = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
        await client.ExportDataset(Project, Dataset).SendAsync(target, maxBytes: 1024 * 1024);
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : usual;

    private Task TryAllAsync(params Reply[] replies) => TryAllAsync(string.Empty, replies);

    private async Task TryAllAsync(string about, Reply[] replies)
    {
        using var server = new ScriptedServer((_, _) => _reply);
        using var client = new LlmObsClient(new ClientOptions
        {
            BaseUri = server.Address,
            ApiKey = Secret.From(HostileService.Key),
            AppKey = Secret.From(HostileService.Key + "-app"),
            MaxRetryCount = 1,
            Time = new WaitlessTime(),
            Timeout = WaitlessTime.Limit,
        });
        foreach (Reply one in replies)
        {
            _reply = one;
            foreach ((string name, Func<LlmObsClient, Task> call) in Calls)
            {
                await TryAsync(name, call, client, $"{about}\n{Encoding.Latin1.GetString(one.Body[..Math.Min(one.Body.Length, 1500)])}");
            }
        }
    }

    private async Task TryAsync(string name, Func<LlmObsClient, Task> call, LlmObsClient client, string answer)
    {
        Interlocked.Increment(ref _tried);
        Exception? failure = await Record.ExceptionAsync(() => call(client));
        Assert.True(failure is null or LlmObsException, $"{name}: {failure}\n{answer}");
        Assert.False(
            failure?.ToString().Contains(HostileService.Key, StringComparison.OrdinalIgnoreCase) == true
            || (failure as LlmObsException)?.Errors.Any(error => error.ToString().Contains(HostileService.Key, StringComparison.OrdinalIgnoreCase)) == true,
            $"{name} shows the key: {failure}\n{answer}");
    }
}
