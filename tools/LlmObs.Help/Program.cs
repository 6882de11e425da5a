using LlmObs.Help;

if (args is not [string assembly, string pages, string output])
{
    Console.Error.WriteLine("usage: LlmObs.Help <LlmObs.dll> <folder of pages> <output folder>");
    return 2;
}

IReadOnlyList<PageProblem> problems = HelpBuild.Run(assembly, pages, output);
foreach (PageProblem problem in problems)
{
    Console.WriteLine(problem);
}

return problems.Count == 0 ? 0 : 1;
