using System.Globalization;

namespace LlmObs.Client.Api;

/// <content>Datasets and their versions.</content>
public sealed partial class LlmObsClient
{
    /// <summary>"List datasets" of a project, newest first.</summary>
    /// <param name="projectId">Which project.</param>
    /// <param name="name">Only those that the service finds by this name; null for all.</param>
    /// <param name="id">Only the one of this id; null for all.</param>
    /// <returns>The pages, to be read.</returns>
    public PagedCall<Dataset> ListDatasets(string projectId, string? name = null, string? id = null) => new(
        PageSize.OfLists,
        (cursor, limit) => Get(
            new QueryString().Add("filter[id]", id).Add("filter[name]", name).AddPage(cursor, limit).Behind(DatasetsPath(projectId)),
            root => ResourceJson.ReadPage(root, item => DatasetJson.Read(item, projectId, Options.FreeForm))));

    /// <summary>"Create dataset". It is sent again only if the service certainly did not act.</summary>
    /// <param name="projectId">The project to make it in.</param>
    /// <param name="draft">The new dataset.</param>
    /// <exception cref="UnwritableValueException">The metadata can't be written as JSON.</exception>
    public ApiCall<Dataset> CreateDataset(string projectId, DatasetDraft draft) => new(
        Transport,
        HttpMethod.Post,
        DatasetsPath(projectId),
        Body(writer => DatasetJson.WriteDraft(writer, draft, Options.FreeForm)),
        RetrySafety.OnlyIfNotProcessed,
        ReadDataset(projectId));

    /// <summary>"Update dataset".</summary>
    /// <param name="projectId">The project that it is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="patch">The changes.</param>
    /// <returns>A call whose answer is null if the service sends none.</returns>
    /// <exception cref="UnwritableValueException">The metadata can't be written as JSON.</exception>
    public ApiCall<Dataset?> UpdateDataset(string projectId, string datasetId, DatasetPatch patch) => new(
        Transport,
        HttpMethod.Patch,
        DatasetPath(projectId, datasetId),
        Body(writer => DatasetJson.WritePatch(writer, patch, Options.FreeForm)),
        RetrySafety.AfterTransientFailure,
        answer => answer.TryReadJson(root => DatasetJson.Read(ResourceJson.Data(root), projectId, Options.FreeForm)));

    /// <summary>"Delete datasets" of a project, all in one request.</summary>
    /// <param name="projectId">The project that they are in.</param>
    /// <param name="datasetIds">Which datasets.</param>
    /// <returns>The call; gives the status: 204 by the documents, 200 as recorded.</returns>
    public ApiCall<int> DeleteDatasets(string projectId, IReadOnlyList<string> datasetIds) =>
        Delete($"{DatasetsPath(projectId)}/delete", DatasetJson.ResourceType, "dataset_ids", datasetIds);

    /// <summary>"Clone dataset": a new one in the same project, with the present records of another.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="sourceId">The dataset to copy.</param>
    /// <param name="draft">The new one's name and description; it takes no metadata.</param>
    /// <returns>A call that is sent again only if the service certainly did not act.</returns>
    public ApiCall<Dataset> CloneDataset(string projectId, string sourceId, DatasetDraft draft) => new(
        Transport,
        HttpMethod.Post,
        $"{DatasetPath(projectId, sourceId)}/clone",
        Body(writer => DatasetJson.WriteClone(writer, sourceId, draft, Options.FreeForm)),
        RetrySafety.OnlyIfNotProcessed,
        ReadDataset(projectId));

    /// <summary>"Restore dataset version": the records of an earlier version become those of a new one.</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="version">The version, from 0 to the current one.</param>
    /// <returns>A call that returns the status, because the answer contains nothing more.</returns>
    public ApiCall<int> RestoreDataset(string projectId, string datasetId, long version) => new(
        Transport,
        HttpMethod.Post,
        $"{DatasetPath(projectId, datasetId)}/restore",
        Body(writer => DatasetJson.WriteRestore(writer, datasetId, version)),
        RetrySafety.AfterTransientFailure,
        answer => answer.StatusCode);

