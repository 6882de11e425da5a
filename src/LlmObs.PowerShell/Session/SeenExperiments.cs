namespace LlmObs.PowerShell.Session;

/// <summary>The experiments that answers have named in this process, the latest first; for completion, which never calls.</summary>
internal static class SeenExperiments
{
    private const int Most = 200;
    private static readonly Lock Gate = new();
    private static readonly LinkedList<(string Id, string? Name)> Seen = new();

    public static IReadOnlyList<(string Id, string? Name)> All
    {
        get
        {
            lock (Gate)
            {
                return [.. Seen];
            }
        }
    }

    /// <summary>Keeps the experiments that an answer holds; anything else is nothing.</summary>
    public static void Note(object? answer)
    {
        foreach (Experiment experiment in answer is Experiment one ? [one] : answer as IEnumerable<Experiment> ?? [])
        {
            Note(experiment.Id, experiment.Name);
        }
    }

    private static void Note(string id, string? name)
    {
        lock (Gate)
        {
            if (Seen.FirstOrDefault(one => one.Id == id) is { Id: not null } present)
            {
                Seen.Remove(present);
                name ??= present.Name;
            }

            Seen.AddFirst((id, name));
            if (Seen.Count > Most)
            {
                Seen.RemoveLast();
            }
        }
    }
}
