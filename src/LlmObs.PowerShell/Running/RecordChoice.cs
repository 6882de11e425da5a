using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>The selection of a dataset's records.</summary>
internal sealed record RecordChoice
{
    /// <summary>Only those with one of these tags; empty for all.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Only the first so many.</summary>
    public int? First { get; init; }

    /// <summary>Only so many at random.</summary>
    public int? Sample { get; init; }

    public int Seed { get; init; }

    /// <summary>Only one of so many parts.</summary>
    public RunShard? Part { get; init; }

    /// <summary>Only those with these ids; null for all.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Its form in a result file, so that a run continues with the same records.</summary>
    /// <returns>A JSON object; none if it is all records.</returns>
    public RawJson ToJson()
    {
        if (IsAll)
        {
            return default;
        }

        var members = new OrderedDictionary<string, object?>();
        void Add(string name, object? value, bool isGiven)
        {
            if (isGiven)
            {
                members[name] = value;
            }
        }

        Add("tags", Tags, Tags.Count > 0);
        Add("first", First, First is not null);
        Add("sample", Sample, Sample is not null);
        Add("seed", Seed, Sample is not null);
        Add("shard", Part?.Number, Part is not null);
        Add("shard_count", Part?.Count, Part is not null);
        Add("record_ids", Ids, Ids is not null);
        return JsonSnapshot.Of(members);
    }

    public static RecordChoice Read(RawJson json)
    {
        if (json.IsMissing)
        {
            return new RecordChoice();
        }

        JsonElement root = json.Read();
        int? Number(string name) => root.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;
        IReadOnlyList<string>? Texts(string name) => root.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(one => one.GetString()!)] : null;
        return new RecordChoice
        {
            Tags = Texts("tags") ?? [],
            First = Number("first"),
            Sample = Number("sample"),
            Seed = Number("seed") ?? 0,
            Part = Number("shard") is int shard && Number("shard_count") is int count ? new RunShard(shard, count) : null,
            Ids = Texts("record_ids"),
        };
    }

    /// <summary>The parameters that say so.</summary>
    public override string ToString()
    {
        string?[] said =
        [
            Tags.Count > 0 ? $"-Tag {string.Join(", ", Tags)}" : null,
            First is int first ? FormattableString.Invariant($"-First {first}") : null,
            Sample is int sample ? FormattableString.Invariant($"-Sample {sample}") : null,
            Part is RunShard part ? FormattableString.Invariant($"-Shard {part.Number} of {part.Count}") : null,
        ];
        return string.Join(" with ", said.OfType<string>());
    }

    public bool IsAll => Ids is null && Tags.Count == 0 && First is null && Sample is null && Part is null;

    /// <summary>The number of records that have to be read for it; null for all.</summary>
    public long? Wanted => Ids is null && Tags.Count == 0 && Sample is null && Part is null ? First : null;

    public async IAsyncEnumerable<DatasetRecord> Of(IAsyncEnumerable<DatasetRecord> records)
    {
        HashSet<string>? ids = Ids is null ? null : new HashSet<string>(Ids, StringComparer.Ordinal);
        IAsyncEnumerable<DatasetRecord> chosen = Sample is int count ? SampledAsync(records, count) : records;
        int left = First ?? int.MaxValue;
        await foreach (DatasetRecord record in chosen.ConfigureAwait(false))
        {
            if (!HasTag(record) || ids?.Contains(record.Id) == false)
            {
                continue;
            }

            if (IsInPart(record))
            {
                yield return record;
            }

            if (--left == 0)
            {
                yield break;
            }
        }
    }

    /// <summary>True if a record belongs to a part; the same on every machine.</summary>
    public static bool IsInPart(string recordId, int shard, int count) => Number(recordId) % (ulong)count == (ulong)(shard - 1);

    private bool HasTag(DatasetRecord record) => Tags.Count == 0 || record.Tags.Any(tag => Tags.Contains(tag, StringComparer.Ordinal));

    /// <summary>True if a record belongs to the part that is run.</summary>
    public bool IsInPart(DatasetRecord record) => Part is null || IsInPart(record.Id, Part.Number, Part.Count);

    // The records whose ids, mixed with the seed, come first, in whatever order the service lists them.
    private async IAsyncEnumerable<DatasetRecord> SampledAsync(IAsyncEnumerable<DatasetRecord> records, int count)
    {
        var least = new PriorityQueue<DatasetRecord, ulong>(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
        await foreach (DatasetRecord record in records.ConfigureAwait(false))
        {
            if (HasTag(record))
            {
                least.Enqueue(record, Number(FormattableString.Invariant($"{Seed} {record.Id}")));
                if (least.Count > count)
                {
                    least.Dequeue();
                }
            }
        }

        foreach (DatasetRecord record in least.UnorderedItems.Select(one => one.Element).OrderBy(one => one.Id, StringComparer.Ordinal))
        {
            yield return record;
        }
    }

    private static ulong Number(string text) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
