using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// Reads which experiment is meant: from text (an id or a name), an experiment, a run, a result of sending, or anything with
/// an experiment's id, also after a trip through JSON, CLIXML or a job. What names no experiment is left as it is, so that
/// PowerShell tries the next parameter with it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExperimentAttribute : ArgumentTransformationAttribute
{
    private const int MaxDepth = 4; // a run holds its experiment

    private static readonly string[] IdMembers = ["ExperimentId", "experiment_id"];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (Bare(inputData) is IList { Count: > 0 } list)
        {
            ExperimentReference?[] read = [.. list.Cast<object?>().Select(Read)];
            return Array.TrueForAll(read, one => one is not null) ? read.Length == 1 ? read[0] : read : inputData;
        }

        // A name of digits needs no quotes.
        return ReadMany(Bare(inputData) is int or long ? Convert.ToString(Bare(inputData), CultureInfo.InvariantCulture) : inputData) switch
        {
            [] => inputData,
            [ExperimentReference one] => one,
            var several => several,
        };
    }

    /// <summary>The experiment that a value names; null if it names none, or several.</summary>
    public static ExperimentReference? Read(object? value) => ReadMany(value) is [ExperimentReference one] ? one : null;

    private static ExperimentReference[] ReadMany(object? value, int depth = 0)
    {
        switch (Bare(value))
        {
            case null:
                return [];
            case string text:
                return OneOrNone(text);
            case Guid id:
                return OneOrNone(id.ToString("D"));
            case ExperimentReference reference:
                return [reference];
            case Experiment experiment:
                return OneOrNone(experiment);
            case IList list when depth > 0:
                return [.. list.Cast<object?>().SelectMany(one => ReadMany(one, depth + 1))];
            case IList or ValueType or FileSystemInfo:
                return [];
            default:
                return depth < MaxDepth ? ReadMembers(value!, depth) : [];
        }
    }

    private static ExperimentReference[] ReadMembers(object value, int depth)
    {
        if (Text(value, "Id") is string id && HasMember(value, "LogicalName"))
        {
            return OneOrNone(new Experiment
            {
                Id = id,
                Name = Text(value, "Name"),
                LogicalName = Text(value, "LogicalName"),
                ProjectId = Text(value, "ProjectId"),
                DatasetId = Text(value, "DatasetId"),
                DatasetName = Text(value, "DatasetName"),
                DatasetVersion = LanguagePrimitives.TryConvertTo(Member(value, "DatasetVersion"), out long version) && version > 0 ? version : null,
            });
        }

        if (IdMembers.Select(name => Member(value, name)).FirstOrDefault(member => member is not null) is { } named)
        {
            return ReadIds(named);
        }

        if (Member(value, "Experiment") is { } inner)
        {
            return ReadMany(inner, depth + 1);
        }

        return Bare(value) is IDictionary or PSCustomObject && !IsAnotherKind(value) ? ReadIds(Member(value, "Id")) : [];
    }

    // What is called an id is one, and is not looked up.
    private static ExperimentReference[] ReadIds(object? value) => Bare(value) switch
    {
        string text => string.IsNullOrWhiteSpace(text) ? [] : [new ExperimentReference { Id = text }],
        Guid id => [new ExperimentReference { Id = id.ToString("D") }],
        IList list => [.. list.Cast<object?>().SelectMany(one => one is null ? [] : ReadIds(Bare(one) is IList ? null : one))],
        _ => [],
    };

    // A dataset that came back from a job has an id as well.
    private static bool IsAnotherKind(object value) =>
        PSObject.AsPSObject(value).TypeNames.Any(name => name.StartsWith("Deserialized.LlmObs.", StringComparison.Ordinal));

    private static ExperimentReference[] OneOrNone(ExperimentReference? reference) => reference is null ? [] : [reference];

    private static bool HasMember(object value, string name) =>
        Bare(value) is IDictionary dictionary ? dictionary.Contains(name) : PSObject.AsPSObject(value).Properties[name] is not null;

    private static string? Text(object value, string name) => Bare(Member(value, name)) as string;

    private static object? Member(object value, string name)
    {
        if (Bare(value) is IDictionary dictionary)
        {
            return dictionary.Contains(name) ? dictionary[name] : null;
        }

        PSObject source = PSObject.AsPSObject(value);
        try
        {
            return source.Properties[name] is PSPropertyInfo property ? SafePropertyReader.ValueOf(property, source) : null;
        }
        catch (EventRowException)
        {
            return null; // a property that can't be read names nothing
        }
    }

    // Of a custom object it is the same for all: members are read of the wrapper.
    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
