using System.Text.Json;

namespace LlmObs.Emulator.Catalog;

/// <summary>A checked request to create or update a project or a dataset.</summary>
internal sealed record CatalogRequest
{
    public Optional<string?> Name { get; init; }

    public Optional<string?> Description { get; init; }

    public Optional<JsonElement?> Metadata { get; init; }

    /// <summary>Reads a creation: it has a name.</summary>
    public static Problem? ReadCreation(byte[] body, string type, out CatalogRequest request) => Read(body, type, nameIsRequired: true, out request);

    /// <summary>Reads an update: missing fields stay unchanged, and null clears, except the name.</summary>
    public static Problem? ReadUpdate(byte[] body, string type, out CatalogRequest request) => Read(body, type, nameIsRequired: false, out request);

    private static Problem? Read(byte[] body, string type, bool nameIsRequired, out CatalogRequest request)
    {
        CatalogRequest read = new();
        Problem? problem = BodyReader.Read(body, [type], attributes => Read(attributes, nameIsRequired, out read));
        request = read;
        return problem;
    }

    private static Problem? Read(JsonFields attributes, bool nameIsRequired, out CatalogRequest request)
    {
        request = new CatalogRequest();
        string? name = null, description = null;
        JsonElement? metadata = null;
        Problem? problem = (nameIsRequired || attributes.Has("name") ? attributes.RequiredText("name", out name) : null)
            ?? attributes.Text("description", out description)
            ?? attributes.Object("metadata", out metadata);
        if (problem is null)
        {
            request = new CatalogRequest
            {
                Name = attributes.Has("name") ? name : default(Optional<string?>),
                Description = attributes.Has("description") ? description : default(Optional<string?>),
                Metadata = attributes.Has("metadata") ? metadata : default(Optional<JsonElement?>),
            };
        }

        return problem;
    }
}

/// <summary>A request to delete several resources by id.</summary>
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
