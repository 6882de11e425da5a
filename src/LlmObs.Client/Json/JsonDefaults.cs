using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>How JSON is read and written, everywhere in this project.</summary>
internal static class JsonDefaults
{
    /// <summary>How deep an answer of the service may be nested.</summary>
    public const int AnswerDepth = 512;

    /// <summary>For text that somebody else wrote: rows, files, cells.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = HostObjectJson.MaxDepth };

    // Bodies are JSON over HTTP, never HTML: non-Latin text goes out as it is, smaller and readable in -WhatIf.
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = HostObjectJson.MaxDepth + 16,
        SkipValidation = true,
    };
}
