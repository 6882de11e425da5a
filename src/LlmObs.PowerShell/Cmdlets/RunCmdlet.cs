using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LlmObs.Evaluation.Results;
using LlmObs.PowerShell.Results;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>
/// A cmdlet that reads runs: what Invoke-LlmObsExperiment returned, a result file, or an experiment (an object, an id or a name),
/// which is read back from the service.
/// </summary>
public abstract class RunCmdlet : ApiCmdlet
{
    private protected RunCmdlet()
    {
    }

    /// <summary>Finds the rows of a run, or reports why it can't.</summary>
    /// <param name="given">A run, an experiment, its id or name, or the path of a result file.</param>
    /// <param name="name">The run's name in messages.</param>
    private protected bool TryReadRun(object given, [NotNullWhen(true)] out IResultRows? rows, out string name)
    {
        object bare = given is PSObject wrapped ? wrapped.BaseObject : given;
        (rows, name) = bare switch
        {
            ExperimentRun run => (Guard(run, () => ResultRows.Of(run)), run.Experiment.Name ?? run.Experiment.Id),
            Experiment experiment => (ReadBack(experiment), experiment.Name ?? experiment.Id),
            FileInfo file => (OpenFile(file.FullName), file.Name),
            string text => (ReadText(text), text),
            _ => (ReadOther(given), ExperimentAttribute.Read(given)?.ToString() ?? string.Empty),
        };
        if (rows is ResultList list)
        {
            // People know names; an experiment that the session has not seen keeps its id.
            rows = list.Named(ResolvedNameCache.NameOf(list.Header.ProjectId), ResolvedNameCache.NameOf(list.Header.DatasetId));
        }

        return rows is not null;
    }

    // A path if there is such a file, or if it looks like one; else an experiment's id or name.
    private IResultRows? ReadText(string text)
    {
        bool isPath = FileSystemPath.TryResolve(SessionState, text, out string? file, out ErrorRecord? problem) && File.Exists(file);
        if (isPath)
        {
            return OpenFile(file!);
        }

        if (text.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || text.AsSpan().ContainsAny('/', '\\'))
        {
            WriteError(problem ?? Failures.FileNotFound(text));
            return null;
        }

        return ReadReference(((ExperimentReference?)text)!, ", and no file of that name");
    }

    // Objects that came through JSON, CLIXML or a job have lost their type and kept their properties.
    private IResultRows? ReadOther(object given)
    {
        if (ExperimentAttribute.Read(given) is ExperimentReference reference)
        {
            return ReadReference(reference);
        }

        WriteError(Failures.InvalidValue(
            $"An object of the type {(given is PSObject wrapped ? wrapped.BaseObject : given).GetType().Name} is neither a run nor an experiment nor the path of a result file.",
            given,
            "Give a result of Invoke-LlmObsExperiment or Get-LlmObsExperiment, an experiment's id or name, or the file of -ResultPath."));
        return null;
    }

    private IResultRows? ReadReference(ExperimentReference reference, string orElse = "")
    {
        if (reference.Experiment is Experiment known)
        {
            return ReadBack(known);
        }

        if (Names.TryFindExperiment(reference, anew: false, out Experiment? experiment, out ErrorRecord? problem))
        {
            return ReadBack(experiment);
        }

        WriteError(problem.FullyQualifiedErrorId == nameof(FailureKind.NotFound) && orElse.Length > 0
            ? Failures.ExperimentNotFound(reference.ToString(), Client.Options.BaseUri.Host, more: orElse)
            : problem);
        return null;
    }

    private ResultList? ReadBack(Experiment experiment) =>
        TrySend(Client.ListSpans(experiment.Id), experiment, out IReadOnlyList<ExperimentSpan>? spans)
        && TrySend(Client.ListSummaryMetrics(experiment.Id), experiment, out IReadOnlyList<ExperimentMetric>? summary)
            ? (ResultList)ResultRows.Of(experiment, spans, summary)
            : null;

    private bool TrySend<T>(PagedCall<T> list, object target, [MaybeNullWhen(false)] out IReadOnlyList<T> items)
    {
        RequireKeys();
        try
        {
            items = [.. Bridge.Each(list.ReadAsync(observer: new VerboseObserver(Bridge))).SelectMany(page => page.Items)];
            return true;
        }
        catch (LlmObsException e)
        {
            WriteError(Failures.ToRecord(e, target));
            items = null;
            return false;
        }
    }

    private IResultRows? OpenFile(string path) => Guard(path, () => ResultFile.Open(path));

    private IResultRows? Guard(object target, Func<IResultRows?> open)
    {
        try
        {
            if (open() is IResultRows rows)
            {
                return rows;
            }

            WriteError(Failures.NothingToRead(target));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            WriteError(Failures.InvalidResultFile(e, target));
        }

        return null;
    }

    /// <summary>True if reading results failed because of the file.</summary>
    private protected static bool IsUnreadable(Exception e) => e is ResultFileException or IOException or UnauthorizedAccessException;
}
