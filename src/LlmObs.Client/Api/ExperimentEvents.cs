using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>Events of an experiment out of a document that is at hand, in the form in which the API answers.</summary>
public static class ExperimentEvents
{
    /// <summary>Reads an answer of "list events".</summary>
    /// <param name="json">The answer, UTF-8.</param>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="freeForm">How free-form values are read.</param>
    /// <returns>The spans with their metrics, and the metrics of the experiment as a whole.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="FormatException">It is no answer of that kind.</exception>
    public static (IReadOnlyList<ExperimentSpan> Spans, IReadOnlyList<ExperimentMetric> Summary) Read(ReadOnlyMemory<byte> json, string experimentId, HostObjectJson freeForm)
    {
        ExperimentEventsJson events = new(experimentId, withSuperseded: false, freeForm);
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonDefaults.AnswerDepth });
        return (events.ReadSpans(document.RootElement).Items, events.ReadSummary(document.RootElement));
    }
}
