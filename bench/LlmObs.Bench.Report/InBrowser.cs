using System.Text.Json.Nodes;
using LlmObs.Page.Tests;

namespace LlmObs.Bench.Report;

/// <summary>Measures a page in a headless browser. Times are from the page's own clock, to the end of layout.</summary>
internal static class InBrowser
{
    private const string Drawn = "(() => { const n = performance.getEntriesByType('navigation')[0]; const p = performance.getEntriesByName('first-contentful-paint')[0]; return [p ? p.startTime : -1, n.domContentLoadedEventEnd]; })()";

    // A person waits for the frame that shows the change: layout is forced, so that it counts.
    private const string Timed = """
        const timed = act => { const start = performance.now(); act(); document.getElementById('scroll').getBoundingClientRect(); document.body.offsetHeight; return performance.now() - start; };
        const type = words => timed(() => { const it = document.getElementById('search'); it.value = words; it.dispatchEvent(new Event('input', { bubbles: true })); });
        """;

    public static async Task<string> MeasureAsync(Browser browser, string file, string name)
    {
        await using Tab tab = await browser.OpenAsync(file);
        double first = Number(await tab.AskAsync($"(() => {{ {Timed} return type('plan 77'); }})()"));
        JsonArray drawn = (JsonArray)(await tab.AskAsync(Drawn))!;
        double slowest = Number(await tab.AskAsync($$"""(() => { {{Timed}} return Math.max(...Array.from({ length: 20 }, (_, i) => type(['plan', 'dollars', `rec-000${i}`, 'nothing has this', 'friendly'][i % 5] + (i > 9 ? ' ' : '')))); })()"""));
        double sort = Number(await tab.AskAsync($"(() => {{ {Timed} type(''); return timed(() => document.querySelector('#head th:nth-child(6) button').click()); }})()"));
        double open = Number(await tab.AskAsync($"(() => {{ {Timed} return timed(() => document.querySelector('#body button').click()); }})()"));
        return FormattableString.Invariant(
            $"| {name} | {Number(drawn[0]):0} ms | {Number(drawn[1]):0} ms | {slowest:0} ms | {first:0} ms | {sort:0} ms | {open:0} ms |");
    }

    private static double Number(JsonNode? node) => node!.GetValue<double>();
}
