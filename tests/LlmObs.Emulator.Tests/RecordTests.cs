using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmObs.Emulator.Tests.Support;
using static LlmObs.Emulator.Tests.Support.CatalogRequests;

namespace LlmObs.Emulator.Tests;

public sealed class RecordTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();
    private string _project = string.Empty;
    private string _dataset = string.Empty;

    private string Records => RecordsOf(_project, _dataset);

    private string Batch => $"{DatasetsOf(_project)}/{_dataset}/batch_update";

    public async Task InitializeAsync()
    {
        _project = await _emulator.ProjectAsync();
        _dataset = await _emulator.DatasetAsync(_project);
    }

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Theory]
    [InlineData("records")]
    [InlineData("datasets")]
    public async Task Adds_records_of_any_JSON_under_either_type(string type)
    {
        Reply reply = await _emulator.PostAsync(Records, type, """{"records":[{"input":{"q":[1,null]},"expected_output":2.50,"metadata":{"a":1}},{"input":"text"}]}""");

        Assert.Equal(200, reply.Status);
        JsonElement first = reply.Records()[0];
        Assert.Equal("datasets", first.GetProperty("type").GetString());
        JsonElement attributes = first.GetProperty("attributes");
        Assert.Equal("""{"q":[1,null]}""", attributes.GetProperty("input").GetRawText());
        Assert.Equal("2.50", attributes.GetProperty("expected_output").GetRawText());
        Assert.Equal("""{"a":1}""", attributes.GetProperty("metadata").GetRawText());
        Assert.Equal(_dataset, attributes.GetProperty("dataset_id").GetString());
        Assert.Equal(first.GetProperty("id").GetString(), attributes.GetProperty("canonical_id").GetString());
        Assert.Equal(1, attributes.GetProperty("version").GetInt64());
        Assert.Equal(["id"], attributes.GetProperty("author").EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["dataset_id", "canonical_id", "input", "version", "author", "created_at", "updated_at"],
            reply.Records()[1].GetProperty("attributes").EnumerateObject().Select(member => member.Name));
        Assert.Equal(1, await _emulator.VersionAsync(_project, _dataset));
    }

    [Fact]
    public async Task Records_can_be_flat()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { RecordForm = EmulatorRecordForm.Flat });
        string project = await emulator.ProjectAsync();
        string dataset = await emulator.DatasetAsync(project);
        await emulator.AddAsync(project, dataset, "q");

        JsonElement record = (await emulator.GetAsync(RecordsOf(project, dataset))).Data[0];

        Assert.Equal("q", record.GetProperty("input").GetString());
        Assert.False(record.TryGetProperty("attributes", out _));
        Reply change = await emulator.PatchPathAsync(RecordsOf(project, dataset), "records", $$$"""{"records":[{"id":"{{{record.GetProperty("id").GetString()}}}","input":"r"}]}""");
        Assert.Equal("r", Assert.Single(change.Data[0].GetProperty("records").EnumerateArray()).GetProperty("input").GetString());
    }

    [Fact]
    public async Task Null_leaves_a_field_and_an_empty_value_erases_it()
    {
        string id = (await _emulator.AddAsync(_project, _dataset, "a"))[0];

        // One change of tags of dd-trace-py looks like this.
        await _emulator.PostAsync(Batch, "datasets", $$$"""
            {"update_records":[{"id":"{{{id}}}","input":null,"expected_output":null,"metadata":null,"tags":null,"tag_operations":{"set":["x"]}}]}
            """);
        StoredRecord left = Assert.Single(_emulator.Store.Records(_dataset));
        Assert.Equal(("a", "about a", "test"), (
            left.Input.GetString(), left.ExpectedOutput!.Value.GetString(), left.Metadata!.Value.GetProperty("from").GetString()));
        Assert.Equal(["x"], left.Tags);

        Reply reply = await _emulator.PostAsync(Batch, "datasets", $$$"""{"update_records":[{"id":"{{{id}}}","expected_output":"","metadata":{}}]}""");
        JsonElement erased = Assert.Single(reply.Records()).GetProperty("attributes");
        Assert.False(erased.TryGetProperty("expected_output", out _));
        Assert.False(erased.TryGetProperty("metadata", out _));
    }

    [Fact]
    public async Task Records_that_stay_the_same_make_no_version()
    {
        const string Insert = """{"insert_records":[{"id":"r1","input":{"a":1},"expected_output":"e","tags":["t"]}]}""";
        await _emulator.PostAsync(Batch, "datasets", Insert);
        Reply again = await _emulator.PostAsync(Batch, "datasets", Insert);

        Assert.Equal(1, await _emulator.VersionAsync(_project, _dataset));
        Assert.Equal(1, Assert.Single(again.Records()).GetProperty("attributes").GetProperty("version").GetInt64());
        Assert.Single(_emulator.Store.Records(_dataset));

        Reply update = await _emulator.PostAsync(Batch, "datasets", """{"insert_records":[{"id":"r1","input":{"a":2}}]}""");
        JsonElement changed = Assert.Single(update.Records()).GetProperty("attributes");
        Assert.Equal(("e", 2), (changed.GetProperty("expected_output").GetString(), changed.GetProperty("version").GetInt64()));
        Assert.Equal(2, await _emulator.VersionAsync(_project, _dataset));
    }

    [Fact]
    public async Task Deleted_records_are_given_back_with_the_time()
    {
        await _emulator.AddAsync(_project, _dataset, "a", "b");
        string id = _emulator.Store.Records(_dataset)[0].Id;

        Reply reply = await _emulator.PostAsync(Batch, "datasets", $$"""{"delete_records":["{{id}}"]}""");

        JsonElement deleted = Assert.Single(reply.Records());
        Assert.Equal(id, deleted.GetProperty("id").GetString());
        Assert.True(deleted.GetProperty("attributes").TryGetProperty("deleted_at", out _));
        Assert.True(deleted.GetProperty("attributes").TryGetProperty("ttl", out _));
    }

    [Fact]
    public async Task Tags_narrow_a_list_to_records_with_any_of_them()
    {
        await _emulator.PostAsync(Batch, "datasets", """
            {"insert_records":[{"input":"a","tags":["k:1"]},{"input":"b","tags":["k:2","x"]},{"input":"c","tags":["k:3"]},{"input":"d"}]}
            """);
        Assert.Equal(["b", "a"], await _emulator.InputsAsync(_project, _dataset, "?filter[tags]=k:1&filter[tags]=k:2"));
        Assert.Empty(await _emulator.InputsAsync(_project, _dataset, "?filter[tags]=k"));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("ü")]
    [InlineData("")]
    public async Task Refuses_ids_that_the_service_does_not_take(string id)
    {
        (await _emulator.PostAsync(Batch, "datasets", $$$"""{"insert_records":[{"id":"{{{id}}}","input":1}]}"""))
            .MustRefuse(400, "/data/attributes/insert_records/0/id");
        (await _emulator.PostAsync(Batch, "datasets", $$$"""{"insert_records":[{"id":"{{{new string('a', 129)}}}","input":1}]}"""))
            .MustRefuse(400, "/data/attributes/insert_records/0/id");
    }

    [Fact]
    public async Task The_upload_of_datadogs_sdks_names_no_project_and_is_answered_with_JSON()
    {
        const string Csv = "input,expected_output,metadata,id\r\n\"{\"\"q\"\":1}\",\"\"\"yes\"\"\",{},rec-1\r\n";
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(Csv)), "file", "records.csv" } };
        string path = $"/api/unstable/llm-obs/v1/datasets/{_dataset}/records/upload?deduplicate=True";
        Reply reply = await _emulator.SendAsync("POST", path, null, request => request.Content = form);
        Assert.Equal((200, "application/vnd.api+json"), (reply.Status, reply.ContentType));
        Assert.Equal(1, reply.Attributes.GetProperty("dataset_version").GetInt64());
        Assert.Equal("rec-1", Assert.Single(_emulator.Store.Records(_dataset)).Id);
    }

    [Theory]
    [InlineData("true", 2)]
    [InlineData("false", 4)]
    [InlineData(null, 2)]
    public async Task Passes_over_inputs_that_are_there_unless_told_not_to(string? deduplicate, int count)
    {
        await _emulator.PostAsync(Records, "records", """{"records":[{"input":{"a":1}}]}""");
        string flag = deduplicate is null ? string.Empty : $"\"deduplicate\":{deduplicate},";

        Reply reply = await _emulator.PostAsync(Records, "records", $$"""{{{flag}}"records":[{"input":{ "a" : 1 },"expected_output":"other"},{"input":"b"},{"input":"b"}]}""");

        Assert.Equal(count - 1, reply.Records().Length);
        Assert.Equal(count, _emulator.Store.Records(_dataset).Count);
    }

    [Fact]
    public async Task What_changes_nothing_makes_no_version()
    {
        await _emulator.AddAsync(_project, _dataset, "a");

        Reply reply = await _emulator.PostAsync(Records, "records", """{"records":[{"input":"a"}]}""");

        Assert.Empty(reply.Records());
        Assert.Equal(1, await _emulator.VersionAsync(_project, _dataset));
    }

    [Fact]
    public async Task Lists_newest_first_in_pages()
    {
        await _emulator.AddAsync(_project, _dataset, "a", "b", "c");
        Reply first = await _emulator.GetAsync(Records + "?page[limit]=2");
        string cursor = first.Json.GetProperty("meta").GetProperty("after").GetString()!;

        Assert.Equal(["c", "b"], await _emulator.InputsAsync(_project, _dataset, "?page[limit]=2"));
        Assert.Equal(["a"], await _emulator.InputsAsync(_project, _dataset, $"?page[limit]=2&page[cursor]={cursor}"));
    }

    [Fact]
    public async Task An_update_changes_only_what_it_names()
    {
        string[] ids = await _emulator.AddAsync(_project, _dataset, "a", "b");

        Reply reply = await _emulator.PatchPathAsync(Records, "records", $$$"""{"records":[{"id":"{{{ids[1]}}}","expected_output":7,"metadata":{"n":2}}]}""");

        JsonElement changed = Assert.Single(reply.Records()).GetProperty("attributes");
        Assert.Equal("b", changed.GetProperty("input").GetString());
        Assert.Equal(7, changed.GetProperty("expected_output").GetInt32());
        Assert.Equal("""{"n":2}""", changed.GetProperty("metadata").GetRawText());
        Assert.Equal(["b", "a"], await _emulator.InputsAsync(_project, _dataset));
        (await _emulator.PatchPathAsync(Records, "records", """{"records":[{"id":"nobody","input":1}]}""")).MustRefuse(404, "/data/attributes/records/0/id");
    }

    [Fact]
    public async Task A_batch_inserts_updates_deletes_and_tags_in_one_version()
    {
        string[] ids = await _emulator.AddAsync(_project, _dataset, "a", "b");

        Reply reply = await _emulator.PostAsync(Batch, "datasets", $$$"""
            {"insert_records":[{"id":"mine","input":"c","tags":["x"]}],"update_records":[{"id":"{{{ids[0]}}}","tag_operations":{"add":["y","z"],"remove":["q"]}}],
            "delete_records":["{{{ids[1]}}}"],"tags":["all"]}
            """);
        await _emulator.PostAsync(Batch, "datasets", $$$"""{"create_new_version":false,"update_records":[{"id":"{{{ids[0]}}}","tag_operations":{"remove":["y"]}}]}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal(2, await _emulator.VersionAsync(_project, _dataset));
        StoredRecord[] records = [.. _emulator.Store.Records(_dataset)];
        Assert.Equal(["a", "c"], records.Select(record => record.Input.GetString()));
        Assert.Equal(["z"], records[0].Tags);
        Assert.Equal("mine", records[1].Id);
        Assert.Equal(["x", "all"], records[1].Tags);
    }

    [Fact]
    public async Task An_uploaded_file_is_followed_by_events()
    {
        string csv = "id,input,expected_output,metadata,tags\r\n" + string.Concat(Enumerable.Range(0, 2500).Select(row => string.Create(
            CultureInfo.InvariantCulture, $"r{row},\"\"\"question, {row}\"\"\",{row},\"{{\"\"row\"\":{row}}}\",\"[\"\"a\"\"]\"\r\n")));

        Reply reply = await UploadAsync(csv);

        Assert.Equal(200, reply.Status);
        Assert.Equal("text/event-stream", reply.ContentType);
        Assert.Equal(
            "event: progress\ndata: {\"records_created\":1000}\n\nevent: progress\ndata: {\"records_created\":2000}\n\nevent: completed\ndata: {\"records_created\":2500}\n\n",
            reply.Text);
        StoredRecord last = _emulator.Store.Records(_dataset)[^1];
        Assert.Equal(("r2499", "question, 2499", 2499), (last.Id, last.Input.GetString(), last.ExpectedOutput!.Value.GetInt32()));
        Assert.Equal(2499, last.Metadata!.Value.GetProperty("row").GetInt32());
        Assert.Equal(["a"], last.Tags);
    }

    [Fact]
    public async Task A_long_page_comes_back_whole()
    {
        string[] inputs = [.. Enumerable.Range(0, 300).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row} ") + new string('ü', row == 150 ? 200_000 : 700))];
        await UploadAsync("input\n" + string.Join('\n', inputs));

        Assert.Equal(inputs.Reverse(), await _emulator.InputsAsync(_project, _dataset));
        Assert.Equal(inputs.Reverse().Take(200), await _emulator.InputsAsync(_project, _dataset, "?page[limit]=200"));
    }

    [Fact]
    public async Task An_id_that_comes_again_in_an_upload_is_one_record()
    {
        await UploadAsync("id,input\na,1\nb,2\n");

        Reply reply = await UploadAsync("id,input\nb,3\nc,4\nb,5\nc,6\n");

        Assert.EndsWith("{\"records_created\":2}\n\n", reply.Text, StringComparison.Ordinal);
        Assert.Equal(["a=1", "b=5", "c=6"], _emulator.Store.Records(_dataset).Select(record => $"{record.Id}={record.Input.GetRawText()}"));
    }

    [Theory]
    [InlineData("", 3, "new")]
    [InlineData("?deduplicate=true", 2, "new")]
    [InlineData("?overwrite=false", 3, "old")]
    public async Task An_upload_overwrites_by_id_and_deduplicates_by_input(string query, int count, string kept)
    {
        await UploadAsync("id,input,expected_output\nx,same,old\ny,other,1\n");

        await UploadAsync("id,input,expected_output\nx,fresh,new\n,other,2\n", query);

        StoredRecord[] records = [.. _emulator.Store.Records(_dataset)];
        Assert.Equal(count, records.Length);
        Assert.Equal(kept, records[0].ExpectedOutput!.Value.GetString());
    }

    [Theory]
    [InlineData("question\nq\n", "input")]
    [InlineData("input,metadata\nq,[1]\n", "Row 1")]
    [InlineData("input,metadata\nq\n", "Row 1")]
    [InlineData("input\n\"q\n", "quote")]
    [InlineData("", "empty")]
    public async Task An_upload_that_can_not_be_read_is_refused_whole(string csv, string word)
    {
        Reply reply = await UploadAsync(csv);

        reply.MustRefuse(400, null);
        Assert.Contains(word, reply.Detail, StringComparison.Ordinal);
        Assert.Empty(_emulator.Store.Records(_dataset));
    }

    [Fact]
    public async Task An_upload_that_is_no_UTF_8_in_its_last_row_is_refused_whole()
    {
        byte[] csv = [.. "input\nfirst\n"u8, 0xFF, (byte)'\n'];
        using var form = new MultipartFormDataContent { { new ByteArrayContent(csv), "file", "records.csv" } };

        Reply reply = await _emulator.SendAsync("POST", UploadOf(_project, _dataset), null, request => request.Content = form);

        reply.MustRefuse(400, null);
        Assert.Empty(_emulator.Store.Records(_dataset));
    }

    [Fact]
    public async Task What_is_exported_can_be_uploaded_again()
    {
        await _emulator.PostAsync(Records, "records", """
            {"records":[{"input":"plain, \"quoted\"\nline","expected_output":"12"},{"input":12},{"input":{"a":[true]},"metadata":{"b":"ü"}},{"input":"[1]"},{"input":"null"}]}
            """);
        Reply export = await _emulator.GetAsync($"{DatasetsOf(_project)}/{_dataset}/export?format=csv&version=1");
        string[] before = [.. _emulator.Store.Records(_dataset).Select(Describe)];
        string copy = await _emulator.DatasetAsync(_project, "copy");

        await UploadAsync(export.Text, dataset: copy);

        Assert.Equal("text/csv", export.ContentType);
        Assert.StartsWith("id,input,expected_output,metadata,tags\r\n", export.Text, StringComparison.Ordinal);
        Assert.Equal(before, _emulator.Store.Records(copy).Select(Describe));
        Assert.Equal(400, (await _emulator.GetAsync($"{DatasetsOf(_project)}/{_dataset}/export?format=xml")).Status);
        Assert.Equal(400, (await _emulator.GetAsync($"{DatasetsOf(_project)}/{_dataset}/export?version=9")).Status);
    }

    [Theory]
    [InlineData("""{"records":[{"expected_output":1}]}""", "/data/attributes/records/0/input")]
    [InlineData("""{"records":[{"input":1},5]}""", "/data/attributes/records/1")]
    [InlineData("""{"records":{}}""", "/data/attributes/records")]
    [InlineData("""{"records":[{"input":1,"metadata":"m"}]}""", "/data/attributes/records/0/metadata")]
    [InlineData("{}", "/data/attributes/records")]
    public async Task Refuses_records_that_are_none(string attributes, string pointer)
    {
        (await _emulator.PostAsync(Records, "records", attributes)).MustRefuse(400, pointer);
        Assert.Equal(0, await _emulator.VersionAsync(_project, _dataset));
    }

    [Fact]
    public async Task Refuses_an_upload_without_a_file()
    {
        Reply reply = await _emulator.PostAsync(UploadOf(_project, _dataset), "{}");

        reply.MustRefuse(400, null);
        Assert.Contains("multipart/form-data", reply.Detail, StringComparison.Ordinal);
    }

    private static string Describe(StoredRecord record) => $"{record.Input.GetRawText()}|{record.ExpectedOutput?.GetRawText()}|{record.Metadata?.GetRawText()}";

    private async Task<Reply> UploadAsync(string csv, string query = "", string? dataset = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "records.csv" } };
        return await _emulator.SendAsync("POST", UploadOf(_project, dataset ?? _dataset) + query, null, request => request.Content = form);
    }
}
