namespace LlmObs.Client.Tables;

/// <summary>A metric column of a table.</summary>
/// <param name="Label">The column's name, and the metric's label.</param>
/// <param name="Column">Its place.</param>
/// <param name="Type">Its type, which all rows of the table share.</param>
internal sealed record TableMetric(string Label, int Column, TableMetricType Type);
