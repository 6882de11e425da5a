namespace LlmObs.PowerShell.Reports;

/// <summary>What Export-LlmObsReport writes.</summary>
public enum ReportFormat
{
    /// <summary>A page for a browser, with plots and all rows.</summary>
    Html,

    /// <summary>A table of the metrics, as Write-LlmObsSummary shows it.</summary>
    Markdown,

    /// <summary>XML for the tests tab of a build: a suite a metric, a case a row.</summary>
    JUnit,

    /// <summary>A line a row, a column a metric.</summary>
    Csv,
}
