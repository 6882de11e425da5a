using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>How the result file writes and reads JSON.</summary>
internal static class ResultJson
{
    /// <summary>Nesting deeper than this was refused when the value was written.</summary>
    private const int MaxDepth = 160;

    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MaxDepth };

    public static JsonDocumentOptions DocumentOptions { get; } = new() { MaxDepth = MaxDepth };
}
