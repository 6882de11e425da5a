using System.Management.Automation;

namespace LlmObs.PowerShell.Sending;

/// <summary>One call of Add-LlmObsDatasetRecord: it feeds a <see cref="RecordIntake"/>, sends its requests, and writes its reports.</summary>
internal sealed class RecordIntakeHost : IRecordSink, IDisposable
{
    private readonly LlmObsCmdlet _cmdlet;
    private readonly AsyncPipelineBridge _bridge;
    private readonly RecordIntake _intake;
    private RecordProgress? _progress;

    public RecordIntakeHost(LlmObsCmdlet cmdlet, AsyncPipelineBridge bridge, LlmObsClient client, RecordIntakeSettings settings)
    {
        _cmdlet = cmdlet;
        _bridge = bridge;
        _intake = new RecordIntake(client, settings, new Listener(this, client));
    }

    /// <summary>The piped object that rows now come from; null for a file.</summary>
    public PSObject? Source { get; set; }

    public void Take(RecordText record, RowPlace place)
    {
        if (_bridge.Stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        try
        {
            _intake.Take(record, place);
        }
        catch (RecordFileException e)
        {
            _cmdlet.ThrowTerminatingError(Failures.NoTemporaryFile(e));
        }
    }

    public void Reject(RowPlace place, EventRowException problem, string? text) => _intake.Reject(place, problem, text);

    public void Ignore(string? source, IReadOnlyList<string> names) => _intake.Ignore(source, names);

    public void Warn(string warning) => _cmdlet.WriteWarning(warning);

    /// <summary>Sends the records so far.</summary>
    /// <returns>The result; null if nothing was sent and nothing failed.</returns>
    public RecordResult? Complete()
    {
        try
        {
            foreach (RecordsRequest request in _intake.Finish())
            {
                if (_cmdlet.ShouldSend(request.Describe, "Add records"))
                {
                    Send(request);
                }
            }
        }
        catch (RecordFileException e)
        {
            _cmdlet.ThrowTerminatingError(Failures.NoTemporaryFile(e));
        }

        return _intake.Result();
    }

    public void Dispose() => _intake.Dispose();

    private void Send(RecordsRequest request)
    {
        _progress = request.IsUpload ? new RecordProgress(_bridge, request.Count) : null;
        _progress?.Begin();
        try
        {
            _bridge.Await(request.SendAsync);
        }
        finally
        {
            _progress?.End();
            _bridge.Drain();
        }
    }

    private sealed class Listener(RecordIntakeHost host, LlmObsClient client) : VerboseObserver(host._bridge), IRecordIntakeListener
    {
        public void OnRefused(RefusedRecords rows) => host._cmdlet.WriteError(rows.AreRest
            ? Failures.RepeatedEvents(rows.Place, rows.Count, rows.Problem)
            : Failures.InvalidRecord(rows.Place, rows.Problem, (object?)host.Source ?? rows.Text));

        public void OnIgnored(string? source, IReadOnlyList<string> names) => host._cmdlet.WriteWarning(Warnings.NoFieldsOfRecord(source, names));

        public void OnFailed(FailedRecords records)
        {
            ResolvedNameCache.Of(client).InvalidateAfter(records.Failure);
            host._bridge.Post(to => to.WriteError(Failures.RecordsNotAdded(records)));
        }

        public void OnWritten(long count) => host._progress?.Say(count);

        public void OnTrouble(string message) => host._bridge.Post(to => to.WriteWarning(message));
    }
}
