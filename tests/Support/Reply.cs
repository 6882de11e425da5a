#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

namespace LlmObs.Testing;

/// <summary>The scripted server's reaction to one request.</summary>
internal sealed record Reply
{
    /// <summary>The connection is closed after the request was read, without an answer.</summary>
    public static Reply Cut { get; } = new() { IsCut = true };

    /// <summary>No answer comes; the connection stays open.</summary>
    public static Reply Never { get; } = new() { Gate = new TaskCompletionSource().Task };

    /// <summary>The connection is reset after the request was read.</summary>
    public static Reply Reset { get; } = new() { IsCut = true, IsReset = true };

    public static Reply Accepted { get; } = Of(202);

    public int Status { get; private init; }

    public IReadOnlyList<string> HeaderLines { get; private init; } = [];

    public byte[] Body { get; private init; } = [];

    /// <summary>The length that is announced; more than the body has tears the answer.</summary>
    public int Length { get; private init; }

    /// <summary>The body is all that is sent, its own head included.</summary>
    public bool IsRaw { get; private init; }

    public bool IsCut { get; private init; }

    public bool IsReset { get; private init; }

    /// <summary>The delay of the answer, after <see cref="Gate"/> is open.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>With a torn answer: the connection stays open, so that the client waits for the rest, and this is called.</summary>
    public Action? OnStalled { get; private init; }

    /// <summary>With a stalled answer: a byte is sent now and then.</summary>
    public bool Drips { get; private init; }

    /// <summary>The task to wait for before the answer.</summary>
    public Task Gate { get; private init; } = Task.CompletedTask;

    public static Reply Of(int status, string body = "", string type = "application/vnd.api+json") =>
        Of(status, Encoding.UTF8.GetBytes(body), type);

    public static Reply Of(int status, byte[] body, string type = "application/vnd.api+json") => new()
    {
        Status = status,
        Body = body,
        Length = body.Length,
        HeaderLines = body.Length > 0 ? [$"Content-Type: {type}"] : [],
    };

    /// <summary>These bytes, and the end of the connection.</summary>
    public static Reply Raw(byte[] bytes) => new() { IsRaw = true, Body = bytes, Length = bytes.Length + 1 };

    /// <summary>A success without a content type.</summary>
    public static Reply Untyped(string body) => Of(200, body) with { HeaderLines = [] };

    public static Reply Error(int status, string detail = "no") =>
        Of(status, $$"""{"errors":[{"title":"Error","detail":"{{detail}}"}]}""");

    public Reply With(string header, string value) => this with { HeaderLines = [.. HeaderLines, $"{header}: {value}"] };

    public Reply Without(string header) => this with
    {
        HeaderLines = [.. HeaderLines.Where(line => !line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase))],
    };

    /// <summary>So much of the body comes, and then nothing more; the connection stays open.</summary>
    public Reply StallingAfter(int bytes) => TornAfter(bytes) with { Length = Math.Max(Length, bytes + 1), OnStalled = () => { } };

    /// <summary>So much of the body comes, and then a byte now and then, without end.</summary>
    public Reply DrippingAfter(int bytes) => StallingAfter(bytes) with { Drips = true };

    public Reply TornAfter(int bytes) => this with { Body = Body[..bytes] };

    /// <summary>
    /// An answer whose body begins and never ends. What is sent of it is more than the buffers between client and server
    /// hold, so once it is sent, the client has read the status and is reading the body.
    /// </summary>
    public static Reply Stalling(int status, Action onStalled)
    {
        byte[] body = new byte[24 * 1024 * 1024];
        Array.Fill(body, (byte)' ');
        return new Reply { Status = status, Body = body, Length = body.Length + 1, OnStalled = onStalled };
    }

    public Reply AfterDelay(TimeSpan delay) => this with { Delay = delay };

    public Reply After(Task gate) => this with { Gate = gate };

    public byte[] Head() => IsRaw ? [] : Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"HTTP/1.1 {Status} Scripted\r\nContent-Length: {Length}\r\n{string.Concat(HeaderLines.Select(line => line + "\r\n"))}\r\n"));
}
