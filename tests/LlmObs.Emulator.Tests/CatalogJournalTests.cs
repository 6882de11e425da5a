using System.Text.Json;
using LlmObs.Emulator.Tests.Support;
using static LlmObs.Emulator.Tests.Support.CatalogRequests;

namespace LlmObs.Emulator.Tests;

public sealed class CatalogJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_start_restores_projects_datasets_versions_and_records()
    {
        string before, project, dataset, versions;
        await using (var emulator = new TestEmulator(_folder.Options))
        {
            project = await emulator.ProjectAsync();
            dataset = await emulator.DatasetAsync(project);
            string gone = await emulator.ProjectAsync("gone");
            await emulator.DatasetAsync(gone);
            string[] ids = await emulator.AddAsync(project, dataset, "a", "b", "c");
            await emulator.PatchPathAsync(RecordsOf(project, dataset), "records", $$$"""{"records":[{"id":"{{{ids[0]}}}","input":{"new":1}}]}""");
            await emulator.PostAsync(RecordsOf(project, dataset) + "/delete", "records", $$"""{"record_ids":["{{ids[1]}}"]}""");
            await emulator.PostAsync($"{DatasetsOf(project)}/{dataset}/clone", "datasets", """{"name":"copy"}""");
            await emulator.PostAsync($"{DatasetsOf(project)}/{dataset}/restore", "datasets", """{"dataset_version":1}""");
            await emulator.PostAsync($"{DatasetsOf(project)}/{dataset}/batch_update", "datasets", """{"create_new_version":false,"insert_records":[{"id":"own","input":"d","tags":["t"]}]}""");
            await emulator.PatchPathAsync($"{Projects}/{project}", "projects", """{"description":"changed"}""");
            await emulator.PatchPathAsync($"{DatasetsOf(project)}/{dataset}", "datasets", """{"description":"changed"}""");
            string removed = await emulator.DatasetAsync(project, "removed");
            await emulator.PostAsync(DatasetsOf(project) + "/delete", "datasets", $$"""{"dataset_ids":["{{removed}}"]}""");
            await emulator.PostAsync(Projects + "/delete", "projects", $$"""{"project_ids":["{{gone}}"]}""");
            await emulator.CreateAsync($$"""{"name":"e","project_id":"{{project}}","dataset_id":"{{dataset}}"}""");
            before = Describe(emulator.Store);
            versions = (await emulator.GetAsync($"{DatasetsOf(project)}/{dataset}/versions")).Text;
        }

        await using var again = new TestEmulator(_folder.Options);

        Assert.Equal(before, Describe(again.Store));
        Assert.Equal(versions, (await again.GetAsync($"{DatasetsOf(project)}/{dataset}/versions")).Text);
        Assert.Equal(4, Assert.Single(again.Store.Experiments).DatasetVersion);
        await again.AddAsync(project, dataset, "after");
        Assert.Equal(5, await again.VersionAsync(project, dataset));
        Assert.Equal("after", (await again.InputsAsync(project, dataset))[0]);
    }

    [Fact]
    public async Task Uploaded_JSON_of_several_lines_comes_back_from_the_journal()
    {
        string project, dataset, before;
        await using (var emulator = new TestEmulator(_folder.Options))
        {
            project = await emulator.ProjectAsync();
            dataset = await emulator.DatasetAsync(project);
            byte[] csv = "input,expected_output,metadata\r\n\" {\r\n\"\"a\"\": 1\n} \",\"two\nlines\",\"{\r\"\"m\"\":\n[\"\"\\n\"\"]}\"\r\n\"\"\"\\\"\"quoted\\\"\"\"\"\",,\r\n"u8.ToArray();
            using var form = new MultipartFormDataContent { { new ByteArrayContent(csv), "file", "records.csv" } };
            Assert.Equal(200, (await emulator.SendAsync("POST", UploadOf(project, dataset), null, request => request.Content = form)).Status);
            before = Describe(emulator.Store);
        }

        await using var again = new TestEmulator(_folder.Options);

        Assert.Equal(before, Describe(again.Store));
        StoredRecord first = again.Store.Records(dataset)[0];
        Assert.Equal((1, "two\nlines", "\n"), (first.Input.GetProperty("a").GetInt32(), first.ExpectedOutput!.Value.GetString(), first.Metadata!.Value.GetProperty("m")[0].GetString()));
        Assert.Equal("\"quoted\"", again.Store.Records(dataset)[1].Input.GetString());
    }

    [Fact]
    public async Task An_entry_about_an_unknown_dataset_is_said_by_its_line()
    {
        await using (var emulator = new TestEmulator(_folder.Options))
        {
            await emulator.ProjectAsync();
        }

        string journal = Directory.GetFiles(_folder.Options.DataPath!, "journal.jsonl").Single();
        const string Lost = """{"at":"2026-01-01T00:00:00.0000000Z","kind":"records","id":"nobody","body":{"version":true,"removed":[],"records":[]}}""";
        await File.AppendAllTextAsync(journal, Lost + "\n" + Lost + "\n");

        EmulatorException failure = Assert.Throws<EmulatorException>(() => EmulatorServer.Start(_folder.Options));
        Assert.Contains("unknown dataset 'nobody'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Line 3", failure.Message, StringComparison.Ordinal);
    }

    private static string Describe(EmulatorStore store) => JsonSerializer.Serialize(new
    {
        store.Projects,
        store.Datasets,
        Records = store.Datasets.Select(dataset => Enumerable.Range(0, (int)dataset.CurrentVersion + 1).Select(version => store.Records(dataset.Id, version))),
    });
}
