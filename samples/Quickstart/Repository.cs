namespace LlmObs.Quickstart;

/// <summary>The clone that this program was built in.</summary>
/// <param name="Root">Its root folder.</param>
internal sealed record Repository(string Root)
{
    private const string Mark = "LlmObs.psd1";

    public string Script => Path.Combine(Root, "samples", "quickstart.ps1");

    public string DataFile(string name) => Path.Combine(Root, "samples", "data", name);

    /// <summary>Looks for the root above a folder.</summary>
    public static Repository? Above(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Mark)))
            {
                return new Repository(at.FullName);
            }
        }

        return null;
    }
}
