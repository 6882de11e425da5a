using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace LlmObs.PowerShell.Input;

/// <summary>Finds the events in piped input: typed events, objects, hashtables, JSON text, payloads, and lists of these.</summary>
internal sealed class PipelineEvents
{
    private const int MaxDepth = 32; // lists in lists, envelopes in envelopes

    private readonly IEventRowSink _sink;
    private readonly bool _isTable;
    private readonly ObjectRow _row;
    private readonly JsonEventReader _json;
    private readonly MapperQueue? _handover;
    private readonly string _rowPath;
    private long _rowNumber;
    private int _depth;

    /// <param name="sink">Takes the events.</param>
    /// <param name="jsonColumns">The columns whose text is JSON.</param>
    /// <param name="isTable">True if each object is a row of an evaluation table.</param>
    /// <param name="rowPath">The path to the rows in each object; empty if the objects are the rows.</param>
    /// <param name="handover">Has rows mapped on another thread.</param>
    public PipelineEvents(IEventRowSink sink, IReadOnlySet<string> jsonColumns, bool isTable, string rowPath = "", MapperQueue? handover = null)
    {
        _rowPath = rowPath;
        _handover = rowPath.Length == 0 ? handover : null;
        _sink = sink;
        _isTable = isTable;
        _row = new ObjectRow(jsonColumns, isTable, names => sink.Ignore(null, names));
        _json = new JsonEventReader(sink, source: null, isTable, rowPath);
    }

    /// <summary>Reads one piped object.</summary>
    public void Read(PSObject input)
    {
        _rowNumber++;
        if (_handover is not null && _row.CanCapture)
        {
            if (_handover.TryTake(_row, input, _rowNumber))
            {
                return;
            }

            _handover.End();
        }

        var place = new RowPlace(null, _rowNumber);
        if (_rowPath.Length > 0 && input.BaseObject is not (string or JsonElement))
        {
            ReadRows(input, _rowPath, place);
            return;
        }

        ReadOne(input, place, kind: null);
    }

    private void ReadRows(PSObject input, string path, RowPlace place)
    {
        if (path.Length == 0)
        {
            ReadOne(input, place, kind: null);
            return;
        }

        bool any = false;
        foreach ((object? value, string rest) in ObjectMembers.On(input, path))
        {
            any = true;
            if (value is not null)
            {
                ReadRows(PSObject.AsPSObject(value), rest, place);
            }
        }

        if (!any)
        {
            string names = string.Join(", ", ObjectMembers.Of(input).Select(member => member.Name).Take(20));
            _sink.Reject(place, new EventRowException(string.Empty, $"it has no '{path}' to read rows from{(names.Length > 0 ? "; it has " + names : string.Empty)}"), text: null);
        }
    }

    private void ReadOne(PSObject input, RowPlace place, EventKind? kind)
    {
        switch (input.BaseObject)
        {
            case Span or Metric or ExperimentSpan or ExperimentMetric when _isTable:
                _sink.Reject(place, new EventRowException(string.Empty, "it is already an event; the column parameters are for rows of a table"), text: null);
                break;
            case Span span:
                _sink.Accept(new SpanRow(span, place, PSObjectJson.UnwrapCell), EventKind.Span);
                break;
            case Metric metric:
                _sink.Accept(new MetricRow(metric, place, PSObjectJson.UnwrapCell), EventKind.Metric);
                break;
            case ExperimentSpan span:
                _sink.Accept(new ExperimentSpanRow(span, place, PSObjectJson.UnwrapCell), EventKind.Span);
                break;
            case ExperimentMetric metric:
                _sink.Accept(new ExperimentMetricRow(metric, place, PSObjectJson.UnwrapCell), EventKind.Metric);
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
            case IEnumerable list when HostObjectJson.IsList(list):
                ReadItems(list, place, kind);
                break;
            case Experiment:
                _sink.Reject(place, new EventRowException(string.Empty, "an experiment is not an event; to send a file to it, name the file with -Path: $experiment | Send-LlmObsEvent -Path FILE"), text: null);
                break;
            case var other when other.GetType().IsPrimitive || other is decimal or DateTime or DateTimeOffset or TimeSpan or Guid:
                _sink.Reject(place, new EventRowException(string.Empty, $"an event is an object with the fields of a span or a metric, not of type {other.GetType().Name}"), text: null);
                break;
            case IEnumerable other:
                _sink.Reject(place, new EventRowException(string.Empty, $"an event is an object with the fields of a span or a metric, not of type {other.GetType().Name}"), text: null);
                break;
            default:
                ReadObject(input, place, kind);
                break;
        }
    }

