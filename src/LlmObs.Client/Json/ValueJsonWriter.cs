using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmObs.Client.Json;

/// <summary>
/// Writes one value as JSON, from its root to its leaves. It keeps the path, so that an error can name
/// the place, and a cycle is found before the stack overflows.
/// </summary>
internal sealed class ValueJsonWriter(HostObjectJson host, Utf8JsonWriter writer)
{
    private const int LongestInteger = 10_000; // digits; printing takes quadratic time
    private const int LargestValue = HostObjectJson.LargestValue;

    private readonly List<string> _path = [];
    private readonly List<object> _ancestors = [];
    private readonly long _begin = writer.BytesCommitted + writer.BytesPending;

    public void Write(object? wrapped)
    {
        if (writer.BytesCommitted + writer.BytesPending - _begin > LargestValue)
        {
            throw Refuse(string.Create(CultureInfo.InvariantCulture, $"goes on beyond {LargestValue / 1024 / 1024} MiB of JSON, more than one value may have"));
        }

        object? value = host.Unwrap(wrapped);
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else if (!WriteScalar(value))
        {
            Enter(host.Identity(value, wrapped!));
            WriteComposite(value, wrapped!);
            _ancestors.RemoveAt(_ancestors.Count - 1);
        }
    }

    private bool WriteScalar(object value)
    {
        switch (value)
        {
            case string text: writer.WriteStringValue(Checked(text)); break;
            case char letter: writer.WriteStringValue(Checked(letter.ToString())); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case Enum name: writer.WriteStringValue(name.ToString()); break;
            case sbyte or short or int or long: writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case byte or ushort or uint or ulong: writer.WriteNumberValue(Convert.ToUInt64(value, CultureInfo.InvariantCulture)); break;
            case decimal exact: writer.WriteNumberValue(exact); break;
            case double number: writer.WriteNumberValue(Finite(number)); break;
            case float number: Finite(number); writer.WriteNumberValue(number); break;
            case Half number: writer.WriteNumberValue(Finite((double)number)); break;
            case BigInteger large: writer.WriteRawValue(Printed(large), skipInputValidation: true); break;
            case DateTime time: writer.WriteStringValue(Timestamps.Format(Timestamps.ToUtc(time))); break;
            case DateTimeOffset time: writer.WriteStringValue(Timestamps.Format(time)); break;
            case DateOnly date: writer.WriteStringValue(date.ToString("O", CultureInfo.InvariantCulture)); break;
            case TimeOnly time: writer.WriteStringValue(time.ToString("O", CultureInfo.InvariantCulture)); break;
            case TimeSpan duration: writer.WriteStringValue(duration.ToString("c", CultureInfo.InvariantCulture)); break;
            case Guid or Uri or Version: writer.WriteStringValue(value.ToString()); break;
            case byte[] bytes: writer.WriteBase64StringValue(bytes); break;
            case JsonElement element: WriteJson(element.WriteTo); break;
            case JsonNode node: WriteNode(node); break;
            default: return false;
        }

        return true;
    }

    private void WriteComposite(object value, object wrapped)
    {
        switch (value)
        {
            case IDictionary dictionary:
                WriteMembers(Entries(dictionary));
                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                WriteMembers(Each<KeyValuePair<string, object?>>(pairs.GetEnumerator));
                break;
            case IEnumerable list when HostObjectJson.IsList(list):
                WriteItems(Each<object?>(list.GetEnumerator));
                break;
            default:
                IEnumerable<KeyValuePair<string, object?>> members = (value is IEnumerable ? null : host.Members(value, wrapped))
                    ?? throw Refuse($"is of type {value.GetType()}, which has no form in JSON; pass text, a number, a hashtable or a list");
                WriteMembers(Each<KeyValuePair<string, object?>>(members.GetEnumerator));
                break;
        }
    }

