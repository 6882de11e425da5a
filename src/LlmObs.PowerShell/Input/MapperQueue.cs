using System.Management.Automation;
using System.Threading.Channels;

namespace LlmObs.PowerShell.Input;

/// <summary>
/// Maps rows on another thread while the pipeline continues reading: one core reads, the other writes.
/// It takes rows that have the previous row's columns and only plain values, like those of Import-Csv; it ends at the first other
/// row, and that row and all later ones are mapped on the pipeline thread.
/// </summary>
/// <param name="bridge">Waits, if the other thread is behind.</param>
/// <param name="map">Maps a block.</param>
/// <param name="rowTaken">Called on the pipeline thread for each row.</param>
internal sealed class MapperQueue(AsyncPipelineBridge bridge, Func<RowBlock, Task> map, Action rowTaken) : IAsyncDisposable
{
    private const int MostBlocks = 8;

    private readonly Channel<RowBlock> _queue = Channel.CreateBounded<RowBlock>(new BoundedChannelOptions(MostBlocks) { SingleReader = true, SingleWriter = true });
    private RowBlock? _block;
    private Task? _worker;
    private bool _ended;

    /// <summary>Takes a row over, if it is suitable.</summary>
    /// <param name="row">Knows the columns of the row before.</param>
    /// <param name="source">The row's object.</param>
    /// <returns>False if it was not taken; the caller ends the handover then.</returns>
    public bool TryTake(ObjectRow row, PSObject source, long number)
    {
        if (_ended)
        {
            return false;
        }

        _block ??= row.NewBlock(number);
        if (!row.TryCapture(source, _block))
        {
            return false;
        }

        rowTaken();
        if (_block.IsFull)
        {
            Pass(_block);
            _block = null;
        }

        return true;
    }

    /// <summary>Waits until all that was taken is mapped; nothing is taken afterwards.</summary>
    public void End()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        RowBlock? last = _block;
        _block = null;
        if (_worker is null)
        {
            // Too few rows for another thread to be worth it.
            if (last is not null)
            {
                bridge.Await(_ => map(last));
            }

            return;
        }

        if (last is not null)
        {
            Pass(last);
        }

        _queue.Writer.TryComplete();
        bridge.Await(_ => _worker);
    }

    /// <summary>Waits for the block that is being mapped; the mapping sees by itself that the pipeline was stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        _ended = true;
        _queue.Writer.TryComplete(new OperationCanceledException());
        if (_worker is not null)
        {
            await _worker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Pass(RowBlock full)
    {
        _worker ??= Task.Run(WorkAsync);
        if (!_queue.Writer.TryWrite(full))
        {
            bridge.Await(token => _queue.Writer.WriteAsync(full, token).AsTask());
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (RowBlock full in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await map(full).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // Nobody may wait for room in a queue that is no longer emptied.
            _queue.Writer.TryComplete(e);
            throw;
        }
    }
}
