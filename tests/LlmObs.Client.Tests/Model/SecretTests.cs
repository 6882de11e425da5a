namespace LlmObs.Client.Tests;

public sealed class SecretTests
{
    [Theory]
    [InlineData("0123456789abcdef", "****cdef")]
    [InlineData("0123456789ab", "****89ab")]
    [InlineData("0123456789a", "****")]
    [InlineData("abcd", "****")]
    [InlineData("x", "****")]
    public void A_key_shows_at_most_its_last_four_characters(string key, string shown)
    {
        Secret secret = Secret.From(key);
        Assert.Equal(shown, secret.ToString());
        Assert.Equal(shown, $"{secret}");
        Assert.Equal(key, secret.Reveal());
    }

    [Fact]
    public void A_key_has_no_property_that_could_be_listed_or_serialised()
    {
        Assert.Empty(typeof(Secret).GetProperties());
        Assert.Equal("{}", System.Text.Json.JsonSerializer.Serialize(Secret.From("0123456789abcdef")));
    }

    [Theory]
    [InlineData("abc\r\nX-Other: 1")]
    [InlineData("abcdef\n")]
    [InlineData("abc def")]
    [InlineData("abc\0")]
    [InlineData("ключ")]
    [InlineData("\u200babc")]
    public void A_key_that_no_header_can_carry_is_refused_without_being_repeated(string key)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => Secret.From(key));
        Assert.DoesNotContain(key, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \t")]
    public void An_empty_key_is_refused(string key) => Assert.Throws<ArgumentException>(() => Secret.From(key));

    [Fact]
    public void Blanks_around_a_key_are_dropped() => Assert.Equal("0123", Secret.From(" 0123\t").Reveal());

    [Fact]
    public void Keys_are_equal_by_what_they_hold()
    {
        Assert.Equal(Secret.From("abc"), Secret.From(" abc"));
        Assert.Equal(Secret.From("abc").GetHashCode(), Secret.From("abc").GetHashCode());
        Assert.NotEqual(Secret.From("abc"), Secret.From("ABC"));
        Assert.False(Secret.From("abc").Equals(null));
        Assert.False(Secret.From("abc").Equals((object)"abc"));
    }
}
