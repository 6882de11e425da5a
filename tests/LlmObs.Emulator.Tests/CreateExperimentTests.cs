using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed partial class CreateExperimentTests : IAsyncLifetime
{
    private const string Full = """
        {"name":"qa","project_id":"p1","dataset_id":"d1","dataset_version":7,"description":"about","config":{"model":"m","n":1.50},
        "metadata":{"team":["a",null]},"ensure_unique":true,"parent_experiment_id":"parent","run_count":3}
        """;

    private readonly TestEmulator _emulator = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task Answers_200_with_every_field_that_was_sent()
    {
        Reply reply = await _emulator.CreateAsync(Full);

        Assert.Equal(200, reply.Status);
        Assert.Equal("application/vnd.api+json", reply.ContentType);
        Assert.Equal("experiments", reply.Data.GetProperty("type").GetString());
        Assert.True(Guid.TryParse(reply.Data.GetProperty("id").GetString(), out _));
        JsonElement attributes = reply.Attributes;
        Assert.Equal("p1", attributes.GetProperty("project_id").GetString());
        Assert.Equal("d1", attributes.GetProperty("dataset_id").GetString());
        Assert.Equal(7, attributes.GetProperty("dataset_version").GetInt64());
        Assert.Equal("about", attributes.GetProperty("description").GetString());
        Assert.Equal("""{"model":"m","n":1.50}""", attributes.GetProperty("config").GetRawText());
        Assert.Equal("""{"team":["a",null]}""", attributes.GetProperty("metadata").GetRawText());
        Assert.Equal(3, attributes.GetProperty("run_count").GetInt32());
        Assert.False(attributes.GetProperty("is_auto_experiment").GetBoolean());
    }

    [Fact]
    public async Task Stores_every_field_that_was_sent()
    {
        Reply reply = await _emulator.CreateAsync(Full);

        StoredExperiment stored = _emulator.Store.FindExperiment(reply.Data.GetProperty("id").GetString()!)!;
        Assert.Equal(reply.Attributes.GetProperty("name").GetString(), stored.Name);
        Assert.Equal("qa", stored.LogicalName);
        Assert.Equal("p1", stored.ProjectId);
        Assert.Equal("d1", stored.DatasetId);
        Assert.Equal(7, stored.DatasetVersion);
        Assert.Equal("about", stored.Description);
        Assert.Equal("m", stored.Config!.Value.GetProperty("model").GetString());
        Assert.Equal(2, stored.Metadata!.Value.GetProperty("team").GetArrayLength());
        Assert.Equal("parent", stored.ParentExperimentId);
        Assert.Equal(3, stored.RunCount);
        Assert.Equal("parent", stored.Attributes.GetProperty("parent_experiment_id").GetString());
        Assert.Null(stored.Status);
    }

    [Theory]
    [InlineData(Full, "status,aggregate_data,error,deleted_at,parent_experiment_id,dataset_name,author")]
    [InlineData("""{"name":"a","project_id":"p"}""", "config,description,dataset_id,dataset_version,run_count,status")]
    public async Task Leaves_out_what_the_live_service_leaves_out(string attributes, string missing)
    {
        Reply reply = await _emulator.CreateAsync(attributes);

        Assert.Equal(200, reply.Status);
        Assert.All(missing.Split(','), name => Assert.False(reply.Attributes.TryGetProperty(name, out _), name));
    }

    [Theory]
    [InlineData("name", null)]
    [InlineData("name", "null")]
    [InlineData("name", "\"\"")]
    [InlineData("name", "5")]
    [InlineData("name", "{}")]
    [InlineData("project_id", null)]
    [InlineData("project_id", "null")]
    [InlineData("project_id", "\"\"")]
    [InlineData("project_id", "true")]
    [InlineData("dataset_id", "1")]
    [InlineData("dataset_version", "\"1\"")]
    [InlineData("dataset_version", "1.5")]
    [InlineData("dataset_version", "9223372036854775808")]
    [InlineData("dataset_version", "1e400")]
    [InlineData("description", "[]")]
    [InlineData("config", "[]")]
    [InlineData("config", "\"x\"")]
    [InlineData("metadata", "1")]
    [InlineData("ensure_unique", "\"true\"")]
    [InlineData("ensure_unique", "0")]
    [InlineData("parent_experiment_id", "{}")]
    [InlineData("run_count", "-1")]
    [InlineData("run_count", "2147483648")]
    [InlineData("run_count", "\"3\"")]
    public async Task Refuses_a_wrong_field_and_points_at_it(string field, string? value)
    {
        Reply reply = await _emulator.CreateAsync(Bodies.With(Full, field, value));

        reply.MustRefuse(400, "/data/attributes/" + field);
        Assert.Contains(field, reply.Detail, StringComparison.Ordinal);
        Assert.Empty(_emulator.Store.Experiments);
    }

    [Theory]
    [InlineData("dataset_id")]
    [InlineData("dataset_version")]
    [InlineData("description")]
    [InlineData("config")]
    [InlineData("metadata")]
    [InlineData("ensure_unique")]
    [InlineData("parent_experiment_id")]
    [InlineData("run_count")]
    public async Task Takes_null_for_an_optional_field_as_absent(string field)
    {
        Reply withNull = await _emulator.CreateAsync(Bodies.With(Full, field, "null"));
        Reply without = await _emulator.CreateAsync(Bodies.With(Full, field, null));

        Assert.Equal(200, withNull.Status);
        Assert.Equal(
            without.Attributes.EnumerateObject().Select(member => member.Name),
            withNull.Attributes.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("\"text\"", "")]
    [InlineData("null", "")]
    [InlineData("{}", "/data")]
    [InlineData("""{"data":null}""", "/data")]
    [InlineData("""{"data":[]}""", "/data")]
    [InlineData("""{"data":{"attributes":{}}}""", "/data/type")]
    [InlineData("""{"data":{"type":1,"attributes":{}}}""", "/data/type")]
    [InlineData("""{"data":{"type":"events","attributes":{}}}""", "/data/type")]
    [InlineData("""{"data":{"type":"experiments"}}""", "/data/attributes")]
    [InlineData("""{"data":{"type":"experiments","attributes":[]}}""", "/data/attributes")]
    public async Task Refuses_a_wrong_frame_and_points_at_it(string body, string pointer)
    {
        Reply reply = await _emulator.PostAsync(TestEmulator.Experiments, body);

        reply.MustRefuse(400, pointer);
    }

    [Fact]
    public async Task Adds_the_time_in_ms_to_a_name_and_keeps_the_name_that_was_sent()
    {
        DateTimeOffset now = new(2026, 8, 1, 12, 0, 0, 123, TimeSpan.Zero);
        await using var emulator = new TestEmulator(new EmulatorOptions { Time = new FixedTime(now) });

        Reply reply = await emulator.CreateAsync("""{"name":"qa","project_id":"p"}""");

        Assert.Equal($"qa-{now.ToUnixTimeMilliseconds()}", reply.Attributes.GetProperty("name").GetString());
        Assert.Equal("qa", reply.Attributes.GetProperty("experiment").GetString());
    }

    [Fact]
    public async Task Names_are_unique_within_the_same_ms()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { Time = new FixedTime(DateTimeOffset.UnixEpoch.AddDays(20000)) });

        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => emulator.CreateAsync("""{"name":"qa","project_id":"p"}""")));

        Assert.Equal(20, replies.Select(reply => reply.Attributes.GetProperty("name").GetString()).Distinct().Count());
        Assert.Equal(20, replies.Select(reply => reply.Data.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Returns_the_experiment_of_that_name_unchanged_where_it_need_not_be_unique()
    {
        const string First = """{"name":"same","project_id":"p","ensure_unique":false,"description":"first"}""";
        Reply created = await _emulator.CreateAsync(First);
        Reply again = await _emulator.CreateAsync(Bodies.With(First, "description", "\"second\""));
        Reply elsewhere = await _emulator.CreateAsync(Bodies.With(First, "project_id", "\"other\""));

        Assert.Equal("same", created.Attributes.GetProperty("name").GetString());
        Assert.Equal("same", created.Attributes.GetProperty("experiment").GetString());
        Assert.Equal(200, again.Status);
        Assert.Equal(created.Data.GetProperty("id").GetString(), again.Data.GetProperty("id").GetString());
        Assert.Equal("first", again.Attributes.GetProperty("description").GetString());
        Assert.Equal(created.Attributes.GetProperty("created_at").GetString(), again.Attributes.GetProperty("created_at").GetString());
        Assert.NotEqual(created.Data.GetProperty("id").GetString(), elsewhere.Data.GetProperty("id").GetString());
        Assert.Equal(2, _emulator.Store.ExperimentCount);
    }

    [Fact]
    public async Task A_dataset_without_a_version_is_at_version_1()
    {
        Reply reply = await _emulator.CreateAsync("""{"name":"a","project_id":"p","dataset_id":"d"}""");

        Assert.Equal(1, reply.Attributes.GetProperty("dataset_version").GetInt64());
    }

    [Theory]
    [InlineData(0, "2026-08-01T12:00:00.0000Z")]
    [InlineData(1, "2026-08-01T12:00:00.0000001Z")]
    [InlineData(1_234_500, "2026-08-01T12:00:00.12345Z")]
    [InlineData(9_000_000, "2026-08-01T12:00:00.9000Z")]
    public async Task Times_are_UTC_with_trailing_zeros_trimmed_to_four_digits(long ticks, string expected)
    {
        DateTimeOffset now = new DateTimeOffset(2026, 8, 1, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(ticks);
        await using var emulator = new TestEmulator(new EmulatorOptions { Time = new FixedTime(now) });

        Reply reply = await emulator.CreateAsync("""{"name":"a","project_id":"p"}""");

        Assert.Equal(expected, reply.Attributes.GetProperty("created_at").GetString());
        Assert.Equal(expected, reply.Attributes.GetProperty("updated_at").GetString());
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public async Task Answers_do_not_depend_on_the_culture(string culture)
    {
        CultureInfo? before = CultureInfo.DefaultThreadCurrentCulture;
        CultureInfo.DefaultThreadCurrentCulture = new CultureInfo(culture);
        try
        {
            Reply reply = await _emulator.CreateAsync("""{"name":"a","project_id":"p","config":{"t":1.5}}""");

            Assert.Matches(Rfc3339(), reply.Attributes.GetProperty("created_at").GetString());
            Assert.Matches("^a-[0-9]{13}$", reply.Attributes.GetProperty("name").GetString());
        }
        finally
        {
            CultureInfo.DefaultThreadCurrentCulture = before;
        }
    }

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{4,7}Z$")]
    private static partial Regex Rfc3339();
}
