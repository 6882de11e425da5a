using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Writes the records of a dataset to a CSV file.</summary>
[Cmdlet(VerbsData.Export, "LlmObsDataset", SupportsShouldProcess = true, DefaultParameterSetName = ByPath)]
[OutputType(typeof(FileInfo))]
public sealed class ExportLlmObsDatasetCommand : DatasetCmdlet
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    /// <summary>The file. One that is there is written over, once the new one is whole.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The file, its name taken as it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>The version; the current one if it is not given.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public long? Version { get; set; }

    /// <summary>The most bytes that the file may have; a larger export is an error, and an existing file stays.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? MaxBytes { get; set; }

    /// <summary>Refuses to write over a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Writes the file's FileInfo.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(string projectId, string datasetId)
    {
        string file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(ParameterSetName == ByPath ? Path : LiteralPath, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem")
        {
            WriteError(Failures.UnwritableFile(file, $"it is on the provider {provider.Name}, not on the file system"));
            return;
        }

        DatasetExportCall call = Client.ExportDataset(projectId, datasetId, Version);
        if (!ShouldProcess(file, $"GET {call.Address}"))
        {
            return;
        }

        if (NoClobber && File.Exists(file))
        {
            WriteError(Failures.UnwritableFile(file, "it exists, and -NoClobber was given"));
            return;
        }

        RequireKeys();
        if (TryFetch(call, file) && PassThru)
        {
            WriteObject(new FileInfo(file));
        }
    }

    private bool TryFetch(DatasetExportCall call, string file)
    {
        try
        {
            using var target = ReplacementFile.Begin(SessionState, file);
            Bridge.Await(token => call.SendAsync(target.Stream, MaxBytes, new VerboseObserver(Bridge), token));
            target.Commit();
            return true;
        }
        catch (LlmObsException e)
        {
            WriteError(Failures.ToRecord(e, Dataset));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UnwritableFileException)
        {
            WriteError(Failures.UnwritableFile(file, e));
        }

        return false;
    }
}
