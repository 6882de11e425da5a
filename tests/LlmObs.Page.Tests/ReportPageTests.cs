using System.Text.Json.Nodes;

namespace LlmObs.Page.Tests;

[Collection(PageTests.Name)]
public class ReportPageTests(Browser browser, ReportPages pages)
{
    private const string RowCells = "[...document.querySelectorAll('#body tr:not(.space)')].map(row => row.cells[1].textContent)";

    public static TheoryData<string> Files => ["Run", "Comparison", "HostileRun", "LargeRun", "EmptyRun"];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_page_opens_without_an_error_and_asks_for_nothing_else(string page)
    {
        await using Tab tab = await browser.OpenAsync(FileOf(page));
        Assert.Empty(tab.Problems);
        Assert.Single(tab.Requests);
        Assert.EndsWith("rows", await tab.TextAsync("document.getElementById('count').textContent"));
    }

    [Theory]
    [InlineData("rec-00007", 1)]
    [InlineData("PLAN 4 COSTS", 1)]
    [InlineData("did not answer", 3)]
    [InlineData("nothing has this", 0)]
    public async Task Rows_are_searched_in_all_of_their_texts(string words, int count)
    {
        await using Tab tab = await browser.OpenAsync(pages.Run);
        await tab.SetAsync("search", words);
        Assert.Equal($"{count} of 60 rows", await tab.TextAsync("document.getElementById('count').textContent"));
        Assert.Equal(count, (await Rows(tab)).Count);
    }

    [Fact]
    public async Task Rows_are_filtered_by_what_failed_and_by_a_metrics_value()
    {
        await using Tab tab = await browser.OpenAsync(pages.Run);
        await tab.SetAsync("metric", "0");
        await tab.SetAsync("below", "0.3");
        int below = (await Rows(tab)).Count;
        Assert.True(await IsEvery(tab, "Number(row.cells[5].textContent) < 0.3"));
        await tab.SetAsync("below", "");
        await tab.SetAsync("show", "failed");
        Assert.True(await IsEvery(tab, "row.cells[5].className.includes('bad')"));
        Assert.InRange(below, 1, 59);
        await tab.AskAsync("document.querySelector('#filter button').click(); new Promise(done => setTimeout(done, 50))");
        Assert.Equal("60 rows", await tab.TextAsync("document.getElementById('count').textContent"));
    }

    [Theory]
    [InlineData("regressed", " worse")]
    [InlineData("improved", " better")]
    public async Task A_comparison_shows_what_became_worse_or_better(string show, string word)
    {
        await using Tab tab = await browser.OpenAsync(pages.Comparison);
        await tab.SetAsync("metric", "0");
        await tab.SetAsync("show", show);
        string cells = await tab.TextAsync("[...document.querySelectorAll('#body tr:not(.space)')].map(row => row.cells[5].textContent).join('|')");
        Assert.All(cells.Split('|'), cell => Assert.EndsWith(word, cell));
    }

    [Fact]
    public async Task Rows_are_sorted_by_a_column_both_ways()
    {
        await using Tab tab = await browser.OpenAsync(pages.Run);
        const string Sort = "document.querySelector('#head th:nth-child(6) button').click()";
        await tab.AskAsync(Sort);
        Assert.Equal("ascending", await tab.TextAsync("document.querySelector('#head th:nth-child(6)').ariaSort"));
        Assert.Equal("-0.05", await tab.TextAsync("document.querySelector('#body tr:not(.space)').cells[5].textContent"));
        await tab.AskAsync(Sort);
        Assert.Equal("descending", await tab.TextAsync("document.querySelector('#head th:nth-child(6)').ariaSort"));
        Assert.Equal("0.892", await tab.TextAsync("document.querySelector('#body tr:not(.space)').cells[5].textContent"));
    }

