using System.Text.Json;

namespace LlmObs.Emulator.Tests.Support;

/// <summary>Requests about projects, datasets and records.</summary>
internal static class CatalogRequests
{
    public const string Projects = "/api/v2/llm-obs/v1/projects";

    public static string DatasetsOf(string project) => $"/api/v2/llm-obs/v1/{project}/datasets";

    public static string RecordsOf(string project, string dataset) => $"{DatasetsOf(project)}/{dataset}/records";

    public static string UploadOf(string project, string dataset) => $"/api/v2/llm-obs/v2/{project}/datasets/{dataset}/records/upload";

    public static Task<Reply> GetAsync(this TestEmulator emulator, string path) => emulator.SendAsync("GET", path, null);

    public static Task<Reply> PostAsync(this TestEmulator emulator, string path, string type, string attributes) =>
        emulator.PostAsync(path, Bodies.Data(type, attributes));

    public static Task<Reply> PatchPathAsync(this TestEmulator emulator, string path, string type, string attributes) =>
        emulator.SendAsync("PATCH", path, System.Text.Encoding.UTF8.GetBytes(Bodies.Data(type, attributes)));

    /// <summary>Makes a project and gives its id.</summary>
    public static async Task<string> ProjectAsync(this TestEmulator emulator, string name = "support-bot")
    {
        Reply reply = await emulator.PostAsync(Projects, "projects", $$"""{"name":"{{name}}","description":"about {{name}}"}""");
        Assert.Equal(200, reply.Status);
        return reply.Id();
    }

    /// <summary>Makes a dataset and gives its id.</summary>
    public static async Task<string> DatasetAsync(this TestEmulator emulator, string project, string name = "faq")
    {
        Reply reply = await emulator.PostAsync(DatasetsOf(project), "datasets", $$$"""{"name":"{{{name}}}","metadata":{"lang":"en"}}""");
        Assert.Equal(200, reply.Status);
        return reply.Id();
    }

    /// <summary>Adds records with these inputs, and gives their ids.</summary>
    public static async Task<string[]> AddAsync(this TestEmulator emulator, string project, string dataset, params string[] inputs)
    {
        string records = string.Join(',', inputs.Select(input => $$$"""{"input":"{{{input}}}","expected_output":"about {{{input}}}","metadata":{"from":"test"}}"""));
        Reply reply = await emulator.PostAsync(RecordsOf(project, dataset), "datasets", $$"""{"deduplicate":false,"records":[{{records}}]}""");
        Assert.Equal(200, reply.Status);
        return [.. reply.Records().Select(record => record.GetProperty("id").GetString()!)];
    }

    /// <summary>The inputs of a dataset's records as they are listed.</summary>
    public static async Task<string[]> InputsAsync(this TestEmulator emulator, string project, string dataset, string query = "") =>
        [.. (await emulator.GetAsync(RecordsOf(project, dataset) + query)).Data.EnumerateArray().Select(record => record.GetProperty("attributes").GetProperty("input").ToString())];

    public static async Task<long> VersionAsync(this TestEmulator emulator, string project, string dataset) =>
        (await emulator.GetAsync($"{DatasetsOf(project)}?filter[id]={dataset}")).Data[0].GetProperty("attributes").GetProperty("current_version").GetInt64();

    public static string Id(this Reply reply) => reply.Data.GetProperty("id").GetString()!;

    public static JsonElement[] Records(this Reply reply) => [.. reply.Data.EnumerateArray().SelectMany(item => item.TryGetProperty("records", out JsonElement records) ? [.. records.EnumerateArray()] : new[] { item })];

    public static string[] Names(this Reply reply) => [.. reply.Data.EnumerateArray().Select(item => item.GetProperty("attributes").GetProperty("name").GetString()!)];
}
