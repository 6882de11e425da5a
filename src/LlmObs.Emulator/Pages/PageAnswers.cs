namespace LlmObs.Emulator.Pages;

/// <summary>Answers a browser on this machine. Pages are no part of the API: they only show, and no fault is played on them.</summary>
/// <param name="store">The data to show.</param>
/// <param name="source">Makes the pages; null if there are none.</param>
/// <param name="asksForKeys">True if the emulator answers only requests with keys, which a browser does not have.</param>
internal sealed class PageAnswers(EmulatorStore store, IPageSource? source, bool asksForKeys)
{
    private const string Html = "text/html; charset=utf-8";
    private const string ComparisonPath = "/compare";
    private const string ExperimentPath = "/experiments/";

    // Beside the policy that a page itself carries.
    private static readonly KeyValuePair<string, string>[] Headers =
    [
        new("Content-Security-Policy", "frame-ancestors 'none'"),
        new("X-Content-Type-Options", "nosniff"),
        new("Referrer-Policy", "no-referrer"),
        new("Cross-Origin-Resource-Policy", "same-origin"),
        new("Cache-Control", "no-store"),
    ];

    /// <summary>Finds the answer.</summary>
    /// <param name="head">The head of a request.</param>
    /// <returns>The answer; null if the request is for the API.</returns>
    public async Task<Answer?> FindAsync(RequestHead head)
    {
        if (source is null || head.Method is not ("GET" or "HEAD"))
        {
            return null;
        }

        if (head.Path == "/favicon.ico")
        {
            return Answer.Empty(204); // browsers ask for it unasked
        }

        if (head.Path is not ("/" or ComparisonPath) && !head.Path.StartsWith(ExperimentPath, StringComparison.Ordinal))
        {
            return null;
        }

        if (asksForKeys)
        {
            return Answer.Of(new Problem(
                403, "This emulator asks for keys, which a browser does not send, so it shows no pages. Start it without -ApiKey, -AppKey and -AccessToken."));
        }

        EmulatorPage made = await MakeAsync(source, head).ConfigureAwait(false);
        return new Answer { Status = made.Status, Body = new(made.Html), ContentType = Html, Headers = Headers };
    }

    private Task<EmulatorPage> MakeAsync(IPageSource pages, RequestHead head) => head.Path switch
    {
        "/" => pages.OverviewAsync(store),
        ComparisonPath => pages.ComparisonAsync(store, new QueryParameters(head.Query).Values("experiment")),
        _ => pages.ExperimentAsync(store, Uri.UnescapeDataString(head.Path[ExperimentPath.Length..])),
    };
}

/// <summary>Makes pages for a browser of what an emulator holds. The emulator only serves them: it knows no reports.</summary>
public interface IPageSource
{
    /// <summary>The page that lists everything.</summary>
    /// <param name="store">The emulator's data.</param>
    /// <returns>The page.</returns>
    Task<EmulatorPage> OverviewAsync(EmulatorStore store);

    /// <summary>The page of one experiment.</summary>
    /// <param name="store">The emulator's data.</param>
    /// <param name="experimentId">The id that was asked for.</param>
    /// <returns>The page; a message if there is no such experiment.</returns>
    Task<EmulatorPage> ExperimentAsync(EmulatorStore store, string experimentId);

    /// <summary>The page that compares two experiments.</summary>
    /// <param name="store">The emulator's data.</param>
    /// <param name="experimentIds">The ids that were asked for; two, unless somebody asked for something else.</param>
    /// <returns>The page; a message if these are not two experiments.</returns>
    Task<EmulatorPage> ComparisonAsync(EmulatorStore store, IReadOnlyList<string> experimentIds);
}

/// <summary>A page for a browser.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Html">The page, UTF-8.</param>
public sealed record EmulatorPage(int Status, byte[] Html);
