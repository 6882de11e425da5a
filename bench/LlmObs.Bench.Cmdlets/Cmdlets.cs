using System.Management.Automation;
using System.Net.Http.Headers;

namespace LlmObs.Bench.Cmdlets;

/// <summary>Accepts objects and does nothing with them.</summary>
[Cmdlet(VerbsCommon.Skip, "BenchObject")]
public sealed class SkipBenchObjectCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;
}

/// <summary>Accepts objects and reads name and value of each property, with PowerShell's public API.</summary>
[Cmdlet(VerbsCommunications.Read, "BenchObject")]
public sealed class ReadBenchObjectCommand : PSCmdlet
{
    private long _characters;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    protected override void ProcessRecord()
    {
        foreach (PSPropertyInfo property in InputObject.Properties)
        {
            _characters += property.Name.Length + (property.Value is string text ? text.Length : 0);
        }
    }

    protected override void EndProcessing() => WriteObject(_characters);
}

/// <summary>Posts one metric, ready-made, with .NET's HttpClient and nothing else: the least that a cmdlet can do to send one.</summary>
[Cmdlet(VerbsCommunications.Send, "BenchObject")]
public sealed class SendBenchObjectCommand : PSCmdlet
{
    private static ReadOnlySpan<byte> Body =>
        """{"data":{"type":"experiments","attributes":{"scope":"experiments","metrics":[{"span_id":"0001020304050607","label":"faithfulness","metric_type":"score","score_value":0.5}]}}}"""u8;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    [Parameter(Mandatory = true)]
    public Uri Uri { get; set; } = null!;

    protected override void EndProcessing()
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent(Body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage answer = client.PostAsync(Uri, content).GetAwaiter().GetResult();
        WriteObject(answer.EnsureSuccessStatusCode().StatusCode);
    }
}
