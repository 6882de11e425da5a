using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace LlmObs.Client.Tests;

/// <summary>For any events, and any damage to a file: the spool returns all of them, or reports that it can't.</summary>
public sealed class SpoolPropertyTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(200);

    [Fact]
    public void What_is_written_comes_back_equal() => Prop.ForAll(Arb.From(Events), items =>
    {
        using EventBatch batch = BatchOf(items);
        using var again = new EventBatch();
        var header = new SpooledHeader("e/ü 1", "http://127.0.0.1:1/", 3);
        SpooledHeader read = SpooledRequest.Read("f", SpooledRequest.Write(BatchSlice.AllOf(batch), header, failure: null), again);
        return read == header && Content(again).SequenceEqual(Content(batch));
    }).Check(Cases);

    [Fact]
    public void What_is_left_when_some_are_settled_comes_back_in_its_order() => Prop.ForAll(Arb.From(Events), Arb.From(Gen.Choose(0, int.MaxValue)), (items, seed) =>
    {
        using EventBatch batch = BatchOf(items);
        using var again = new EventBatch();
        var random = new Random(seed);
        int[] left = [.. Enumerable.Range(0, batch.Count).Where(_ => random.Next(2) == 0)];
        if (left.Length == 0)
        {
            return true;
        }

        SpooledRequest.Read("f", SpooledRequest.Write(BatchSlice.Of(batch, left), new SpooledHeader("e", "a", 0), failure: null), again);
        return Content(again).SequenceEqual(left.Select(index => Content(batch)[index]));
    }).Check(Cases);

    [Fact]
    public void A_file_that_is_cut_or_changed_anywhere_is_never_taken_for_whole() => Prop.ForAll(Arb.From(Events), Arb.From(Gen.Choose(0, int.MaxValue)), (items, seed) =>
    {
        string path = Path.Combine(Path.GetTempPath(), "llmobs-property-" + Guid.NewGuid().ToString("N"));
        try
        {
            using EventBatch batch = BatchOf(items);
            new SpoolFile(SpoolFile.CreatePrivate).Write(path, SpooledRequest.Write(BatchSlice.AllOf(batch), new SpooledHeader("e", "a", 0), failure: null).Span);
            byte[] whole = File.ReadAllBytes(path);
            File.WriteAllBytes(path, Damaged(whole, new Random(seed)));
            return Record.Exception(() => SpoolFile.Read(path)) is InvalidDataException or SpoolException; // the latter where the version was changed
        }
        finally
        {
            File.Delete(path);
        }
    }).Check(Cases);

    private static Gen<(bool IsSpan, string Text, string? Source, int Row)[]> Events =>
        (from isSpan in Gen.Elements(true, false)
         from text in ArbMap.Default.GeneratorFor<string>()
         from source in Gen.Elements("a.csv", "ü b.jsonl", null)
         from row in Gen.Choose(1, int.MaxValue)
         select (isSpan, text ?? string.Empty, source, row)).NonEmptyListOf().Select(list => list.ToArray());

    private static EventBatch BatchOf(IEnumerable<(bool IsSpan, string Text, string? Source, int Row)> items)
    {
        var batch = new EventBatch();
        foreach ((bool isSpan, string text, string? source, int row) in items)
        {
            byte[] json = Encoding.UTF8.GetBytes("{\"text\":" + System.Text.Json.JsonSerializer.Serialize(text) + "}");
            batch.Add(isSpan ? EventKind.Span : EventKind.Metric, json, new RowPlace(source, row, row % 7));
        }

        return batch;
    }

    private static (EventKind Kind, string Json, RowPlace Place)[] Content(EventBatch batch) =>
        [.. batch.Events.Select((slice, index) => (slice.Kind, batch.Json(index), slice.Place))];

    /// <summary>Cut off, a bit turned, a byte more, or a stretch twice.</summary>
    private static byte[] Damaged(byte[] whole, Random random)
    {
        int at = random.Next(whole.Length);
        switch (random.Next(4))
        {
            case 0:
                return whole[..at];
            case 1:
                byte[] changed = [.. whole];
                changed[at] ^= (byte)(1 << random.Next(8));
                return changed;
            case 2:
                return [.. whole[..at], (byte)random.Next(256), .. whole[at..]];
            default:
                return [.. whole, .. whole[at..]];
        }
    }
}
