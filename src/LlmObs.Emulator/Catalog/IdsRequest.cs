namespace LlmObs.Emulator.Catalog;

/// <summary>What a deletion names: the ids of several resources.</summary>
internal static class IdsRequest
{
    public static Problem? Read(byte[] body, string type, string member, out IReadOnlyList<string> ids)
    {
        IReadOnlyList<string> found = [];
        Problem? problem = BodyReader.Read(body, [type], attributes => attributes.RequiredTexts(member, out found));
        ids = found;
        return problem;
    }
}
