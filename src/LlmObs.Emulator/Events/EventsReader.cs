using System.Text.Json;

namespace LlmObs.Emulator.Events;

/// <summary>Checks the body of an events request and finds its events, in one pass over the bytes.</summary>
internal static class EventsReader
{
    private const string TagsPointer = "/data/attributes/tags";

    /// <summary>Reads a body.</summary>
    /// <param name="body">The bytes; kept by the result.</param>
    /// <param name="rules">The rules of its time.</param>
    /// <param name="events">Its events; incomplete if there is a problem.</param>
    /// <returns>The first problem; null if there is none.</returns>
    public static Problem? Read(byte[] body, EventRules rules, out ParsedEvents events)
    {
        events = new ParsedEvents(body);
        if (BodyJson.CheckCharacters(body) is { } problem)
        {
            return problem;
        }

        try
        {
            var reader = new Utf8JsonReader(body, BodyJson.ReaderOptions);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return Envelope.WrongRoot(BodyJson.NameOf(reader.TokenType));
            }

            problem = ReadRoot(ref reader, rules, events);
            if (problem is null)
            {
                events.PutOnOneLine();
            }

            return problem;
        }
        catch (JsonException failure)
        {
            return BodyJson.Malformed(failure);
        }
    }

    private static Problem? ReadRoot(ref Utf8JsonReader reader, EventRules rules, ParsedEvents events)
    {
        bool seen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            if (!isData)
            {
                reader.Skip();
                continue;
            }

            Problem? problem = Once("data", "/data", ref seen)
                ?? ReadOptional(ref reader, "data", "/data", JsonTokenType.StartObject, out bool given)
                ?? (given ? ReadData(ref reader, rules, events) : Problem.Missing("data", "/data"));
            if (problem is not null)
            {
                return problem;
            }
        }

        // What follows the root's end, if anything, is found here.
        reader.Read();
        return seen ? null : Problem.Missing("data", "/data");
    }

    private static Problem? ReadData(ref Utf8JsonReader reader, EventRules rules, ParsedEvents events)
    {
        bool typeSeen = false, attributesSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Problem? problem = null;
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                problem = Once("type", "/data/type", ref typeSeen) ?? ReadType(ref reader);
            }
            else if (reader.ValueTextEquals("attributes"u8))
            {
                reader.Read();
                problem = Once("attributes", "/data/attributes", ref attributesSeen)
                    ?? ReadOptional(ref reader, "attributes", "/data/attributes", JsonTokenType.StartObject, out bool given)
                    ?? (given ? ReadAttributes(ref reader, rules, events) : Problem.Missing("attributes", "/data/attributes"));
            }
            else
            {
                reader.Read();
                reader.Skip();
            }

            if (problem is not null)
            {
                return problem;
            }
        }

        if (!typeSeen)
        {
            return Problem.Missing("type", "/data/type");
        }

        return attributesSeen ? null : Problem.Missing("attributes", "/data/attributes");
    }

    /// <summary>The documented type is <c>events</c>; Datadog's own SDKs send <c>experiments</c> and are accepted.</summary>
    private static Problem? ReadType(ref Utf8JsonReader reader)
    {
        if (ReadOptional(ref reader, "type", "/data/type", JsonTokenType.String, out bool given) is { } problem)
        {
            return problem;
        }

        if (!given)
        {
            return Problem.Missing("type", "/data/type");
        }

        return reader.ValueTextEquals("events"u8) || reader.ValueTextEquals("experiments"u8)
            ? null
            : Envelope.WrongType(reader.GetString()!, "'events' or 'experiments'");
    }

    private static Problem? ReadAttributes(ref Utf8JsonReader reader, EventRules rules, ParsedEvents events)
    {
        bool spansSeen = false, metricsSeen = false, tagsSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool spans = reader.ValueTextEquals("spans"u8);
            bool metrics = !spans && reader.ValueTextEquals("metrics"u8);
            bool tags = !spans && !metrics && reader.ValueTextEquals("tags"u8);
            reader.Read();
            if (tags)
            {
                if ((Once("tags", TagsPointer, ref tagsSeen) ?? ReadTags(ref reader, events)) is { } flaw)
                {
                    return flaw;
                }

                continue;
            }

            if (!spans && !metrics)
            {
                reader.Skip();
                continue;
            }

            string name = spans ? "spans" : "metrics";
            string pointer = "/data/attributes/" + name;
            Problem? problem = (spans ? Once(name, pointer, ref spansSeen) : Once(name, pointer, ref metricsSeen))
                ?? ReadOptional(ref reader, name, pointer, JsonTokenType.StartArray, out bool given)
                ?? (given ? ReadList(ref reader, spans, rules, events) : null);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static Problem? ReadTags(ref Utf8JsonReader reader, ParsedEvents events)
    {
        if (ReadOptional(ref reader, "tags", TagsPointer, JsonTokenType.StartArray, out bool given) is { } problem)
        {
            return problem;
        }

        while (given && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                string pointer = FormattableString.Invariant($"{TagsPointer}/{events.Tags.Count}");
                return Problem.WrongType("tags", "a list of strings", BodyJson.NameOf(reader.TokenType), pointer);
            }

            events.Tags.Add(reader.GetString()!);
        }

        return null;
    }

    private static Problem? ReadList(ref Utf8JsonReader reader, bool spans, EventRules rules, ParsedEvents events)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (spans)
            {
                if (SpanReader.Read(ref reader, events.Spans.Count, out ParsedSpan span) is { } problem)
                {
                    return problem;
                }

                events.Spans.Add(span);
            }
            else
            {
                if (MetricReader.Read(ref reader, events.Metrics.Count, rules, out ParsedMetric metric) is { } problem)
                {
                    return problem;
                }

                events.Metrics.Add(metric);
            }
        }

        return null;
    }

    private static Problem? Once(string name, string pointer, ref bool seen)
    {
        if (seen)
        {
            return Problem.BadRequest($"'{name}' is there twice.", pointer);
        }

        seen = true;
        return null;
    }

    private static Problem? ReadOptional(
        ref Utf8JsonReader reader, string name, string pointer, JsonTokenType expected, out bool given)
    {
        given = reader.TokenType == expected;
        return given || reader.TokenType == JsonTokenType.Null
            ? null
            : Problem.WrongType(name, BodyJson.NameOf(expected), BodyJson.NameOf(reader.TokenType), pointer);
    }
}