    /// <summary>"List dataset versions".</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    public ApiCall<IReadOnlyList<DatasetVersion>> ListDatasetVersions(string projectId, string datasetId) => Get(
        $"{DatasetPath(projectId, datasetId)}/versions",
        root => DatasetJson.ReadVersions(root, projectId, datasetId, Options.FreeForm));

    /// <summary>"Export dataset": its records as CSV.</summary>
    /// <param name="projectId">The project that the dataset is in.</param>
    /// <param name="datasetId">Which dataset.</param>
    /// <param name="version">The version; null for the current one.</param>
    public DatasetExportCall ExportDataset(string projectId, string datasetId, long? version = null) => new(
        Transport,
        new QueryString().Add("format", "csv").Add("version", version?.ToString(CultureInfo.InvariantCulture)).Behind($"{DatasetPath(projectId, datasetId)}/export"));

    private static string DatasetsPath(string projectId) => $"api/v2/llm-obs/v1/{Segment(projectId, "project")}/datasets";

    private static string DatasetPath(string projectId, string datasetId) => $"{DatasetsPath(projectId)}/{Segment(datasetId, "dataset")}";

    private Func<ApiAnswer, Dataset> ReadDataset(string projectId) =>
        answer => answer.ReadJson(root => DatasetJson.Read(ResourceJson.Data(root), projectId, Options.FreeForm));
}

/// <summary>"Export dataset": its records as CSV, ready to be fetched.</summary>
public sealed class DatasetExportCall
{
    private readonly ApiTransport _transport;
    private readonly string _path;

    internal DatasetExportCall(ApiTransport transport, string path)
    {
        _transport = transport;
        _path = path;
    }

    /// <summary>The whole address.</summary>
    public Uri Address => _transport.AddressOf(MakeRequest(null));

    /// <summary>Fetches the file as it comes in.</summary>
    /// <param name="target">The target file; emptied first, and again before each further attempt.</param>
    /// <param name="maxBytes">The most bytes that are written; null for no limit. A small compressed answer can be a large file.</param>
    /// <param name="observer">Receives each attempt.</param>
    /// <param name="cancellation">Ends the call at once.</param>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="LlmObsException">The call failed, the file broke off with every attempt, is larger than allowed, empty or no CSV.</exception>
    /// <exception cref="UnwritableFileException">The target can't be written to.</exception>
    public async Task<long> SendAsync(FileStream target, long? maxBytes = null, IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        bool hasText = false;
        bool isFull = false;
        ApiAnswer answer = await _transport.SendAsync(MakeRequest(CopyAsync), observer, cancellation).ConfigureAwait(false);
        if (isFull)
        {
            throw FailureMessages.Of(
                FailureKind.AnswerTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"GET /{_path} was not read to its end: the file is larger than {maxBytes} bytes."),
                answer,
                null);
        }

        return hasText ? target.Length : throw answer.Unreadable("it is empty", null);

        async Task CopyAsync(Stream body, IdleTimeout idle, CancellationToken token)
        {
            (hasText, isFull) = (false, false);
            byte[] buffer = new byte[64 * 1024];
            long written = 0;
            await WriteAsync(() =>
            {
                target.SetLength(0);
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
            for (int read; (read = await BrokenCompression.ReadAsync(body, buffer, token).ConfigureAwait(false)) > 0;)
            {
                idle.Passed(read);
                written += read;
                if (isFull = written > maxBytes)
                {
                    return;
                }

                hasText |= buffer.AsSpan(0, read).IndexOfAnyExcept(" \t\r\n"u8) >= 0;
                await WriteAsync(() => target.WriteAsync(buffer.AsMemory(0, read), token)).ConfigureAwait(false);
            }

            await WriteAsync(() => new ValueTask(target.FlushAsync(token))).ConfigureAwait(false);
        }
    }

    // A full disk is no broken connection, and another attempt would not help.
    private static async ValueTask WriteAsync(Func<ValueTask> write)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new UnwritableFileException(e);
        }
    }

    private ApiRequest MakeRequest(Func<Stream, IdleTimeout, CancellationToken, Task>? receive) =>
        new(HttpMethod.Get, _path, () => null, RetrySafety.Read) { Receive = receive, Accepts = IsTable };

    // What the documents name, and what servers call a file whose kind they don't know.
    private static bool IsTable(string mediaType) =>
        mediaType.Contains("csv", StringComparison.Ordinal) || mediaType is "text/plain" or "application/octet-stream" or "binary/octet-stream";
}

/// <summary>A file that the fetched data can't be written to.</summary>
/// <param name="reason">The file system's error.</param>
public sealed class UnwritableFileException(IOException reason) : Exception(reason?.Message, reason);
