using System.Management.Automation;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>
/// A cmdlet that lists: -First, -Skip and -IncludeTotalCount count over everything that it writes, and a page is asked for
/// when the pipeline has used up the one before it. Its class needs SupportsPaging = true.
/// </summary>
public abstract class PagedCmdlet : ApiCmdlet
{
    private ulong _skip;
    private ulong _left;
    private bool _totalIsSaid;

    private protected PagedCmdlet()
    {
    }

    /// <summary>True if nothing more is to be written, so that further requests are needless.</summary>
    private protected bool IsFull => _left == 0;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _skip = PagingParameters.Skip;
        _left = PagingParameters.First;
        _totalIsSaid = !PagingParameters.IncludeTotalCount;
    }

    /// <summary>Writes a list as it is read; a failure becomes an error of the pipeline.</summary>
    /// <param name="target">The error's target.</param>
    /// <param name="keep">Selects items, if the service cannot; null for all.</param>
    /// <returns>The number of items found, including those that -Skip skips; null if the list could not be read to its end.</returns>
    private protected long? WriteList<T>(PagedCall<T> list, object? target, Func<T, bool>? keep = null)
    {
        if (IsFull && _totalIsSaid)
        {
            return 0;
        }

        RequireKeys();
        long found = 0;
        try
        {
            foreach (Page<T> page in Bridge.Each(list.ReadAsync(Wanted(keep is not null), new VerboseObserver(Bridge))))
            {
                SayTotal(keep is null ? page.TotalCount : null);
                foreach (T item in page.Items.Where(item => keep?.Invoke(item) != false))
                {
                    if (IsFull)
                    {
                        return found;
                    }

                    found++;
                    WriteOne(item);
                }

                if (IsFull)
                {
                    return found;
                }
            }

            return found;
        }
        catch (LlmObsException e)
        {
            Names.Known.InvalidateAfter(e);
            WriteError(ToError(e, target));
            return null;
        }
    }

    /// <summary>The error of a list that could not be read.</summary>
    private protected virtual ErrorRecord ToError(LlmObsException failure, object? target) => Failures.ToRecord(failure, target);

    /// <summary>Writes what came whole, with the same counting.</summary>
    private protected void WriteAll<T>(IReadOnlyList<T> items)
    {
        SayTotal(items.Count);
        foreach (T item in items)
        {
            if (IsFull)
            {
                return;
            }

            WriteOne(item);
        }
    }

    /// <summary>Writes one item; a cmdlet that converts items overrides it.</summary>
    private protected virtual void WriteItem(object? item) => WriteObject(item);

    // If a list is filtered here, it is unknown how much of it has to be read for a number of matches.
    private long? Wanted(bool isFiltered) =>
        isFiltered || _left == ulong.MaxValue || _skip > int.MaxValue ? null : (long)Math.Min(_skip + _left, int.MaxValue);

    private void SayTotal(long? count)
    {
        if (!_totalIsSaid)
        {
            _totalIsSaid = true;
            WriteObject(PagingParameters.NewTotalCount((ulong)(count ?? 0), count is null ? 0 : 1));
        }
    }

    private void WriteOne(object? item)
    {
        if (_skip > 0)
        {
            _skip--;
            return;
        }

        _left--;
        WriteItem(item);
    }
}
