using LlmObs.Client.Api;
using LlmObs.Client.Records;
using LlmObs.Client.Rows;

namespace LlmObs.Quickstart.Running;

/// <summary>Takes records of a file.</summary>
internal sealed class RecordIntake : IRecordSink
{
    private readonly List<RecordText> records = [];

    public IReadOnlyList<RecordText> Records => records;

    public void Take(RecordText record, RowPlace place) => records.Add(record);

    public void Reject(RowPlace place, EventRowException problem, string? text) =>
        throw new QuickstartException($"{place}: {problem.Message}.");

    public void Ignore(string? source, IReadOnlyList<string> names) =>
        throw new QuickstartException($"{source} has columns that are not sent: {string.Join(", ", names)}.");
}
