using System.Text.Json;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests.Witness;

/// <summary>
/// Datadog's own client runs the whole workflow against the emulator: a witness that shares no line with this repository.
/// Run it with <c>LLMOBS_WITNESS=1 dotnet test tests/LlmObs.Emulator.Tests --filter Witness</c>.
/// </summary>
public sealed class TypeScriptTests
{
    [WitnessFact]
    public async Task The_official_client_understands_every_answer_of_the_story()
    {
        using NpmWitness client = await NpmWitness.InstallAsync("TypeScript");
        foreach (EmulatorListEnd end in (EmulatorListEnd[])[EmulatorListEnd.Empty, EmulatorListEnd.Absent])
        {
            await using var emulator = new TestEmulator(new EmulatorOptions { PatchBody = EmulatorPatchBody.Resource, RecordForm = EmulatorRecordForm.Flat, ListEnd = end });
            MustBeTheStory(await client.TellAsync(emulator.Server.BaseUri));
            Assert.DoesNotContain(emulator.Server.Requests, request => request.Status >= 400 && request.Status != 404);
        }

        // With a token instead of the keys, to an emulator that takes nothing else.
        const string Token = "ddpat_fake_token_1234";
        await using var closed = new TestEmulator(new EmulatorOptions
        {
            PatchBody = EmulatorPatchBody.Resource,
            RecordForm = EmulatorRecordForm.Flat,
            Keys = new EmulatorKeys { AccessToken = Secret.From(Token) },
        });
        MustBeTheStory(await client.TellAsync(closed.Server.BaseUri, Token));
    }

    private static void MustBeTheStory(string printed)
    {
        using JsonDocument document = JsonDocument.Parse(printed);
        JsonElement told = document.RootElement;
        Assert.StartsWith("witness-run-", told.GetProperty("name").GetString(), StringComparison.Ordinal);
        string[] expected =
        [
            "projectIsFound true", """projects ["changed"]""", "added 3", "changed \"q1 changed,q3\"", "batched \"q3 changed,q4\"", "uploaded 4", "versions 6",
            "oldVersion \"q1,q2,q3\"", "copied 4", "restored \"q1,q2,q3\"", "file \"id,input,expected_output,metadata,tags\"", """datasets ["faq: questions"]""",
            "hitCount 3", "average 0.5", """listed ["second","first"]""", "byId 1", """byParent [true]""",
            """byMetadata ["faq by Emulator User","faq by Emulator User"]""", "searched 2", """counted [2,2,2]""",
            """events ["s1 {\"answer\":\"o1\"} faithfulness,polite","s2 {\"answer\":\"o2\"} faithfulness,polite","s3 {\"answer\":\"o3\"} faithfulness,polite"]""",
            "duration 3000000", "status \"completed\"", "left 0", "deleted 2", "datasetsLeft 0", "projectsLeft 0", "unknown \"404 Not Found\"",
        ];
        Assert.Equal(expected, told.EnumerateObject().Where(member => member.Name != "name").Select(member => $"{member.Name} {member.Value.GetRawText()}"));
    }
}
