namespace LlmObs.Emulator.Query;

/// <summary>A query that does not parse; caught where the parser is called.</summary>
internal sealed class QuerySyntaxException(string message) : Exception(message);
