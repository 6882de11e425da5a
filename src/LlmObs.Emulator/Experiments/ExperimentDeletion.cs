using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>What a deletion asks for, checked.</summary>
internal static class ExperimentDeletion
{
    private const string Member = "experiment_ids";

    public static Problem? Read(ReadOnlyMemory<byte> body, out IReadOnlyList<string> ids)
    {
        ids = [];
        if (BodyJson.Parse(body, out JsonDocument? document) is { } malformed)
        {
            return malformed;
        }

        using (document)
        {
            return Envelope.Open(document!, "experiments", out JsonFields attributes)
                ?? attributes.RequiredTexts(Member, out ids);
        }
    }
}
