using System.Text.Json;
using LlmObs.Emulator.Http;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests.Witness;

/// <summary>
/// Datadog's runner for Node runs an experiment against the emulator as it is by default: a dataset, two iterations, evaluators
/// and summary evaluators, and the dataset read back, also by tag.
/// </summary>
public sealed class NodeRunnerTests
{
    [WitnessFact]
    public async Task The_runner_for_node_tells_its_whole_story()
    {
        using NpmWitness runner = await NpmWitness.InstallAsync("Node");
        await using var emulator = new TestEmulator(new EmulatorOptions(), RequestLimits.Default, EmulatorErrorForm.Brief, takesUnknownIds: false);

        using JsonDocument told = JsonDocument.Parse(await runner.TellAsync(emulator.Server.BaseUri));

        string[] expected =
        [
            "pushed \"3 of 3\"", "rows \"A,B,no answer to c | A,B,no answer to c\"", "share \"0.6666666666666666,0.6666666666666666\"",
            "pulled \"a,b,c\"", "byTag \"a=A,b=B\"", "version 2",
        ];
        Assert.Equal(expected, told.RootElement.EnumerateObject().Select(member => $"{member.Name} {member.Value.GetRawText()}"));
        StoredExperiment experiment = Assert.Single(emulator.Store.Experiments);
        Assert.Equal(("node-run", "failed", 2), (experiment.LogicalName, experiment.Status, experiment.RunCount));
        Assert.Equal(26, emulator.Store.MetricCount);
        Assert.DoesNotContain(emulator.Server.Requests, request => request.Status >= 400);
    }
}
