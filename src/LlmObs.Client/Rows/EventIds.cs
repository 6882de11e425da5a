using System.Security.Cryptography;

namespace LlmObs.Client.Rows;

/// <summary>New ids in the forms that Datadog's SDKs use.</summary>
public static class EventIds
{
    /// <summary>A span's id.</summary>
    /// <returns>16 hex digits.</returns>
    public static string NewSpanId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>A trace's id.</summary>
    /// <returns>32 hex digits.</returns>
    public static string NewTraceId() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
