using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Tests.Results;

public class CanonicalJsonTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "1e0")]
    [InlineData("1", "0.1E+1")]
    [InlineData("1000", "1e3")]
    [InlineData("-0.5", "-5e-1")]
    [InlineData("0", "-0.00")]
    [InlineData("0", "0e99")]
    [InlineData("1e-40", "0.0000000000000000000000000000000000000001")]
    [InlineData("1e40", "10000000000000000000000000000000000000000")]
    [InlineData("1e400", "10e399")]
    [InlineData("12345678901234567890", "1234567890123456789.0e1")]
    public void One_number_has_one_form(string one, string other) => Assert.Equal(Digest(one), Digest(other));

    [Theory]
    [InlineData("1", "-1")]
    [InlineData("1", "10")]
    [InlineData("1", "\"1\"")]
    [InlineData("0", "1e-40")] // a decimal would be zero
    [InlineData("9007199254740992", "9007199254740993")] // one double
    [InlineData("0.1", "0.10000000000000000000000000000000001")] // one decimal, and one double
    [InlineData("10000000000000000000000000000000000000000", "10000000000000000000000000000000000000001")] // too large for a decimal, and one double
    [InlineData("1e400", "1e401")] // too large for a double
    [InlineData("1e99999999999999999999", "1e99999999999999999998")]
    public void Two_numbers_have_two_forms(string one, string other) => Assert.NotEqual(Digest(one), Digest(other));

    [Fact]
    public void The_order_of_members_does_not_matter_and_that_of_items_does()
    {
        Assert.Equal(Digest("""{"a":{"x":1,"y":[true]},"b":null}"""), Digest("""{ "b":null, "a":{"y":[true], "x":1.0} }"""));
        Assert.NotEqual(Digest("[1,2]"), Digest("[2,1]"));
    }

    [Fact]
    public void A_missing_value_is_not_null_and_keeps_the_places_of_others()
    {
        RawJson one = RawJson.Of("1");
        Assert.NotEqual(CanonicalJson.DigestOf(one, default), CanonicalJson.DigestOf(one, RawJson.Of("null")));
        Assert.NotEqual(CanonicalJson.DigestOf(one, default), CanonicalJson.DigestOf(default, one));
    }

    private static byte[] Digest(string json) => CanonicalJson.DigestOf(RawJson.Of(json));
}