    [Fact]
    public async Task An_opened_row_shows_both_outputs_with_their_difference_marked()
    {
        await using Tab tab = await browser.OpenAsync(pages.Comparison);
        await tab.SetAsync("search", "rec-00002");
        await tab.AskAsync("document.querySelector('#body button').click()");
        Assert.Equal("rec-00002", await tab.TextAsync("document.querySelector('dialog[open] h2').textContent"));
        Assert.Equal("euros", await tab.TextAsync("document.querySelector('dialog del').textContent"));
        Assert.Equal("dollars", await tab.TextAsync("document.querySelector('dialog ins').textContent"));
        string text = await tab.TextAsync("document.querySelector('dialog').innerText");
        Assert.Contains("12345678901234567890", text, StringComparison.Ordinal); // JavaScript's numbers end before it
        Assert.Contains("Because of 2.", text, StringComparison.Ordinal);
        Assert.Contains("Plan 2 costs 2 euros a month.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_opened_row_shows_its_error_with_stack()
    {
        await using Tab tab = await browser.OpenAsync(pages.Run);
        await tab.SetAsync("search", "rec-00019");
        await tab.AskAsync("document.querySelector('#body button').click()");
        string text = await tab.TextAsync("document.querySelector('dialog').innerText");
        Assert.Contains("System.TimeoutException: The model did not answer.", text, StringComparison.Ordinal);
        Assert.Contains("at Task, task.ps1: line 3", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the cat sat", "the dog sat", "the -cat+dog sat")]
    [InlineData("", "new", "+new")]
    [InlineData("a b c d", "b c d e", "-a b c d+ e")]
    [InlineData("one\ntwo", "one\nthree", "one\n-two+three")]
    [InlineData("same", "same", "same")]
    public async Task The_difference_gives_both_texts_back(string left, string right, string marked)
    {
        string file = Path.Combine(Path.GetTempPath(), $"llmobs-difference-{Guid.NewGuid():N}.html");
        LlmObs.Evaluation.Results.ResultList rows = ReportPages.Sample("one", 0, 1);
        LlmObs.Evaluation.Results.ResultRow row = rows.ReadRow(0) with
        {
            ExpectedOutput = LlmObs.Evaluation.Results.RawJson.OfText(left),
            Output = LlmObs.Evaluation.Results.RawJson.OfText(right),
        };
        await using (FileStream stream = File.Create(file))
        {
            await LlmObs.Evaluation.Reports.HtmlReport.WriteAsync(
                LlmObs.Evaluation.Reports.RunReport.Of(new LlmObs.Evaluation.Results.ResultList(rows.Header, [row], [], null), "one"), stream);
        }

        try
        {
            await using Tab tab = await browser.OpenAsync(file);
            await tab.AskAsync("document.querySelector('#body button').click()");
            Assert.Equal(left, await tab.TextAsync("document.querySelectorAll('.pair pre')[0].textContent"));
            Assert.Equal(right, await tab.TextAsync("document.querySelectorAll('.pair pre')[1].textContent"));
            string[] gone = [.. marked.Split('-').Skip(1).Select(part => part.Split('+', ' ')[0])];
            Assert.Equal(gone.Length, (int)(await tab.AskAsync("document.querySelectorAll('.pair del').length"))!);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Hostile_texts_stay_texts()
    {
        await using Tab tab = await browser.OpenAsync(pages.HostileRun);
        string title = await tab.TextAsync("document.title");
        Assert.Contains("<script>window.hacked = 1</script>", title, StringComparison.Ordinal);
        for (int i = 0; i < ReportPages.Hostile.Length; i++)
        {
            await tab.AskAsync($"document.querySelector('#body button[data-at=\"{i}\"]').click()");
            Assert.Contains("[U+", await tab.TextAsync("document.body.innerText"), StringComparison.Ordinal);
        }

        Assert.Null(await tab.AskAsync("window.hacked"));
        Assert.Equal(0, (int)(await tab.AskAsync("document.querySelectorAll('img, script:not([type]):not(:last-of-type), iframe, [onload], [onerror], [onmouseover], a[href^=\"javascript\"]').length"))!);
        Assert.False((bool)(await tab.AskAsync("/[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText)"))!);
        Assert.Equal(ReportPages.Hostile.Length, (int)(await tab.AskAsync("document.querySelectorAll('#body tr:not(.space)').length"))!);
        Assert.Empty(tab.Problems);
    }

    [Fact]
    public async Task The_page_runs_nothing_but_its_own_script()
    {
        await using Tab tab = await browser.OpenAsync(pages.Run);
        await tab.AskAsync("{ const it = document.createElement('script'); it.textContent = 'window.hacked = 1'; document.body.append(it); }");
        await tab.AskAsync("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked = 2\"><p style=\"color: red\">x</p>'); new Promise(done => setTimeout(done, 200))");
        Assert.Null(await tab.AskAsync("window.hacked"));
        Assert.Contains(tab.Problems, problem => problem.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Of_ten_thousand_rows_those_in_sight_are_drawn()
    {
        await using Tab tab = await browser.OpenAsync(pages.LargeRun);
        Assert.InRange((await Rows(tab)).Count, 10, 100);
        await tab.AskAsync("document.getElementById('scroll').scrollTop = 1e9; new Promise(done => setTimeout(done, 200))");
        Assert.Equal("rec-09999", (await Rows(tab))[^1]);
        Assert.InRange((await Rows(tab)).Count, 10, 100);
        await tab.SetAsync("search", "rec-05000");
        Assert.Equal(["rec-05000"], await Rows(tab));
    }

    [Fact]
    public async Task Rows_are_reached_by_the_keyboard()
    {
        await using Tab tab = await browser.OpenAsync(pages.LargeRun);
        await tab.AskAsync("document.querySelector('#body button').focus()");
        for (int i = 0; i < 60; i++)
        {
            await tab.PressAsync("ArrowDown");
        }

        Assert.Equal("rec-00060", await tab.TextAsync("document.activeElement.textContent"));
        await tab.AskAsync("document.activeElement.click()");
        await tab.PressAsync("ArrowRight");
        Assert.Equal("rec-00061", await tab.TextAsync("document.querySelector('dialog h2').textContent"));
        await tab.AskAsync("void (window.hasClosed = new Promise(done => document.getElementById('row').addEventListener('close', () => done(true))))");
        await tab.PressAsync("Escape");
        Assert.True((bool)(await tab.AskAsync("window.hasClosed"))!); // the page moves the focus then
        Assert.False((bool)(await tab.AskAsync("document.getElementById('row').open"))!);
        Assert.Equal("rec-00061", await tab.TextAsync("document.activeElement.textContent"));
    }

    [Fact]
    public async Task Printing_takes_the_rows_along()
    {
        await using Tab tab = await browser.OpenAsync(pages.Run, "dark");
        await tab.AskAsync("addEventListener('beforeprint', () => window.printedRows = document.querySelectorAll('#body tr:not(.space)').length)");
        byte[] pdf = await tab.PrintAsync();
        Assert.Equal("%PDF"u8.ToArray(), pdf[..4]);
        Assert.Equal(60, (int)(await tab.AskAsync("window.printedRows"))!);
        await tab.EmulateAsync("dark", "print");
        Assert.Equal("rgb(255, 255, 255)", await tab.TextAsync("getComputedStyle(document.body).backgroundColor"));
    }

    [Fact]
    public async Task A_printed_table_is_as_wide_as_the_sheet()
    {
        await using Tab tab = await browser.OpenAsync(pages.Comparison, width: 760);
        Assert.True((bool)(await tab.AskAsync("document.getElementById('table').scrollWidth > innerWidth"))!);
        await tab.EmulateAsync("light", "print");
        Assert.True((bool)(await tab.AskAsync("document.getElementById('table').scrollWidth <= innerWidth"))!);
    }

    [Fact]
    public async Task Headings_of_the_scores_are_whole_words()
    {
        await using Tab tab = await browser.OpenAsync(pages.Comparison);
        await tab.AskAsync("document.querySelector('#body button').click()");
        Assert.Equal("[]", await tab.TextAsync("JSON.stringify([...document.querySelectorAll('dialog thead th')].filter(cell => cell.getClientRects()[0].height > 40).map(cell => cell.textContent))"));
    }

    [Fact]
    public async Task The_overview_shows_hostile_texts_as_texts_and_has_no_script()
    {
        await using Tab tab = await browser.OpenAsync(pages.Overview);
        Assert.Empty(tab.Problems);
        Assert.Single(tab.Requests);
        Assert.Equal(0, (int)(await tab.AskAsync("document.querySelectorAll('script, img, svg, iframe, b, i, [onload], [onerror], [onmouseover]').length"))!);
        Assert.Equal(ReportPages.Hostile.Length, (int)(await tab.AskAsync("document.querySelectorAll('tbody tr').length"))!);
        Assert.False((bool)(await tab.AskAsync("/[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText)"))!);
        Assert.True((bool)(await tab.AskAsync("[...document.links].every(link => link.getAttribute('href').startsWith('/experiments/'))"))!);
        Assert.Null(await tab.AskAsync("window.hacked"));
    }

    [Theory]
    [InlineData("Overview", "light")]
    [InlineData("Overview", "dark")]
    public async Task Texts_of_the_overview_have_contrast_and_names(string page, string scheme)
    {
        await using Tab tab = await browser.OpenAsync(FileOf(page), scheme);
        Assert.Equal("[]", await tab.TextAsync($"JSON.stringify(({Checks.Contrast})())"));
        Assert.Equal("[]", await tab.TextAsync($"JSON.stringify(({Checks.Names})())"));
    }

    [Theory]
    [InlineData("Run", "light")]
    [InlineData("Run", "dark")]
    [InlineData("Comparison", "light")]
    [InlineData("Comparison", "dark")]
    public async Task Texts_have_contrast(string page, string scheme)
    {
        await using Tab tab = await browser.OpenAsync(FileOf(page), scheme);
        await tab.SetAsync("show", "failed");
        Assert.Equal("[]", await tab.TextAsync($"JSON.stringify(({Checks.Contrast})())"));
        await tab.SetAsync("show", "all");
        await tab.AskAsync("document.querySelector('#body button').click()");
        Assert.Equal("[]", await tab.TextAsync($"JSON.stringify(({Checks.Contrast})())"));
    }

    [Theory]
    [InlineData("Run")]
    [InlineData("Comparison")]
    public async Task Everything_has_a_name_and_headings_have_an_order(string page)
    {
        await using Tab tab = await browser.OpenAsync(FileOf(page));
        await tab.AskAsync("document.querySelector('#body button').click()");
        Assert.Equal("[]", await tab.TextAsync($"JSON.stringify(({Checks.Names})())"));
    }

    [Theory]
    [InlineData("Comparison")]
    [InlineData("Overview")]
    public async Task A_narrow_window_does_not_scroll_sideways(string page)
    {
        await using Tab tab = await browser.OpenAsync(FileOf(page), width: 400);
        Assert.True((bool)(await tab.AskAsync("document.documentElement.scrollWidth <= innerWidth"))!);
    }

    private static async Task<List<string>> Rows(Tab tab) => [.. ((JsonArray)(await tab.AskAsync(RowCells))!).Select(cell => (string)cell!)];

    private static async Task<bool> IsEvery(Tab tab, string test) =>
        (bool)(await tab.AskAsync($"[...document.querySelectorAll('#body tr:not(.space)')].every(row => {test})"))!;

    private string FileOf(string page) => (string)typeof(ReportPages).GetProperty(page)!.GetValue(pages)!;
}
