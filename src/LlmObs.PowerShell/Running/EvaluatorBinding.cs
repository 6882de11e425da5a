using System.Collections;
using System.Management.Automation;
using System.Text.RegularExpressions;
using LlmObs.Evaluation.Evaluators;

namespace LlmObs.PowerShell.Running;

/// <summary>Understands what -Evaluator and -SummaryEvaluator are given: evaluators, or hashtables of names and script blocks.</summary>
internal static class EvaluatorBinding
{
    /// <exception cref="PSArgumentException">It is something else, or two have the same name.</exception>
    public static IReadOnlyList<Evaluator> Read(IEnumerable<object?> given, bool areSummaries)
    {
        Evaluator[] all = [.. given.SelectMany(one => Read(PSObjectJson.UnwrapCell(one), areSummaries))];
        return all.GroupBy(one => one.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: string twice }
            ? throw new PSArgumentException($"Two evaluators are called '{twice}', but a metric has one label; rename one of them.")
            : all;
    }

    public static RowEvaluator ToRow(Evaluator evaluator, SessionState session, IDictionary<string, object?> variables) => evaluator.Body switch
    {
        ScriptBlock block => new RowEvaluator(evaluator.Name, ScriptText.Of(block, session, variables), null),
        IncludedEvaluator included => new RowEvaluator(evaluator.Name, null, included, evaluator.Script is ScriptBlock asked ? ScriptText.Of(asked, session, variables) : null),
        _ => throw new PSArgumentException($"The evaluator '{evaluator.Name}' was not made by New-LlmObsEvaluator."),
    };

    private static IEnumerable<Evaluator> Read(object? given, bool areSummaries)
    {
        switch (given)
        {
            case Evaluator evaluator:
                return [evaluator];
            case IDictionary named:
                return [.. Entries.Of(named).Select(entry => Named(entry, areSummaries))];
            default:
                throw new PSArgumentException($"An evaluator is a result of New-LlmObsEvaluator, or a hashtable @{{ name = {{ … }} }}, not {given?.GetType().Name ?? "null"}.");
        }
    }

    private static Evaluator Named(DictionaryEntry entry, bool isSummary)
    {
        string name = HostObjectJson.NameOf(entry.Key) ?? string.Empty;
        if (!EvaluatorNames.IsValid(name))
        {
            throw new PSArgumentException($"'{name}' can't be the label of a metric: {EvaluatorNames.Rule}.");
        }

        return PSObjectJson.UnwrapCell(entry.Value) switch
        {
            ScriptBlock block => new Evaluator(name, "Script", block, isSummary),
            Evaluator evaluator => new Evaluator(name, evaluator.Kind, evaluator.Body, evaluator.IsSummary, evaluator.Script),
            object other => throw new PSArgumentException($"The evaluator '{name}' must be a script block, not {other.GetType().Name}."),
            null => throw new PSArgumentException($"The evaluator '{name}' is null."),
        };
    }
}

/// <summary>The rule for labels of metrics, as in Datadog's SDKs.</summary>
internal static partial class EvaluatorNames
{
    public const string Rule = "only letters a to z, digits, '_' and '-' are allowed";

    public static bool IsValid(string name) => Allowed().IsMatch(name);

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex Allowed();
}
