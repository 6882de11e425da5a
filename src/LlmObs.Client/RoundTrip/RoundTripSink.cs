namespace LlmObs.Client.RoundTrip;

/// <summary>
/// Stands before another sink and has plain rows made of those that were read back, be they still objects or saved in a
/// file. All other rows go through as they are.
/// </summary>
/// <param name="inner">Takes the events.</param>
/// <param name="freeForm">How the host's objects become JSON.</param>
public sealed class RoundTripSink(IEventRowSink inner, HostObjectJson freeForm) : IEventRowSink
{
    private RoundTripRows? _rows;

    /// <inheritdoc/>
    public bool Accept(EventRow row, EventKind? kind)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.IsReadBack ? (_rows ??= new RoundTripRows(inner, freeForm)).Accept(row, kind) : inner.Accept(row, kind);
    }

    /// <inheritdoc/>
    public void Reject(RowPlace place, EventRowException problem, string? text) => inner.Reject(place, problem, text);

    /// <inheritdoc/>
    public void Ignore(string? source, IReadOnlyList<string> names) => inner.Ignore(source, names);

    /// <inheritdoc/>
    public void Ignore(string? source, string name, string why) => inner.Ignore(source, name, why);

    /// <inheritdoc/>
    public void Reject(RowPlace first, long count, EventRowException problem) => inner.Reject(first, count, problem);

    /// <inheritdoc/>
    public void Warn(string warning) => inner.Warn(warning);
}
