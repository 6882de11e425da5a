using System.Text.Json;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class TracerIntakeTests
{
    [Fact]
    public async Task Spans_of_an_experiment_become_its_own_and_others_are_dropped()
    {
        await using var emulator = new TestEmulator();
        string id = await emulator.ExperimentAsync(more: ",\"dataset_id\":\"d1\"");
        string spans = $$"""
            [{"_dd.stage":"raw","event_type":"span","_dd.scope":"experiments","spans":[{"trace_id":"t1","span_id":"s1","parent_id":"undefined","name":"task",
            "start_ns":1705314600000000000,"duration":1500,"status":"ok","meta":{"input":{"value":"q"},"span.kind":"experiment"},"metrics":{},
            "tags":["experiment_id:{{id}}","dataset_record_id:r1"]}]},
            {"_dd.stage":"raw","event_type":"span","spans":[{"trace_id":"t2","span_id":"s2","name":"chat","start_ns":1,"duration":1,"status":"ok","tags":["ml_app:x"]}]}]
            """;

        Reply reply = await emulator.PostAsync("/evp_proxy/v2/api/v2/llmobs", spans);

        Assert.Equal(202, reply.Status);
        Assert.Equal(1, emulator.Store.SpanCount);
        JsonElement span = Assert.Single((await emulator.GetAsync(TestEmulator.ReadEventsOf(id))).Attributes.GetProperty("spans").EnumerateArray());
        Assert.Equal(("s1", "project", "d1", "r1"), (
            span.GetProperty("span_id").GetString(), span.GetProperty("project_id").GetString(),
            span.GetProperty("dataset_id").GetString(), span.GetProperty("dataset_record_id").GetString()));
    }

    [Fact]
    public async Task A_tracer_is_told_that_it_may_send_here()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { Keys = new EmulatorKeys { ApiKey = Secret.From("fake-api-key-0000000000001234") } });
        Reply reply = await emulator.GetAsync("/info");
        Assert.Equal(200, reply.Status);
        Assert.Contains("/evp_proxy/v2/", reply.Text, StringComparison.Ordinal);
        (await emulator.PostAsync("/api/v2/llmobs", "[")).MustRefuse(400, null);
    }
}
