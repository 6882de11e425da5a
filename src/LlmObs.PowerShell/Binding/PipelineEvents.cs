using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using LlmObs.Client;
using LlmObs.PowerShell.Pipeline;

namespace LlmObs.PowerShell.Binding;

/// <summary>Finds the events in what is piped: typed events, objects, hashtables, JSON text, payloads, and lists of these.</summary>
internal sealed class PipelineEvents
{
    private static readonly string[] EnvelopeMembers = ["data", "attributes"];
    private static readonly (string Name, EventKind Kind)[] Lists = [("spans", EventKind.Span), ("metrics", EventKind.Metric)];

    private readonly IEventRowSink sink;
    private readonly bool isTable;
    private readonly ObjectRow row;
    private readonly JsonEventReader json;
    private readonly RowHandover? handover;
    private long rowNumber;

    public PipelineEvents(IEventRowSink sink, IReadOnlySet<string> jsonColumns, bool isTable, RowHandover? handover)
    {
        this.handover = handover;
        this.sink = sink;
        this.isTable = isTable;
        row = new ObjectRow(jsonColumns, isTable, names => sink.Ignore(null, names));
        json = new JsonEventReader(sink, source: null, isTable);
    }

    /// <summary>Reads one piped object.</summary>
    [MethodImpl(HotPath.Compiled)]
    public void Read(PSObject input)
    {
        rowNumber++;
        if (handover is not null && row.CanCapture)
        {
            if (handover.TryTake(row, input, rowNumber))
            {
                return;
            }

            handover.End();
        }

        ReadOne(input, new RowPlace(null, rowNumber), kind: null);
    }

    [MethodImpl(HotPath.Compiled)]
    private void ReadOne(PSObject input, RowPlace place, EventKind? kind)
    {
        switch (input.BaseObject)
        {
            case Span or Metric when isTable:
                sink.Reject(place, new EventRowException(string.Empty, "it is an event already; the column parameters are for rows of a table"), text: null);
                break;
            case Span span:
                sink.Accept(new SpanRow(span, place, PowerShellFreeForm.UnwrapCell), EventKind.Span);
                break;
            case Metric metric:
                sink.Accept(new MetricRow(metric, place, PowerShellFreeForm.UnwrapCell), EventKind.Metric);
                break;
            case string text:
                ReadText(Encoding.UTF8.GetBytes(text), place);
                break;
            case JsonElement element:
                ReadText(Encoding.UTF8.GetBytes(element.GetRawText()), place);
                break;
            case IDictionary or PSCustomObject:
                ReadObject(input, place, kind);
                break;
            case IEnumerable list:
                foreach (object? item in list)
                {
                    ReadItem(item, place, kind);
                }

                break;
            case Experiment:
                sink.Reject(place, new EventRowException(string.Empty, "an experiment is no event; to send a file to it, name the file with -Path: $experiment | Send-LlmObsEvent -Path FILE"), text: null);
                break;
            case var other when other.GetType().IsPrimitive || other is decimal or DateTime or DateTimeOffset or TimeSpan or Guid:
                sink.Reject(place, new EventRowException(string.Empty, $"an event is an object with the fields of a span or a metric, not of type {other.GetType().Name}"), text: null);
                break;
            default:
                ReadObject(input, place, kind);
                break;
        }
    }

    private void ReadItem(object? item, RowPlace place, EventKind? kind)
    {
        if (item is null)
        {
            sink.Reject(place, new EventRowException(string.Empty, "an event is an object, not null"), text: null);
        }
        else
        {
            ReadOne(PSObject.AsPSObject(item), place, kind);
        }
    }

    // Blank lines are no rows: Get-Content gives them for the empty lines of a file.
    [MethodImpl(HotPath.Compiled)]
    private void ReadText(byte[] text, RowPlace place)
    {
        if (text.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) >= 0)
        {
            json.ReadText(text, place);
        }
    }

    [MethodImpl(HotPath.Compiled)]
    private void ReadObject(PSObject input, RowPlace place, EventKind? kind)
    {
        try
        {
            row.Load(input, place);
        }
        catch (EventRowException problem)
        {
            sink.Reject(place, problem, text: null);
            return;
        }

        if (kind is null && row.MayBePayload && TryReadPayload(input, place))
        {
            return;
        }

        row.TellUnknown();
        sink.Accept(row, kind);
    }

    private bool TryReadPayload(PSObject input, RowPlace place)
    {
        foreach (string envelope in EnvelopeMembers)
        {
            if (Member(input, envelope) is { } inner && (inner.BaseObject is PSCustomObject or IDictionary))
            {
                return TryReadPayload(inner, place);
            }
        }

        bool found = false;
        foreach ((string name, EventKind kind) in Lists)
        {
            if (Member(input, name) is { BaseObject: IList list })
            {
                found = true;
                foreach (object? item in list)
                {
                    ReadItem(item, place, kind);
                }
            }
        }

        return found;
    }

    private static PSObject? Member(PSObject input, string name)
    {
        object? value = input.BaseObject is IDictionary dictionary
            ? dictionary.Contains(name) ? dictionary[name] : null
            : input.Properties[name] is { MemberType: PSMemberTypes.NoteProperty } property ? property.Value : null;
        return value is null ? null : PSObject.AsPSObject(value);
    }
}
