namespace LlmObs.Client.Rows;

/// <summary>What a member's name means.</summary>
/// <param name="Utf8">The name as it stands in the text.</param>
/// <param name="Text">The name.</param>
/// <param name="Field">The field, where it is one.</param>
/// <param name="MetaMember">The member of a span's <c>meta</c>, where it is one without a field.</param>
internal sealed record JsonRowName(byte[] Utf8, string Text, EventField? Field, string? MetaMember)
{
    /// <summary>Whether it is a name that the payload of a request has, and no event.</summary>
    public bool IsOfPayload { get; } = Text is "data" or "attributes" or "spans" or "metrics";
}
