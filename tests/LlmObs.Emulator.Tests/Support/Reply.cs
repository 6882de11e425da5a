using System.Text;
using System.Text.Json;

namespace LlmObs.Emulator.Tests.Support;

/// <summary>An answer as a test looks at it.</summary>
internal sealed record Reply(int Status, byte[] Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = 512 }).RootElement;

    public JsonElement Data => Json.GetProperty("data");

    public JsonElement Attributes => Data.GetProperty("attributes");

    public JsonElement Error => Json.GetProperty("errors")[0];

    public string? Pointer => Source("pointer");

    public string? Parameter => Source("parameter");

    public string Detail => Error.GetProperty("detail").GetString()!;

    /// <summary>Asserts the API's error form with a status and a place.</summary>
    public void MustRefuse(int status, string? pointer, string? parameter = null)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/vnd.api+json", ContentType);
        Assert.Equal(pointer, Pointer);
        Assert.Equal(parameter, Parameter);
        Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), Error.GetProperty("status").GetString());
        Assert.NotEmpty(Error.GetProperty("title").GetString()!);
        Assert.NotEmpty(Detail);
    }

    private string? Source(string kind) =>
        Error.TryGetProperty("source", out JsonElement source) && source.TryGetProperty(kind, out JsonElement place) ? place.GetString() : null;
}
