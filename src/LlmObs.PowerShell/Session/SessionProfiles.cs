using System.Collections.Concurrent;

namespace LlmObs.PowerShell.Session;

/// <summary>The profiles of this process; every runspace sees the same ones. Nothing is written to disk.</summary>
internal static class SessionProfiles
{
    private static readonly ConcurrentDictionary<string, SessionProfile> Profiles = new(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> Names => [.. All.Select(profile => profile.ProfileName)];

    public static IReadOnlyList<SessionProfile> All => [.. Profiles.Values.OrderBy(profile => profile.ProfileName, StringComparer.OrdinalIgnoreCase)];

    public static SessionProfile? Find(string name) => Profiles.GetValueOrDefault(name);

    /// <summary>Replaces a profile with a changed one, in one step that no other runspace can interrupt.</summary>
    public static SessionProfile Change(string name, Func<SessionProfile, SessionProfile> change) =>
        Profiles.AddOrUpdate(name, added => change(new SessionProfile(added)), (_, present) => change(present));

    public static bool Remove(string name) => Profiles.TryRemove(name, out _);
}
