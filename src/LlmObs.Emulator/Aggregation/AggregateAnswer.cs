using System.Buffers;
using System.Text.Json;

namespace LlmObs.Emulator.Aggregation;

/// <summary>The result of an aggregate.</summary>
/// <param name="HitCount">The events that the query matched, before grouping.</param>
/// <param name="Buckets">The groups.</param>
internal sealed record AggregateAnswer(long HitCount, IReadOnlyList<Bucket> Buckets)
{
    public byte[] ToJson(AggregateRequest request, EmulatorMetricKey key)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, BodyJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("id", RandomIds.New());
            json.WriteString("type", "experimentation");
            json.WriteStartObject("attributes");
            json.WriteNumber("hit_count", HitCount);
            json.WriteStartObject("result");
            json.WriteStartArray("values");
            foreach (Bucket bucket in Buckets)
            {
                Write(json, bucket, request, key);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Bucket bucket, AggregateRequest request, EmulatorMetricKey key)
    {
        json.WriteStartObject();
        json.WriteStartObject("by");
        for (int index = 0; index < bucket.Key.Length; index++)
        {
            json.WritePropertyName(request.GroupBy[index]);
            bucket.Key[index].WriteTo(json);
        }

        json.WriteEndObject();
        json.WriteStartObject("metrics");
        var written = new HashSet<string>(StringComparer.Ordinal);
        for (int index = 0; index < bucket.Averages.Length; index++)
        {
            Computation computation = request.Computations[index];
            string name = key == EmulatorMetricKey.Metric ? computation.Metric : computation.Key;
            if (!written.Add(name))
            {
                continue;
            }

            json.WritePropertyName(name);
            if (bucket.Averages[index] is { } average)
            {
                json.WriteNumberValue(average);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
