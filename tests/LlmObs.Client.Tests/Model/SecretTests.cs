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
    public void A_text_of_others_is_shown_without_the_keys_of_the_call_and_the_login_of_its_address()
    {
        Secret one = Secret.From("fake-api-key-0001");
        Secret two = Secret.From("fake-app-key-0002");
        Assert.Equal("*** and *** and ***", MaskedText.Of("fake-api-key-0001 and FAKE-APP-KEY-0002 and fake-api-key-0001", one, null, two));
        Assert.Equal("short", MaskedText.Of("short", Secret.From("short"))); // of a text of five letters, words would be torn apart
        Assert.Equal("http://***@proxy:1 failed", MaskedText.OfAddress("http://me:pw@proxy:1 failed", new Uri("http://me:pw@proxy:1")));
        Assert.Equal("me@host", MaskedText.OfAddress("me@host", new Uri("http://proxy:1")));
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
    [InlineData("\"0123456789abcdef\"")]
    [InlineData("'0123456789abcdef'")]
    [InlineData("`0123456789abcdef`")]
    [InlineData("\"0123456789abcdef")]
    [InlineData("0123456789abcdef'")]
    [InlineData("$(0123456789abcdef0123456789abcdef)")]
    public void Quotes_and_what_was_not_replaced_are_refused_without_the_key(string key)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => Secret.From(key));
        Assert.DoesNotContain("0123456789", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://me:secret@host/x", "https://***@host/x")]
    [InlineData("https://me:se/cr@et@host", "https://***@host")]
    [InlineData("me:secret@host", "***@host")]
    [InlineData("https:me:secret@host", "***@host")]
    [InlineData("https://host/?api_key=secret#x", "https://host/?***")]
    [InlineData("0123456789abcdef0123456789abcdef", "****cdef")]
    [InlineData("https://0123456789abcdef0123456789abcdef.example/", "https://****cdef.example/")]
    [InlineData("us3.datadoghq.com", "us3.datadoghq.com")]
    [InlineData("datadog.example", "datadog.example")]
    [InlineData("", "")]
    public void A_setting_is_shown_without_what_may_be_a_password_or_a_key(string text, string shown) => Assert.Equal(shown, MaskedText.OfSetting(text));

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
