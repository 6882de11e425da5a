using LlmObs.Help.Cmdlets;

namespace LlmObs.Help.Pages;

/// <summary>
/// Compares a page with its cmdlet. Only wrong statements are found here and end the build; tests find omissions,
/// so that a cmdlet can be written before its page.
/// </summary>
public static class PageCheck
{
    private const string None = "None";

    /// <summary>The statements of the page that contradict the cmdlet.</summary>
    public static IEnumerable<(int Line, string Message)> Find(CommandPage page, CmdletFacts cmdlet)
    {
        foreach ((string name, PageText text) in page.Parameters)
        {
            if (cmdlet.Parameters.All(parameter => parameter.Name != name))
            {
                yield return (text.Line, $"{cmdlet.Name} has no parameter -{name}");
            }
        }

        foreach ((int Line, string Message) found in Compare(page.Outputs, cmdlet.OutputTypes, $"{cmdlet.Name} writes"))
        {
            yield return found;
        }

        string[] piped = [.. cmdlet.Parameters.Where(parameter => parameter.IsPiped).Select(parameter => parameter.TypeFullName).Distinct()];
        bool byName = cmdlet.Parameters.Any(parameter => parameter.IsPipedByName);
        if (piped.Length > 0 || !byName)
        {
            foreach ((int Line, string Message) found in Compare(page.Inputs, piped, $"what is piped to {cmdlet.Name} as a whole is"))
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<(int Line, string Message)> Compare(IReadOnlyList<(string Heading, PageText Text)> said, IReadOnlyList<string> real, string subject)
    {
        string list = real.Count == 0 ? None : string.Join(", ", real);
        foreach ((string heading, PageText text) in said.Where(one => real.Count == 0 ? one.Heading != None : !real.Contains(one.Heading)))
        {
            yield return (text.Line, $"'{heading}' is not right: {subject} {list}");
        }

        foreach (string type in real.Where(type => said.All(one => one.Heading != type)))
        {
            yield return (1, $"'### {type}' is missing: {subject} {list}");
        }
    }
}