    private void ReadItems(IEnumerable list, RowPlace place, EventKind? kind)
    {
        if (_depth == MaxDepth)
        {
            _sink.Reject(place, new EventRowException(string.Empty, "it is a list that contains itself, or endlessly nested lists"), text: null);
            return;
        }

        _depth++;
        IEnumerator? items = null;
        try
        {
            while (TryMoveNext(list, ref items, place, out object? item))
            {
                ReadItem(item, place, kind);
            }
        }
        finally
        {
            _depth--;
            (items as IDisposable)?.Dispose();
        }
    }

    /// <summary>The list may be others' code. What it throws is an error of this row; what reading a row throws is not caught here.</summary>
    private bool TryMoveNext(IEnumerable list, ref IEnumerator? items, RowPlace place, out object? item)
    {
        item = null;
        try
        {
            items ??= list.GetEnumerator();
            bool moved = items.MoveNext();
            item = moved ? items.Current : null;
            return moved;
        }
        catch (Exception e) when (e is not (PipelineStoppedException or OperationCanceledException))
        {
            _sink.Reject(place, new EventRowException(string.Empty, $"enumerating its list failed: {e.Message.TrimEnd('.')}"), text: null);
            return false;
        }
    }

    private void ReadItem(object? item, RowPlace place, EventKind? kind)
    {
        if (item is null)
        {
            _sink.Reject(place, new EventRowException(string.Empty, "an event is an object, not null"), text: null);
        }
        else
        {
            ReadOne(PSObject.AsPSObject(item), place, kind);
        }
    }

    // Blank lines are no rows: Get-Content gives them for the empty lines of a file.
    private void ReadText(byte[] text, RowPlace place)
    {
        if (text.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) >= 0)
        {
            _json.ReadText(text, place);
        }
    }

    private void ReadObject(PSObject input, RowPlace place, EventKind? kind)
    {
        try
        {
            _row.Load(input, place);
        }
        catch (EventRowException problem)
        {
            _sink.Reject(place, problem, text: null);
            return;
        }

        if (kind is null && _row.MayBePayload && TryReadPayload(input, place))
        {
            return;
        }

        _row.TellUnknown();
        _sink.Accept(_row, kind);
    }

    private bool TryReadPayload(PSObject input, RowPlace place)
    {
        foreach (string envelope in PayloadShape.Envelopes)
        {
            if (Member(input, envelope) is { } inner && (inner.BaseObject is PSCustomObject or IDictionary))
            {
                return TryReadInner(inner, place);
            }
        }

        bool found = false;
        foreach ((string name, EventKind kind) in PayloadShape.Lists)
        {
            if (Member(input, name) is { BaseObject: IList list })
            {
                found = true;
                ReadItems(list, place, kind);
            }
        }

        return found;
    }

    /// <summary>Reads the payload in an envelope; one that lies in itself has none.</summary>
    private bool TryReadInner(PSObject inner, RowPlace place)
    {
        if (_depth == MaxDepth)
        {
            return false;
        }

        _depth++;
        try
        {
            return TryReadPayload(inner, place);
        }
        finally
        {
            _depth--;
        }
    }

    private static PSObject? Member(PSObject input, string name)
    {
        object? value = input.BaseObject is IDictionary dictionary
            ? dictionary.Contains(name) ? dictionary[name] : null
            : input.Properties[name] is { MemberType: PSMemberTypes.NoteProperty } property ? property.Value : null;
        return value is null ? null : PSObject.AsPSObject(value);
    }
}
