using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Text.Json;
using LlmObs.Evaluation.Evaluators;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>Makes metrics of what an evaluator's script gave.</summary>
internal static class EvaluatorOutput
{
    /// <exception cref="EvaluatorException">It is nothing that a metric can hold.</exception>
    public static IEnumerable<ResultEvaluation> Read(string name, Collection<PSObject> emitted)
    {
        if (emitted.Count > 1)
        {
            throw new EvaluatorException($"The evaluator gave {emitted.Count} values; give one, or a hashtable of several named ones.");
        }

        object? value = emitted.Count == 0 ? null : PSObjectJson.UnwrapCell(emitted[0]);
        return value is IDictionary named
            ? [.. named.Cast<DictionaryEntry>().Select(entry => One(LabelOf(entry.Key), entry.Value))]
            : [One(name, emitted.Count == 0 ? null : emitted[0])];
    }

    private static string LabelOf(object key) => HostObjectJson.NameOf(key) is string label && EvaluatorNames.IsValid(label)
        ? label
        : throw new EvaluatorException($"'{key}' can't be the label of a metric: {EvaluatorNames.Rule}.");

    private static ResultEvaluation One(string label, object? value)
    {
        if (PSObjectJson.UnwrapCell(value) is not EvaluationResult given)
        {
            return Typed(label, value);
        }

        return Typed(label, given.Value) with
        {
            Assessment = given.Assessment,
            Reasoning = given.Reasoning,
            Metadata = given.Metadata is null ? default : Snapshot(given.Metadata, "metadata"),
            Tags = given.Tags,
        };
    }

    // Datadog's SDKs: a boolean, a number, an object, else a word.
    private static ResultEvaluation Typed(string label, object? value)
    {
        object? bare = PSObjectJson.UnwrapCell(value);
        if (bare is null)
        {
            return new ResultEvaluation { Label = label, MetricType = MetricType.Categorical };
        }

        if (bare is double.NaN or double.PositiveInfinity or double.NegativeInfinity or float.NaN)
        {
            throw new EvaluatorException($"The evaluator gave {Convert.ToString(bare, System.Globalization.CultureInfo.InvariantCulture)}, which is no score.");
        }

        RawJson json = Snapshot(value, "value");
        return new ResultEvaluation { Label = label, Value = json, MetricType = json.Utf8.Span[0] switch
        {
            (byte)'t' or (byte)'f' => MetricType.Boolean,
            (byte)'"' => MetricType.Categorical,
            (byte)'{' => MetricType.Json,
            (byte)'[' => throw new EvaluatorException("The evaluator gave a list; give one value, or a hashtable of several named ones."),
            _ => MetricType.Score,
        } };
    }

    private static RawJson Snapshot(object? value, string what)
    {
        try
        {
            return JsonSnapshot.Of(value);
        }
        catch (UnwritableValueException e)
        {
            throw new EvaluatorException($"The evaluator's {what} has no form in JSON: {e.Message}.", e);
        }
    }
}
