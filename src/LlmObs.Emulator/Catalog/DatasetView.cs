using System.Globalization;

namespace LlmObs.Emulator.Catalog;

/// <summary>Finds the version of a dataset that a request wants to read.</summary>
internal static class DatasetView
{
    /// <param name="catalog">Where to look.</param>
    /// <param name="request">The request; its path names project and dataset.</param>
    /// <param name="parameter">The query parameter that names the version; the current one where it is missing.</param>
    /// <param name="version">The version.</param>
    public static Problem? Find(DatasetCatalog catalog, RouteRequest request, string parameter, out DatasetSnapshot? version)
    {
        version = null;
        if (catalog.FindDataset(request.Ids[0], request.Ids[1]) is not { } dataset)
        {
            return CatalogWriter.UnknownDataset(request.Ids[0], request.Ids[1]);
        }

        long? number = null;
        if (request.Query[parameter] is { } text)
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long given))
            {
                return Problem.WrongParameter(parameter, $"'{parameter}' must be a number, not '{text}'.");
            }

            number = given;
        }

        version = catalog.Version(dataset.Id, number);
        return version is null ? CatalogWriter.UnknownVersion(dataset, number) with { Parameter = parameter } : null;
    }
}
