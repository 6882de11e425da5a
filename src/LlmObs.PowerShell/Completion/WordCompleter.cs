using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LlmObs.PowerShell.Completion;

/// <summary>Completes from a list of words; never calls the service.</summary>
public abstract class WordCompleter : IArgumentCompleter
{
    private protected WordCompleter()
    {
    }

    /// <summary>The words, if they are the same for every command line.</summary>
    private protected virtual IEnumerable<CompletionWord> Words => [];

    /// <inheritdoc/>
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = (wordToComplete ?? string.Empty).Trim('\'', '"');
        return WordsFor(commandAst, fakeBoundParameters)
            .Where(one => one.Text.StartsWith(begun, StringComparison.OrdinalIgnoreCase) || one.Alias?.StartsWith(begun, StringComparison.OrdinalIgnoreCase) == true)
            .Select(one => new CompletionResult(Quoted(one.Text), one.Shown ?? one.Text, CompletionResultType.ParameterValue, one.ToolTip));
    }

    /// <summary>The words for one command line.</summary>
    private protected virtual IEnumerable<CompletionWord> WordsFor(CommandAst command, IDictionary bound) => Words;

    private static string Quoted(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? word : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";
}

/// <summary>A word that completion offers.</summary>
/// <param name="Text">The word.</param>
/// <param name="ToolTip">Its description.</param>
public sealed record CompletionWord(string Text, string ToolTip)
{
    /// <summary>Its text in a menu; null for the word itself.</summary>
    public string? Shown { get; init; }

    /// <summary>Another text that completes to the word.</summary>
    public string? Alias { get; init; }
}

/// <summary>Completes Datadog sites.</summary>
public sealed class SiteCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        DatadogSite.Known.Select(site => new CompletionWord(site.Name, site.BaseUri.AbsoluteUri));
}

/// <summary>Completes fields that metrics can be grouped by, and that can be computed.</summary>
public sealed class AggregateFieldCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => SearchField.All.Select(one => new CompletionWord(one.Name, one.Meaning));
}

/// <summary>Completes indexes of experimentation data.</summary>
public sealed class AggregateIndexCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => [new(AggregateQuery.EvaluationIndex, "metrics of experiments")];
}

/// <summary>Completes encodings of files.</summary>
public sealed class EncodingCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => EncodingNames.All.Select(one => new CompletionWord(one.Name, one.Meaning));
}

/// <summary>Completes the states of an experiment.</summary>
public sealed class ExperimentStatusCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => ExperimentStatus.All.Select(status => new CompletionWord(status, status));
}

/// <summary>Completes the names of projects that this session has seen.</summary>
public sealed class ProjectNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        ResolvedNameCache.Seen(datasets: false).Select(one => new CompletionWord(one.Name, one.Id));
}

/// <summary>Completes the names of datasets that this session has seen.</summary>
public sealed class DatasetNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        ResolvedNameCache.Seen(datasets: true).Select(one => new CompletionWord(one.Name, one.Id));
}

/// <summary>Completes ids of experiments that this session has seen, by the id or the name.</summary>
public sealed class ExperimentIdCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        SeenExperiments.All.Select(one => new CompletionWord(one.Id, one.Name ?? one.Id) { Shown = one.Name is null ? null : $"{one.Name} ({one.Id})", Alias = one.Name });
}

/// <summary>Completes the names of this session's profiles.</summary>
public sealed class ProfileNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        SessionProfiles.All.Select(profile => new CompletionWord(profile.ProfileName, profile.BaseUri?.AbsoluteUri ?? profile.Site ?? "site from DD_SITE"));
}
