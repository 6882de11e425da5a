using System.Globalization;
using System.Text.Json;

namespace LlmObs.Emulator.Events;

/// <summary>
/// Typed reads of one event's members from the token stream. The first problem is kept in <see cref="Problem"/>, and
/// its pointer is only put together then.
/// </summary>
/// <param name="list"><c>spans</c> or <c>metrics</c>.</param>
/// <param name="index">The event's place in that list.</param>
internal ref struct EventMembers(string list, int index)
{
    private uint _seen;
    private uint _given;

    public Problem? Problem { get; private set; }

    /// <summary>Notes a known member and moves to its value.</summary>
    /// <param name="reader">At the member's name.</param>
    /// <param name="name">The member.</param>
    /// <param name="number">Its number among the known ones, below 32.</param>
    /// <returns>True if there is a value to read: not for null, and not if it is there twice.</returns>
    public bool Enter(ref Utf8JsonReader reader, string name, int number)
    {
        reader.Read();
        uint bit = 1u << number;
        if ((_seen & bit) != 0)
        {
            Problem = Json.Problem.BadRequest($"'{name}' is there twice.", PointerTo(name));
            return false;
        }

        _seen |= bit;
        bool given = reader.TokenType != JsonTokenType.Null;
        _given |= given ? bit : 0;
        return given;
    }

    public readonly bool IsGiven(int number) => (_given & (1u << number)) != 0;

    public readonly string PointerTo(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"/data/attributes/{list}/{index}/{name}");

    public void Refuse(string name, string detail) => Problem = Json.Problem.BadRequest(detail, PointerTo(name));

    /// <summary>Asks for a member; the first one missing is the problem.</summary>
    public void Require(string name, int number)
    {
        if (Problem is null && !IsGiven(number))
        {
            Problem = Json.Problem.Missing(name, PointerTo(name));
        }
    }

    public TextSlice Text(ref Utf8JsonReader reader, string name, bool mayBeEmpty = true)
    {
        if (!Expect(ref reader, name, JsonTokenType.String))
        {
            return default;
        }

        if (!mayBeEmpty && reader.ValueSpan.IsEmpty)
        {
            Refuse(name, $"'{name}' must not be empty.");
        }

        return new TextSlice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);
    }

    public long Integer(ref Utf8JsonReader reader, string name, long least = long.MinValue)
    {
        if (!Expect(ref reader, name, JsonTokenType.Number))
        {
            return 0;
        }

        if (!reader.TryGetInt64(out long value))
        {
            Refuse(name, $"'{name}' must be a 64-bit integer.");
        }
        else if (value < least)
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"'{name}' must be at least {least}."));
        }

        return value;
    }

    public double? Number(ref Utf8JsonReader reader, string name)
    {
        if (!Expect(ref reader, name, JsonTokenType.Number))
        {
            return null;
        }

        if (!reader.TryGetDouble(out double value) || !double.IsFinite(value))
        {
            Refuse(name, $"'{name}' is too large for a 64-bit floating point number.");
        }

        return value;
    }

    public bool? Boolean(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return reader.GetBoolean();
        }

        Wrong(ref reader, name, "a boolean");
        return null;
    }

    /// <summary>Checks that the value is an object and passes over it.</summary>
    public void Object(ref Utf8JsonReader reader, string name)
    {
        if (Expect(ref reader, name, JsonTokenType.StartObject))
        {
            reader.Skip();
        }
    }

    /// <summary>Checks an object's members that have to be texts and passes over the others.</summary>
    public void ObjectOfTexts(ref Utf8JsonReader reader, string name, params ReadOnlySpan<string> members)
    {
        if (!Expect(ref reader, name, JsonTokenType.StartObject))
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? member = Find(ref reader, members);
            reader.Read();
            if (member is not null && reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
            {
                Wrong(ref reader, $"{name}/{member}", "a string");
                return;
            }

            reader.Skip();
        }
    }

    public void Tags(ref Utf8JsonReader reader)
    {
        if (!Expect(ref reader, "tags", JsonTokenType.StartArray))
        {
            return;
        }

        for (int tag = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; tag++)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                Wrong(ref reader, "tags/" + tag.ToString(CultureInfo.InvariantCulture), "a string");
                return;
            }
        }
    }

    public void Wrong(ref Utf8JsonReader reader, string name, string expected)
    {
        string last = name[(name.LastIndexOf('/') + 1)..];
        Problem = Json.Problem.WrongType(last, expected, BodyJson.NameOf(reader.TokenType), PointerTo(name));
    }

    public bool Expect(ref Utf8JsonReader reader, string name, JsonTokenType expected)
    {
        if (reader.TokenType == expected)
        {
            return true;
        }

        Wrong(ref reader, name, BodyJson.NameOf(expected));
        return false;
    }

    private static string? Find(ref Utf8JsonReader reader, scoped ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (reader.ValueTextEquals(name))
            {
                return name;
            }
        }

        return null;
    }
}

/// <summary>The rules that depend on when a request arrives.</summary>
/// <param name="OldestTimestampMs">The oldest time a metric may have, in ms since the epoch; null for any.</param>
internal readonly record struct EventRules(long? OldestTimestampMs)
{
    private static readonly TimeSpan OldestAge = TimeSpan.FromHours(24);

    /// <summary>The live service's refusal, word for word as recorded.</summary>
    public static Problem TooOld { get; } = new(
        400,
        "Key: 'ExperimentEvalMetricEvent.EvalMetricBase.TimestampMs' Error:Field validation for 'TimestampMs' failed on the 'timestamp_within_24hr' tag")
    {
        Title = "Generic Error",
        NamesStatus = false,
    };

    /// <summary>No rule: for events that were accepted before.</summary>
    public static EventRules None => new(null);

    public static EventRules At(DateTimeOffset now) => new((now - OldestAge).ToUnixTimeMilliseconds());

    public bool Refuses(long timestampMs) => timestampMs < OldestTimestampMs;
}

/// <summary>Words to text and back.</summary>
internal static class EventWords
{
    public static string? TextOf(EventWord word) => word switch
    {
        EventWord.Score => MetricType.Score,
        EventWord.Categorical => MetricType.Categorical,
        EventWord.Boolean => MetricType.Boolean,
        EventWord.Json => MetricType.Json,
        EventWord.Pass => MetricAssessment.Pass,
        EventWord.Fail => MetricAssessment.Fail,
        _ => null,
    };

    public static EventWord OfType(ref System.Text.Json.Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("score"u8))
        {
            return EventWord.Score;
        }

        if (reader.ValueTextEquals("categorical"u8))
        {
            return EventWord.Categorical;
        }

        if (reader.ValueTextEquals("boolean"u8))
        {
            return EventWord.Boolean;
        }

        return reader.ValueTextEquals("json"u8) ? EventWord.Json : EventWord.None;
    }

    public static EventWord OfAssessment(ref System.Text.Json.Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("pass"u8))
        {
            return EventWord.Pass;
        }

        return reader.ValueTextEquals("fail"u8) ? EventWord.Fail : EventWord.None;
    }
}

/// <summary>The words that the API allows in a metric's type and assessment.</summary>
internal enum EventWord : byte
{
    None,
    Score,
    Categorical,
    Boolean,
    Json,
    Pass,
    Fail,
}
