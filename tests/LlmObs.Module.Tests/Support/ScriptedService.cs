// Compiled by pwsh (Add-Type) with tests/Support: a service on loopback whose answers a test writes, and which keeps what reached it.
#nullable enable
using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace LlmObs.Testing;

public sealed record ScriptedRequest(string Method, string Path, Dictionary<string, string> Headers, string Body);

/// <summary>The scripted server as Pester uses it: answers are added one by one, and after the last one comes 202 with nothing.</summary>
public sealed class ScriptedService : IDisposable
{
    private readonly ConcurrentQueue<Reply> _script = new();
    private readonly ScriptedServer _server;

    public ScriptedService() =>
        _server = new ScriptedServer((_, _) => _script.TryDequeue(out Reply? next) ? next : Of(202, string.Empty, null, 0));

    public string BaseUri => _server.Address.AbsoluteUri;

    /// <summary>The requests so far. Index -1 in PowerShell is the last one.</summary>
    public ScriptedRequest[] Requests => [.. _server.Requests.Select(request => new ScriptedRequest(
        request.Method,
        request.Target,
        request.Headers.GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(header => header.Value)), StringComparer.OrdinalIgnoreCase),
        request.Text))];

    /// <summary>Adds an answer.</summary>
    public ScriptedService Answer(int status, string? body = null, IDictionary? headers = null, int delayMs = 0)
    {
        _script.Enqueue(Of(status, body ?? string.Empty, headers, delayMs));
        return this;
    }

    /// <summary>The next connection is reset instead of an answer.</summary>
    public ScriptedService Drop()
    {
        _script.Enqueue(Reply.Reset);
        return this;
    }

    public void Dispose() => _server.Dispose();

    private static Reply Of(int status, string body, IDictionary? headers, int delayMs)
    {
        Reply reply = Reply.Of(status, body, "application/vnd.api+json").With("Connection", "close");
        if (headers is not null)
        {
            if (headers.Contains("Content-Type"))
            {
                reply = reply.Without("Content-Type");
            }

            foreach (object name in headers.Keys)
            {
                reply = reply.With($"{name}", $"{headers[name]}");
            }
        }

        return delayMs == 0 ? reply : reply.AfterDelay(TimeSpan.FromMilliseconds(delayMs));
    }
}
