namespace LlmObs.Architecture.Tests;

/// <summary>The rules for the folders of one project.</summary>
/// <param name="Name">The project's folder in src.</param>
/// <param name="Assembly">The file that it makes.</param>
/// <param name="Knows">The product's assemblies that it may refer to.</param>
/// <param name="Rooms">
/// Its folders, in order: a room knows those before it, and none after it. Empty for a project whose rooms are only shelves.
/// </param>
public sealed record ProjectRules(string Name, string Assembly, string[] Knows, string[] Rooms)
{
    public static ProjectRules[] All { get; } =
    [
        // Scripts name these types, so they all live in the namespace LlmObs, and a folder is only a shelf.
        new("LlmObs.Model", "LlmObs.Model.dll", [], []),

        new(
            "LlmObs.Client",
            "LlmObs.Client.dll",
            ["LlmObs.Model"],
            ["Json", "Http", "PullRequests", "Rows", "Warnings", "Api", "Files", "Writing", "Tables", "RoundTrip", "Records", "Sending"]),

        new(
            "LlmObs.Emulator",
            "LlmObs.Emulator.dll",
            ["LlmObs.Model"],
            [
                "Settings", "Json", "Http", "Faults", "Paging", "Events", "Experiments", "Catalog", "Store", "Fields", "Query", "Aggregation", "Search",
                "Journal", "State", "Pages", "Routes", "Server",
            ]),

        new("LlmObs.Evaluation", "LlmObs.Evaluation.dll", ["LlmObs.Model"], []),

        new(
            "LlmObs.PowerShell",
            "LlmObs.dll",
            ["LlmObs.Model", "LlmObs.Client", "LlmObs.Emulator", "LlmObs.Evaluation"],
            [
                "Values", "Results", "Errors", "Session", "Parameters", "Completion", "Cmdlets", "Gates", "Summaries", "Input", "Sending", "Running",
                "Commands", "Loading",
            ]),
    ];

    public string Folder => Path.Combine(Repository.Root, "src", Name);

    /// <summary>The rooms that there are: every folder with a source file in it. A folder in a room is part of it.</summary>
    public IEnumerable<string> Folders => Sources.Select(file => RoomOf(file).Split('.')[0]).Distinct().Where(room => room.Length > 0).Order(StringComparer.Ordinal);

    public IEnumerable<string> Sources =>
        Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Where(file => RoomOf(file).Split('.')[0] is not ("bin" or "obj"));

    public string RoomOf(string file) =>
        Path.GetDirectoryName(Path.GetRelativePath(Folder, file))!.Replace(Path.DirectorySeparatorChar, '.').Replace('/', '.');

    public override string ToString() => Name;
}
