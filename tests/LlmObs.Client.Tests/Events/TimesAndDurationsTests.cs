using System.Numerics;

namespace LlmObs.Client.Tests;

public sealed class TimesAndDurationsTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 15, 10, 30, 0, 123, TimeSpan.Zero);

    public static TheoryData<object, long> Starts => new()
    {
        { 1_700_000_000_000_000_000, 1_700_000_000_000_000_000 }, { "1700000000000000001", 1_700_000_000_000_000_001 }, { long.MaxValue, long.MaxValue },
        { long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture), long.MaxValue }, { 0, 0 }, { "0", 0 }, { "-0", 0 },
        { "1700000000000000000.0", 1_700_000_000_000_000_000 }, { "1.7e18", 1_700_000_000_000_000_000 }, { 1.7e18, 1_700_000_000_000_000_000 },
        { 1_700_000_000_000_000_000m, 1_700_000_000_000_000_000 }, { new BigInteger(1_700_000_000_000_000_000), 1_700_000_000_000_000_000 },
        { 1_700_000_000_000_000_000UL, 1_700_000_000_000_000_000 }, { Time, 1_768_473_000_123_000_000 }, { Time.UtcDateTime, 1_768_473_000_123_000_000 },
        { Time.UtcDateTime.ToLocalTime(), 1_768_473_000_123_000_000 }, { "2026-01-15T10:30:00.123Z", 1_768_473_000_123_000_000 },
        { "2026-01-15T12:30:00.1234567+02:00", 1_768_473_000_123_456_700 }, { " 1700000000000000000 ", 1_700_000_000_000_000_000 },
        { "2262-04-11T23:47:16Z", 9_223_372_036_000_000_000 },
    };

    public static TheoryData<object> WrongStarts => new(
        1_700_000_000, 1_700_000_000_000, 1_700_000_000_000_000, "1700000000", "1700000000.5", "1,700,000,000,000,000,000", "1.700.000.000", "soon", "15.01.2026",
        true, 1.5, double.NaN, "9223372036854775808", "1e30", "1E-30", "1700000000000000000.00000000000000000000000000000001", "1e99999999999999999999", TimeSpan.FromSeconds(1), DateTime.MinValue, DateTimeOffset.MaxValue, "0001-01-01T00:00:00",
        "9999-12-31T23:59:59Z");

    public static TheoryData<object, long> Durations => new()
    {
        { 0, 0 }, { "1500", 1500 }, { long.MaxValue, long.MaxValue }, { "9223372036854775807", long.MaxValue }, { 2.0, 2 }, { "2e3", 2000 }, { "2000e-3", 2 }, { "0e-400", 0 }, { "9223372036854775807.000", long.MaxValue }, { "+.5e1", 5 },
        { TimeSpan.FromSeconds(1.5), 1_500_000_000 }, { TimeSpan.FromTicks(1), 100 }, { "00:00:01.5", 1_500_000_000 }, { " 00:01:00 ", 60_000_000_000 },
        { "1.00:00:00", 86_400_000_000_000 }, { "1:02:03", 3_723_000_000_000 },
    };

    public static TheoryData<object> WrongDurations => new(
        -1, "-1", "1E-30", "5.0000000000000000000000000000001", TimeSpan.FromSeconds(-1), "-00:00:01", "1.5", 1.5, "1,5", "1s", "NaN", "9223372036854775808", true, TimeSpan.MaxValue, "10675199.00:00:00",
        Time);

    public static TheoryData<object, long> Timestamps => new()
    {
        { 1_700_000_000_123, 1_700_000_000_123 }, { "1700000000123", 1_700_000_000_123 }, { 0, 0 }, { Time, 1_768_473_000_123 },
        { "2026-01-15T10:30:00.123456789Z", 1_768_473_000_123 }, { "2026-01-15", 1_768_435_200_000 }, { 1.7e12, 1_700_000_000_000 },
    };

    public static TheoryData<object> WrongTimestamps => new(
        1_700_000_000, 1_700_000_000_000_000, 1_700_000_000_000_000_000, long.MaxValue, "1700000000", "1,700", "1700000000123.5", "yesterday", true, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(Starts))]
    public void A_start_is_exact_in_each_form(object given, long expected)
    {
        Assert.Equal(expected, EventValues.StartNs(given));
        Assert.Contains($"\"start_ns\":{expected},", EventJson.Write(TableRow.Span(("start_ns", given))), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WrongStarts))]
    public void A_start_in_another_unit_or_form_is_refused(object given) =>
        Assert.Equal("start_ns", Assert.Throws<EventRowException>(() => EventValues.StartNs(given)).Field);

    [Theory]
    [InlineData(1_700_000_000, "seconds")]
    [InlineData(1_700_000_000_000, "milliseconds")]
    [InlineData(1_700_000_000_000_000, "microseconds")]
    public void The_refusal_names_the_unit_that_it_looks_like(long given, string unit) =>
        Assert.Contains($"looks like {unit} since 1970; nanoseconds are needed", Assert.Throws<EventRowException>(() => EventValues.StartNs(given)).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Durations))]
    public void A_duration_is_exact_in_each_form(object given, long expected) => Assert.Equal(expected, EventValues.DurationNs(given));

    [Theory]
    [MemberData(nameof(WrongDurations))]
    public void A_duration_in_another_form_is_refused(object given) =>
        Assert.Equal("duration", Assert.Throws<EventRowException>(() => EventValues.DurationNs(given)).Field);

    [Theory]
    [MemberData(nameof(Timestamps))]
    public void A_timestamp_is_exact_in_each_form(object given, long expected) => Assert.Equal(expected, EventValues.TimestampMs(given));

    [Theory]
    [MemberData(nameof(WrongTimestamps))]
    public void A_timestamp_in_another_unit_or_form_is_refused(object given) =>
        Assert.Equal("timestamp_ms", Assert.Throws<EventRowException>(() => EventValues.TimestampMs(given)).Field);

    [Fact]
    public void Json_numbers_and_texts_are_read_alike()
    {
        foreach (string value in (string[])["9223372036854775807", "\"9223372036854775807\"", "9223372036854775807.0"])
        {
            string json = EventJson.Write("{\"trace_id\":\"t\",\"span_id\":\"s\",\"project_id\":\"p\",\"dataset_id\":\"d\",\"name\":\"n\",\"start_ns\":" + value + ",\"duration\":" + value + "}");
            Assert.Contains("\"start_ns\":9223372036854775807,\"duration\":9223372036854775807", json, StringComparison.Ordinal);
        }
    }
}
