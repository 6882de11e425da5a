using System.Text.RegularExpressions;

namespace LlmObs.Architecture.Tests;

/// <summary>The walls between projects and between their folders. The message of a failure contains the advice.</summary>
public partial class RoomTests
{
    public static TheoryData<ProjectRules> Projects => [.. ProjectRules.All];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_those_below_it(ProjectRules project)
    {
        string[] assemblies = [.. ProjectRules.All.Where(one => project.Knows.Contains(one.Name)).Select(one => Path.GetFileNameWithoutExtension(one.Assembly))];
        string[] known = [.. new CompiledProject(project.Assembly).Assembly.MainModule.AssemblyReferences.Select(one => one.Name)
            .Where(name => name == "LlmObs" || name.StartsWith("LlmObs.", StringComparison.Ordinal))];
        Assert.Empty(known.Except(assemblies));
    }

    [Fact]
    public void Every_project_of_the_product_has_rules() =>
        Assert.Equal(
            Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
                .Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal),
            ProjectRules.All.Select(project => project.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_room_has_its_place_in_the_order(ProjectRules project)
    {
        if (project.Rooms.Length > 0)
        {
            Assert.Equal(project.Folders, project.Rooms.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_room_knows_only_the_rooms_before_it(ProjectRules project)
    {
        if (project.Rooms.Length == 0)
        {
            return;
        }

        var against = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach ((string user, HashSet<string> used) in new CompiledProject(project.Assembly).References)
        {
            string from = Room(project, user);
            foreach (string type in used)
            {
                string to = Room(project, type);
                if (Array.IndexOf(project.Rooms, from) is int place and >= 0 && Array.IndexOf(project.Rooms, to) > place)
                {
                    string pair = $"{from} -> {to}";
                    against.TryAdd(pair, []);
                    against[pair].Add($"{Simple(user)} -> {Simple(type)}");
                }
            }
        }

        string[] wrong = [.. against.Select(pair => $"{pair.Key}: {string.Join(", ", pair.Value)}")];
        Assert.True(
            wrong.Length == 0,
            $"Rooms of {project.Name} know rooms that come after them in ProjectRules. Move the type to the room that needs it, or pass what is needed:{Lines(wrong)}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_namespace_is_the_folder_of_its_file(ProjectRules project)
    {
        string[] wrong = [.. project.Sources
            .Select(file => (File: file, Namespace: Declared().Match(File.ReadAllText(file)).Groups[1].Value, Room: project.RoomOf(file)))
            .Where(one => one.Namespace.Length > 0 && one.Namespace != Expected(project, one.File, one.Room))
            .Select(one => $"{Path.GetRelativePath(Repository.Root, one.File)}: {one.Namespace}, not {Expected(project, one.File, one.Room)}")];
        Assert.True(wrong.Length == 0, $"A namespace is the folder of its file:{Lines(wrong)}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_picture_in_CONTRIBUTING_names_each_folder(ProjectRules project)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"));
        Match entry = Regex.Match(text, $@"^  {Regex.Escape(project.Name)}/.*\n(?: {{10,}}.*\n)*", RegexOptions.Multiline);
        string[] named = [.. Named().Matches(entry.Value).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        Assert.Equal(project.Folders, named);
    }

    [Fact]
    public void Every_type_has_a_user()
    {
        // What the module does not hold yet is under construction.
        string[] held = [.. new CompiledProject("LlmObs.dll").Assembly.MainModule.AssemblyReferences.Select(one => one.Name), "LlmObs"];
        CompiledProject[] all = [.. ProjectRules.All.Where(project => held.Contains(Path.GetFileNameWithoutExtension(project.Assembly)))
            .Select(project => new CompiledProject(project.Assembly))];
        HashSet<string> used = [.. all.SelectMany(project => project.References.Values).SelectMany(types => types)];
        string[] unused = [.. all.SelectMany(project => project.Types)
            .Where(type => !used.Contains(type.FullName) && !IsForOthers(type) && !HasConstantsOnly(type)).Select(type => type.FullName)];
        Assert.True(unused.Length == 0, $"Nothing in src uses these types. Delete them:{Lines(unused)}");
    }

    [Fact]
    public void No_two_projects_have_a_type_of_the_same_name()
    {
        string[] doubled = [.. ProjectRules.All.SelectMany(project => new CompiledProject(project.Assembly).Types.Select(type => (type.Name, project.Name)))
            .Distinct().GroupBy(one => one.Item1).Where(group => group.Count() > 1).Select(group => group.Key).Order(StringComparer.Ordinal)];

        // A name of the model hides the same name of a room even if the room's is meant.
        Assert.Empty(doubled);
    }

    [Fact]
    public void Failures_of_requests_are_made_where_their_texts_are_masked()
    {
        // A message of a service or the system may repeat a key: FailureMessages masks it. The others copy a failure, or have a fixed text.
        string[] makers = [.. ProjectRules.All.SelectMany(project => project.Sources)
            .Where(file => Creation().IsMatch(File.ReadAllText(file))).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(["FailureMessages.cs", "HostSafeError.cs", "PagedCall.cs", "PullRequestComments.cs"], makers);
    }

    private static string Expected(ProjectRules project, string file, string room) => (project.Name, Path.GetFileName(file)) switch
    {
        ("LlmObs.Model", _) => "LlmObs",

        // Scripts see it as what Get-LlmObsConfig returns.
        ("LlmObs.PowerShell", "SessionProfile.cs") => "LlmObs",
        _ => room.Length == 0 ? project.Name : $"{project.Name}.{room}",
    };

    /// <summary>True if PowerShell finds a type by itself, or scripts may name it.</summary>
    private static bool IsForOthers(TypeDefinition type) =>
        type.Namespace == "LlmObs" || type.CustomAttributes.Any(one => one.AttributeType.Name == "CmdletAttribute")
        || type.Interfaces.Any(one => one.InterfaceType.Name is "IModuleAssemblyInitializer" or "IModuleAssemblyCleanup");

    private static bool HasConstantsOnly(TypeDefinition type) => type.HasFields && type.Fields.All(field => field.IsLiteral) && !type.HasMethods;

    private static string Room(ProjectRules project, string type)
    {
        string space = type[..Math.Max(type.LastIndexOf('.'), 0)];
        return space.StartsWith(project.Name + ".", StringComparison.Ordinal) ? space[(project.Name.Length + 1)..].Split('.')[0] : string.Empty;
    }

    private static string Simple(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => Environment.NewLine + "  " + line));

    [GeneratedRegex(@"new LlmObsException\(|LlmObsException \w+\([^)]*\) =>\s*new\(")]
    private static partial Regex Creation();

    [GeneratedRegex(@"(?<![\w./])([A-Z]\w+)/")]
    private static partial Regex Named();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
