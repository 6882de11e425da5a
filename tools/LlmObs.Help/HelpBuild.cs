using LlmObs.Help.Cmdlets;
using LlmObs.Help.Maml;
using LlmObs.Help.Pages;
using LlmObs.Help.Topics;

namespace LlmObs.Help;

/// <summary>From a folder of pages and an assembly of cmdlets to a folder that Get-Help reads.</summary>
public static class HelpBuild
{
    private const string SharedPage = "shared.md";
    private const string TopicPrefix = "about_";

    /// <summary>Writes the help, or nothing at all if a page has a problem.</summary>
    /// <param name="assembly">LlmObs.dll, with its dependencies beside it.</param>
    /// <param name="pages">The folder of <c>Verb-Noun.md</c>, <c>about_*.md</c> and <c>shared.md</c>. Other files are for readers of the folder.</param>
    /// <param name="output">The folder for the help.</param>
    /// <returns>The problems of the pages; empty if the help was written.</returns>
    public static IReadOnlyList<PageProblem> Run(string assembly, string pages, string output)
    {
        var problems = new List<PageProblem>();
        IReadOnlyDictionary<string, CmdletFacts> cmdlets = CmdletReader.Read(assembly);
        IReadOnlyDictionary<string, PageText> shared = ReadShared(Path.Combine(pages, SharedPage), problems);
        var commands = new List<(CommandPage, CmdletFacts)>();
        var topics = new Dictionary<string, string>();

        foreach (string path in Directory.EnumerateFiles(pages, "*.md").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            Try(path, problems, () =>
            {
                if (name.StartsWith(TopicPrefix, StringComparison.Ordinal))
                {
                    topics[name + ".help.txt"] = TopicWriter.Write(name, PageText.Load(path));
                }
                else if (name.Contains('-'))
                {
                    CommandPage page = CommandPageReader.Read(name, PageText.Load(path));
                    if (!cmdlets.TryGetValue(name, out CmdletFacts? cmdlet))
                    {
                        throw new PageException(1, $"there is no cmdlet {name}");
                    }

                    problems.AddRange(PageCheck.Find(page, cmdlet).Select(found => new PageProblem(path, found.Line, found.Message)));
                    commands.Add((page.WithShared(cmdlet, shared), cmdlet));
                }
            });
        }

        if (problems.Count == 0)
        {
            Directory.CreateDirectory(output);
            MamlWriter.Write(Path.Combine(output, Path.GetFileName(assembly) + "-Help.xml"), commands);
            foreach ((string file, string text) in topics)
            {
                File.WriteAllText(Path.Combine(output, file), text);
            }
        }

        return problems;
    }

    private static IReadOnlyDictionary<string, PageText> ReadShared(string path, List<PageProblem> problems)
    {
        IReadOnlyDictionary<string, PageText> shared = new Dictionary<string, PageText>();
        Try(path, problems, () => shared = CommandPageReader.ReadShared(PageText.Load(path)));
        return shared;
    }

    private static void Try(string path, List<PageProblem> problems, Action read)
    {
        try
        {
            read();
        }
        catch (PageException e)
        {
            problems.Add(new PageProblem(path, e.Line, e.Message));
        }
        catch (IOException e)
        {
            problems.Add(new PageProblem(path, 1, e.Message));
        }
    }
}
