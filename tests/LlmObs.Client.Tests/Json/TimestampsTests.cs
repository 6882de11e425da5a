using System.Globalization;

namespace LlmObs.Client.Tests;

public sealed class TimestampsTests
{
    private static readonly DateTimeOffset Base = new(2026, 1, 15, 10, 30, 0, TimeSpan.Zero);

    private static readonly (string Text, DateTimeOffset Time)[] Readable =
    [
        ("2026-01-15T10:30:00Z", Base), ("2026-01-15T10:30:00", Base), ("2026-01-15 10:30:00", Base), ("2026-01-15T10:30", Base),
        ("2026-01-15T10:30Z", Base), ("2026-01-15 10:30", Base), ("  2026-01-15T10:30:00Z\t", Base), ("2026-01-15T12:30:00+02:00", Base),
        ("2026-01-15T05:00:00-05:30", Base), ("2026-01-15 10:30:00 +00:00", Base), ("20260115T103000Z", Base), ("2026-01-15", Base.AddHours(-10.5)),
        ("2026-01-15T10:30:00.1Z", Base.AddTicks(1_000_000)), ("2026-01-15T10:30:00.1234Z", Base.AddTicks(1_234_000)),
        ("2026-01-15T10:30:00.12345Z", Base.AddTicks(1_234_500)), ("2026-01-15T10:30:00.123456Z", Base.AddTicks(1_234_560)),
        ("2026-01-15T10:30:00.1234567Z", Base.AddTicks(1_234_567)), ("2026-01-15T10:30:00.12345678Z", Base.AddTicks(1_234_567)),
        ("2026-01-15T10:30:00.123456789Z", Base.AddTicks(1_234_567)), ("2026-01-15T10:30:00.999999999Z", Base.AddTicks(9_999_999)),
        ("2026-01-15T12:30:00.123456789+02:00", Base.AddTicks(1_234_567)), ("2026-01-15 10:30:00.123456789", Base.AddTicks(1_234_567)),
        ("0001-01-01T00:00:00Z", DateTimeOffset.MinValue),
    ];

    public static TheoryData<string> Cultures => new("", "de-DE", "tr-TR", "ar-SA", "th-TH", "fa-IR");

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Times_are_read_and_written_alike_in_every_culture(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            foreach ((string text, DateTimeOffset time) in Readable)
            {
                Assert.True(Timestamps.TryParse(text, out DateTimeOffset read), text);
                Assert.Equal((time, TimeSpan.Zero), (read, read.Offset));
                Assert.True(Timestamps.TryParse(Timestamps.Format(time), out DateTimeOffset again));
                Assert.Equal(time, again);
            }

            Assert.Equal("2026-01-15T10:30:00Z", Timestamps.Format(Base));
            Assert.Equal("2026-01-15T10:30:00.5Z", Timestamps.Format(Base.AddMilliseconds(500)));
            Assert.Equal("2026-01-15T10:30:00.0000001Z", Timestamps.Format(Base.AddTicks(1).ToOffset(TimeSpan.FromHours(9))));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("15.01.2026")]
    [InlineData("01/15/2026")]
    [InlineData("2026-13-01")]
    [InlineData("2026-01-15T25:00:00Z")]
    [InlineData("1700000000")]
    [InlineData("2026-01-15T10:30:00Z and more")]
    [InlineData("2026-01-15T10:30:00,5Z")]
    [InlineData("2026-01-15T10:30:00.00000000000000000000000000000000000000000000000000Z")]
    public void What_is_no_iso_time_is_not_guessed_at(string text)
    {
        Assert.False(Timestamps.TryParse(text, out _));
    }

    [Fact]
    public void A_time_without_a_kind_is_utc_and_a_local_one_is_converted()
    {
        var time = new DateTime(2026, 1, 15, 10, 30, 0, DateTimeKind.Unspecified);
        Assert.Equal(Base, Timestamps.ToUtc(time));
        Assert.Equal(Base, Timestamps.ToUtc(DateTime.SpecifyKind(time, DateTimeKind.Utc)));
        Assert.Equal(Base, Timestamps.ToUtc(Base.LocalDateTime));
    }
}
