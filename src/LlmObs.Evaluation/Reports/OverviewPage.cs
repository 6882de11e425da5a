using System.Globalization;

namespace LlmObs.Evaluation.Reports;

/// <summary>Writes the page that lists experiments by project, with links to the report of each and to comparisons of two. It has no script.</summary>
public static class OverviewPage
{
    private static readonly PageTemplate Template = new("overview.liquid");

    /// <summary>Writes the page.</summary>
    /// <param name="projects">The projects, in the order in which they are shown.</param>
    /// <param name="message">An important message at the top; null for none.</param>
    /// <param name="target">The stream for the UTF-8 output.</param>
    /// <returns>A task that ends with the page.</returns>
    public static Task WriteAsync(IReadOnlyList<OverviewProject> projects, string? message, Stream target)
    {
        ArgumentNullException.ThrowIfNull(projects);
        return Template.WriteAsync(
            new
            {
                Message = ReportText.Visible(message),
                CanCompare = projects.Sum(project => project.Experiments.Count) > 1,
                Projects = projects.Select(project => new
                {
                    Name = ReportText.Visible(project.Name),
                    Experiments = project.Experiments.Select(one => new
                    {
                        one.Id,
                        Address = $"/experiments/{Uri.EscapeDataString(one.Id)}",
                        Name = ReportText.Visible(one.Name),
                        Description = ReportText.Visible(one.Description),
                        Status = ReportText.Visible(one.Status),
                        Mood = one.Status switch { ExperimentStatus.Failed or ExperimentStatus.Interrupted => "bad", ExperimentStatus.Completed => "good", _ => string.Empty },
                        Dataset = ReportText.Visible(one.Dataset),
                        Created = ReportText.Time(one.CreatedAt),
                        Spans = one.SpanCount.ToString("N0", CultureInfo.InvariantCulture),
                        Metrics = one.MetricCount.ToString("N0", CultureInfo.InvariantCulture),
                    }).ToArray(),
                }).ToArray(),
            },
            target);
    }
}

/// <summary>A project on the page.</summary>
/// <param name="Experiments">Its experiments, in the order in which they are shown.</param>
public sealed record OverviewProject(string Name, IReadOnlyList<OverviewExperiment> Experiments);

/// <summary>An experiment on the page.</summary>
/// <param name="CreatedAt">When it was created.</param>
public sealed record OverviewExperiment(string Id, string Name, DateTimeOffset CreatedAt)
{
    /// <summary>Its description.</summary>
    public string? Description { get; init; }

    /// <summary>One of <see cref="ExperimentStatus"/>; null until it is set.</summary>
    public string? Status { get; init; }

    /// <summary>The dataset with its version.</summary>
    public string? Dataset { get; init; }

    /// <summary>The number of spans.</summary>
    public long SpanCount { get; init; }

    /// <summary>The number of metrics.</summary>
    public long MetricCount { get; init; }
}