    private void WriteMembers(IEnumerable<KeyValuePair<string, object?>> members)
    {
        writer.WriteStartObject();
        foreach ((string name, object? member) in members)
        {
            _path.Add("." + name);
            writer.WritePropertyName(Checked(name));
            Write(member);
            _path.RemoveAt(_path.Count - 1);
        }

        writer.WriteEndObject();
    }

    private void WriteItems(IEnumerable<object?> list)
    {
        writer.WriteStartArray();
        int index = 0;
        foreach (object? item in list)
        {
            _path.Add(string.Create(CultureInfo.InvariantCulture, $"[{index++}]"));
            Write(item);
            _path.RemoveAt(_path.Count - 1);
        }

        writer.WriteEndArray();
    }

    private IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary dictionary)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Each<DictionaryEntry>(dictionary.GetEnumerator))
        {
            object? key = host.Unwrap(entry.Key);
            string name = HostObjectJson.NameOf(key) ?? throw Refuse($"has a key of type {key?.GetType().ToString() ?? "null"}; JSON keys are text");
            if (!seen.Add(name))
            {
                throw Refuse($"has the key '{name}' twice");
            }

            yield return new(name, entry.Value);
        }
    }

    /// <summary>Enumerates items of foreign code, which may throw at any of them.</summary>
    private IEnumerable<T> Each<T>(Func<IEnumerator> open)
    {
        IEnumerator items = Guarded(open);
        try
        {
            Func<bool> moveNext = items.MoveNext;
            Func<T> current = () => (T)items.Current!;
            while (Guarded(moveNext))
            {
                yield return Guarded(current);
            }
        }
        finally
        {
            (items as IDisposable)?.Dispose();
        }
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnwritableValueException e)
        {
            throw new UnwritableValueException("$" + string.Concat(_path) + e.Path[1..], e.Reason); // the host knows no path
        }
        catch (Exception e) when (!host.IsStop(e))
        {
            throw Refuse($"could not be read: {e.Message.TrimEnd('.')}");
        }
    }

    private void WriteNode(JsonNode node) => WriteJson(to => node.WriteTo(to));

    private void WriteJson(Action<Utf8JsonWriter> write)
    {
        try
        {
            write(writer);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or JsonException)
        {
            throw Refuse($"can't be written as JSON again: {e.Message.TrimEnd('.')}");
        }
    }

    private string Printed(BigInteger number) => BigInteger.Abs(number).GetBitLength() < LongestInteger * 3.32
        ? number.ToString(CultureInfo.InvariantCulture)
        : throw Refuse(string.Create(CultureInfo.InvariantCulture, $"is a number of more than {LongestInteger} digits"));

    private void Enter(object value)
    {
        if (_ancestors.Count >= HostObjectJson.MaxDepth)
        {
            throw Refuse($"is nested deeper than {HostObjectJson.MaxDepth} levels");
        }

        if (!value.GetType().IsValueType && _ancestors.Any(ancestor => ReferenceEquals(ancestor, value)))
        {
            throw Refuse("contains itself");
        }

        _ancestors.Add(value);
    }

    private double Finite(double number) =>
        double.IsFinite(number) ? number : throw Refuse($"is {number.ToString(CultureInfo.InvariantCulture)}, {NumberWords.NoNumber}");

    private string Checked(string text) => SurrogatePairs.AreWhole(text) ? text : throw Refuse(SurrogatePairs.Half);

    private UnwritableValueException Refuse(string reason) => new("$" + string.Concat(_path), reason);
}

/// <summary>A value that can't be written as JSON.</summary>
/// <param name="path">If it is, from the value's root: <c>$.messages[2].content</c>.</param>
/// <param name="reason">The problem.</param>
public sealed class UnwritableValueException(string path, string reason) : Exception($"{path} {reason}")
{
    /// <summary>The path to the value, from the root.</summary>
    public string Path { get; } = path;

    /// <summary>The problem, without the path.</summary>
    public string Reason { get; } = reason;
}
