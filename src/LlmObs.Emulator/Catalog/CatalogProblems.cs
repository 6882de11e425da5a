namespace LlmObs.Emulator.Catalog;

/// <summary>The reasons why requests on projects and datasets are refused.</summary>
internal static class CatalogProblems
{
    public static Problem UnknownProject(string id) => new(404, $"There is no project with the id '{id}'.");

    public static Problem UnknownDataset(string projectId, string id) => new(404, $"There is no dataset with the id '{id}' in the project '{projectId}'.");

    public static Problem UnknownVersion(StoredDataset dataset, long? version) => Problem.BadRequest(FormattableString.Invariant(
        $"The dataset has no version {version}; its versions are 0 to {dataset.CurrentVersion}."));
}
