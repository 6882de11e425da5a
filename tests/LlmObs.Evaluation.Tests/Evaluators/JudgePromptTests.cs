using LlmObs.Evaluation.Evaluators;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Tests.Evaluators;

public class JudgePromptTests
{
    [Theory]
    [InlineData("{{metadata.tier}}", "gold")]
    [InlineData("{{ metadata.customer name }}", "Zoë")]
    [InlineData("{{metadata.note?}}", "")]
    [InlineData("{{metadata.tier?}}", "gold")]
    [InlineData("{{metadata.address.city?}}", "")]
    [InlineData("{{input.note?}}", "")]
    [InlineData("{{expected_output}}", "")]
    public async Task A_place_has_the_value_of_the_row_and_may_be_missing_with_a_question_mark(string prompt, string filled) =>
        Assert.Equal($"<{filled}>", await AskAsync($"<{prompt}>", """{"tier":"gold","customer name":"Zoë"}"""));

    [Theory]
    [InlineData("{{metadata.note}}", """{"tier":"gold","topic":1}""", "names 'metadata.note', and the record's metadata has no 'note' (it has tier, topic)")]
    [InlineData("{{metadata.note}}", "", "(it has none)")]
    [InlineData("{{metadata.tier.level}}", """{"tier":"gold"}""", "has no 'level' (it is no object)")]
    [InlineData("{{input.note}}", "", "the record's input has no 'note' (it is no object)")]
    public async Task A_missing_one_is_an_error_with_the_next_step(string prompt, string metadata, string said)
    {
        EvaluatorException error = await Assert.ThrowsAsync<EvaluatorException>(() => AskAsync(prompt, metadata));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.EndsWith($". An empty cell of a CSV file is left out of a record: {prompt.Replace("}}", "?}}", StringComparison.Ordinal)} is replaced with nothing where it is missing.", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(string prompt, string metadata)
    {
        string asked = string.Empty;
        var row = new JudgedRow(RawJson.OfText("question"), RawJson.OfText("answer"), default, metadata.Length == 0 ? default : RawJson.Of(metadata));
        await new JudgeEvaluator(prompt, null).EvaluateAsync(row, text => { asked = text; return RawJson.Of(true); }, CancellationToken.None);
        return asked;
    }
}
