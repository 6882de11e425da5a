using System.Globalization;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace LlmObs.Evaluation.Reports;

/// <summary>
/// An SVG picture of figures, with a sentence of the same content. The page's style sheet sets the colours, so that they
/// follow its light and dark mode, and the picture needs no style of its own, which the page's policy would refuse.
/// </summary>
/// <param name="Svg">The picture.</param>
/// <param name="Text">Its content in words.</param>
internal sealed record ReportPlot(string Svg, string Text)
{
    private const int Width = 360;
    private const int Height = 150;
    private const int FontSize = 11;
    private const int MostBars = 180;
    private const int MostCategories = 8;
    private const int LongestName = 20;

    // Placeholders for classes of the style sheet.
    private static readonly OxyColor Ink = OxyColors.Black;
    private static readonly OxyColor Bar = OxyColor.FromRgb(1, 0, 1);
    private static readonly OxyColor Good = OxyColor.FromRgb(1, 0, 2);
    private static readonly OxyColor Bad = OxyColor.FromRgb(1, 0, 3);
    private static readonly OxyColor Band = OxyColor.FromRgb(1, 0, 4);
    private static readonly OxyColor Cut = OxyColor.FromRgb(1, 0, 5);
    private static readonly string[] Painted = ["fill", "stroke"];
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["rgb(1,0,1)"] = "p-bar", ["rgb(1,0,2)"] = "p-good", ["rgb(1,0,3)"] = "p-bad", ["rgb(1,0,4)"] = "p-band", ["rgb(1,0,5)"] = "p-cut",
    };

    /// <summary>The distribution of scores.</summary>
    public static ReportPlot Histogram(IEnumerable<double> scores)
    {
        double[] values = [.. scores.Order()];
        (double low, double high) = values is [>= 0, ..] && values[^1] <= 1 ? (0, 1) : (values[0], values[^1]);
        if (low == high)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        int count = Math.Clamp((int)Math.Ceiling(Math.Sqrt(values.Length)), 5, 20);
        double width = (high - low) / count;
        int[] bins = new int[count];
        foreach (double value in values)
        {
            bins[Math.Clamp((int)((value - low) / width), 0, count - 1)]++;
        }

        PlotModel model = New(labelLength: 6);
        model.Axes.Add(Axis(AxisPosition.Bottom, low, high));
        model.Axes.Add(Axis(AxisPosition.Left, 0, bins.Max() * 1.05, ticks: 2));
        RectangleBarSeries series = new() { FillColor = Bar, StrokeThickness = 0 };
        for (int i = 0; i < count; i++)
        {
            series.Items.Add(new(low + ((i + 0.06) * width), 0, low + ((i + 0.94) * width), bins[i]));
        }

        model.Series.Add(series);
        string quartiles = $"a quarter up to {Number(RunReport.Quantile(values, 0.25))}, half up to {Number(RunReport.Quantile(values, 0.5))}, three quarters up to {Number(RunReport.Quantile(values, 0.75))}";
        return Draw(model, $"Histogram of {ReportText.Count(values.Length)} scores from {Number(values[0])} to {Number(values[^1])}: {quartiles}.");
    }

    /// <summary>The number of rows in each class.</summary>
    public static ReportPlot Counts(IReadOnlyList<(string Name, int Count, bool? IsGood)> counts)
    {
        List<(string Name, int Count, bool? IsGood)> shown = [.. counts.Take(MostCategories)];
        if (counts.Count > MostCategories)
        {
            shown.Add(($"{counts.Count - MostCategories} others", counts.Skip(MostCategories).Sum(one => one.Count), null));
        }

        PlotModel model = New(shown.Max(one => Shorten(one.Name).Length));
        CategoryAxis names = new() { Position = AxisPosition.Left, GapWidth = 0.35, TextColor = Ink, TicklineColor = OxyColors.Undefined, StartPosition = 1, EndPosition = 0 };
        names.Labels.AddRange(shown.Select(one => Shorten(one.Name)));
        model.Axes.Add(names);
        model.Axes.Add(Axis(AxisPosition.Bottom, 0, Math.Max(1, shown.Max(one => one.Count)), ticks: 4));
        BarSeries series = new() { StrokeThickness = 0 };
        foreach ((_, int count, bool? isGood) in shown)
        {
            series.Items.Add(new(count) { Color = isGood switch { true => Good, false => Bad, null => Bar } });
        }

        model.Series.Add(series);
        return Draw(model, $"Bars: {string.Join(", ", shown.Select(one => $"{ReportText.Visible(one.Name)} {ReportText.Count(one.Count)}"))}.");
    }

    /// <summary>The middle half of the durations, and the range of the others.</summary>
    /// <param name="seconds">At least one, the shortest first.</param>
    public static ReportPlot Box(double[] seconds)
    {
        (double lowest, double lower, double middle, double upper, double highest) =
            (seconds[0], RunReport.Quantile(seconds, 0.25), RunReport.Quantile(seconds, 0.5), RunReport.Quantile(seconds, 0.75), seconds[^1]);
        double reach = 1.5 * (upper - lower);
        double low = seconds.First(value => value >= lower - reach);
        double high = seconds.Last(value => value <= upper + reach);
        PlotModel model = New(labelLength: 0);
        model.Axes.Add(Axis(AxisPosition.Bottom, Math.Max(0, lowest - ((highest - lowest) * 0.04)), highest + Math.Max((highest - lowest) * 0.04, 1e-9), "s"));
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0, Maximum = 4, IsAxisVisible = false });
        RectangleBarSeries box = new() { FillColor = Bar, StrokeThickness = 0 };
        box.Items.Add(new(lower, 1.2, upper, 2.8));
        model.Series.Add(box);
        LineSeries median = Line((middle, 1.2), (middle, 2.8));
        (median.Color, median.StrokeThickness) = (Cut, 2);
        model.Series.Add(median);
        model.Series.Add(Line((low, 1.6), (low, 2.4)));
        model.Series.Add(Line((high, 1.6), (high, 2.4)));
        model.Series.Add(Line((low, 2), (lower, 2)));
        model.Series.Add(Line((upper, 2), (high, 2)));
        double[] outside = [.. seconds.Where(value => value < low || value > high)];
        ScatterSeries points = new() { MarkerType = MarkerType.Circle, MarkerSize = 2, MarkerFill = Ink };
        points.Points.AddRange(Thin(outside, MostBars).Select(value => new ScatterPoint(value, 2)));
        model.Series.Add(points);
        return Draw(
            model,
            $"Box: half of {ReportText.Count(seconds.Length)} rows took {ReportText.Seconds(lower)} to {ReportText.Seconds(upper)}, the middle one {ReportText.Seconds(middle)}; "
            + $"the shortest {ReportText.Seconds(lowest)}, the longest {ReportText.Seconds(highest)}.");
    }

    /// <summary>Each record's difference, sorted, with the mean and its interval.</summary>
    public static ReportPlot Differences(MetricComparison comparison, double[] changes)
    {
        double[] sorted = [.. changes.Concat(Enumerable.Repeat(0.0, comparison.TieCount)).Order()];
        double[] shown = Thin(sorted, MostBars);
        double least = Math.Min(0, sorted[0]);
        double most = Math.Max(0, sorted[^1]);
        double margin = most == least ? 1 : (most - least) * 0.06;
        PlotModel model = New(labelLength: 6);
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = shown.Length, IsAxisVisible = false });
        model.Axes.Add(Axis(AxisPosition.Left, least - margin, most + margin, ticks: 4));
        if (comparison is { DeltaLow: double low, DeltaHigh: double high })
        {
            model.Annotations.Add(new RectangleAnnotation { MinimumY = low, MaximumY = high, Fill = Band, Layer = AnnotationLayer.BelowSeries });
        }

        RectangleBarSeries better = new() { FillColor = Good, StrokeThickness = 0 };
        RectangleBarSeries worse = new() { FillColor = Bad, StrokeThickness = 0 };
        double gap = shown.Length > 60 ? 0 : 0.1;
        for (int i = 0; i < shown.Length; i++)
        {
            if (shown[i] != 0)
            {
                (shown[i] > 0 == comparison.LowerIsBetter ? worse : better).Items.Add(new(i + gap, 0, i + 1 - gap, shown[i]));
            }
        }

        model.Series.Add(better);
        model.Series.Add(worse);
        model.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Horizontal, Y = 0, Color = Ink, LineStyle = LineStyle.Solid });
        model.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Horizontal, Y = comparison.Delta ?? 0, Color = Ink, LineStyle = LineStyle.Dash });
        return Draw(
            model,
            $"Differences of {ReportText.Count(sorted.Length)} records, sorted: {ReportText.Count(comparison.ImprovedCount)} better, {ReportText.Count(comparison.RegressedCount)} worse, "
            + $"{ReportText.Count(comparison.TieCount)} the same. The dashed line is the mean{(comparison.DeltaLow is null ? string.Empty : ", the band its interval")}.");
    }

    // The width of text is the browser's matter, so the room for it is measured generously.
    private static PlotModel New(int labelLength) => new()
    {
        PlotMargins = new((labelLength * FontSize * 0.62) + 12, double.NaN, double.NaN, double.NaN),
        Culture = CultureInfo.InvariantCulture,
        PlotAreaBorderThickness = new(0),
        Padding = new(2, 6, 10, 2),
        DefaultFontSize = FontSize,
        TextColor = Ink,
    };

    private static LinearAxis Axis(AxisPosition position, double low, double high, string? unit = null, int ticks = 5) => new()
    {
        Position = position,
        Minimum = low,
        Maximum = high,
        Unit = unit,
        TextColor = Ink,
        TicklineColor = Ink,
        AxislineColor = Ink,
        AxislineStyle = LineStyle.Solid,
        MinorTickSize = 0,
        IntervalLength = (position == AxisPosition.Left ? Height : Width) / (double)(ticks + 1),
    };

    private static LineSeries Line((double X, double Y) from, (double X, double Y) to)
    {
        LineSeries line = new() { Color = Ink, StrokeThickness = 1.5 };
        line.Points.Add(new(from.X, from.Y));
        line.Points.Add(new(to.X, to.Y));
        return line;
    }

    // A picture this small can't show more: of many, every so many-th, the first and the last among them.
    private static double[] Thin(double[] sorted, int most) => sorted.Length <= most
        ? sorted
        : [.. Enumerable.Range(0, most).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / (most - 1))])];

    private static string Shorten(string name) => ReportText.Short(ReportText.Visible(name).ReplaceLineEndings(" "), LongestName);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static ReportPlot Draw(PlotModel model, string text)
    {
        SvgExporter exporter = new() { Width = Width, Height = Height, IsDocument = false };
        XElement picture = XElement.Parse(exporter.ExportToString(model));
        XNamespace svg = picture.Name.Namespace;
        XElement drawn = new(
            svg + "svg",
            new XAttribute("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", text),
            new XAttribute("class", "plot"));
        foreach (XElement element in picture.Descendants().Where(element => element.Name.LocalName is not ("defs" or "clipPath" or "g") && element.Ancestors(svg + "defs").FirstOrDefault() is null))
        {
            if (Themed(element) is XElement themed)
            {
                drawn.Add(themed);
            }
        }

        return new(drawn.ToString(SaveOptions.DisableFormatting), text);
    }

    /// <summary>The element with its style as attributes and its colours as classes; null if it would not be seen.</summary>
    private static XElement? Themed(XElement element)
    {
        Dictionary<string, string> look = [];
        foreach (string one in ((string?)element.Attribute("style") ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = one.Split(':', 2);
            look[pair[0].Trim()] = pair[1].Trim();
        }

        foreach (XAttribute attribute in element.Attributes().Where(attribute => attribute.Name.LocalName is not ("style" or "clip-path" or "font-family")))
        {
            look[attribute.Name.LocalName] = attribute.Value;
        }

        if (look.GetValueOrDefault("stroke-width") == "0" || look.GetValueOrDefault("stroke") is "none")
        {
            look.Remove("stroke");
            look.Remove("stroke-width");
        }

        if (element.Name.LocalName != "text" && look.GetValueOrDefault("fill", "none") == "none" && !look.ContainsKey("stroke"))
        {
            return null;
        }

        List<string> classes = [];
        foreach (string name in Painted)
        {
            if (look.TryGetValue(name, out string? color) && color != "none")
            {
                look[name] = "currentColor";
                if (Classes.TryGetValue(color, out string? known))
                {
                    classes.Add(known);
                }
            }
        }

        XElement themed = new(element.Name, look.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new XAttribute(pair.Key, pair.Value)), element.Nodes());
        if (classes.Count > 0)
        {
            themed.SetAttributeValue("class", string.Join(' ', classes));
        }

        return themed;
    }
}
