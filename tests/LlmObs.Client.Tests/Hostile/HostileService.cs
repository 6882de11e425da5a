using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>The possible answers of a service, or of something that replaces it: each call of the client gets each of them.</summary>
internal static class HostileService
{
    /// <summary>A key that answers repeat; no error may.</summary>
    public const string Key = "fake-api-key-000000000000000012ab";

    private const string Resource = """{"id":"e1","type":"experiments","attributes":{"name":"n","dataset_version":3,"created_at":"2026-01-02T03:04:05Z","metadata":{"a":[1,2.5,null,"x"]},"input":{"q":"w"},"records":[{"id":"r"}]}}""";

    // One of each form that a call of the client reads; every call gets all of them.
    private static readonly string[] Whole =
    [
        """{"data":""" + Resource + "}",
        """{"data":[""" + Resource + """],"meta":{"after":"","page":{"total_count":1,"total_pages":1}}}""",
        """{"data":{"type":"experimentation","attributes":{"experiments":[{"id":"e1","name":"n","created_at":"2026-01-02T03:04:05Z"}]}},"meta":{"after":"c"}}""",
        """{"data":{"attributes":{"result":{"values":[{"by":{"label":"l"},"metrics":{"score_value":1.5},"hit_count":4}]},"hit_count":4,"buckets":[{"by":{},"computes":{"c0":1}}]}}}""",
        """{"data":{"type":"events","attributes":{"spans":[{"span_id":"1","trace_id":"2","name":"s","start_ns":1772600000000000000,"duration":5,"status":"ok","meta":{"input":"a","output":"b"},"metrics":[{"label":"l","metric_type":"score","score_value":0.5,"timestamp_ms":1772600000000}]}],"metrics":[]}},"meta":{"after":null}}""",
        """{"data":[{"id":"1","type":"spans","attributes":{"span_id":"1","trace_id":"2","start_ns":1772600000000000000,"duration":5}}],"included":[{"id":"m","type":"metrics","attributes":{"label":"l"}}]}""",
        """{"valid":true}""",
        """{"status":"ok"}""",
        $$$"""{"errors":[{"title":"Generic Error","detail":"invalid key {{{Key}}}","source":{"pointer":"/data/attributes/metrics/0"}}]}""",
        "event: progress\ndata: {\"records_created\":1}\n\nevent: completed\ndata: {\"records_created\":2}\n\n",
        $"event: error\ndata: {{\"message\":\"bad key {Key}\"}}\n\n",
        "id,input\r\n1,q\r\n",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "1e400", "-0.0", "99999999999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\\u001b[31m##vso[task]\"", "[]", "{}", "[[]]", "[null]",
        "{\"id\":null}", "\"9999-12-31T23:59:60Z\"", "9223372036854775807", $"\"{Key}\"", new string('[', 400) + new string(']', 400),
    ];

    private static readonly string[] Types =
        ["application/json", "application/vnd.api+json", "text/csv", "text/event-stream", "text/html", "text/plain", "image/png", "multipart/mixed; boundary=\"", ";;", ""];

    public static IEnumerable<Reply> SignInPages()
    {
        foreach (string page in (string[])["<!DOCTYPE html><html><body>Sign in</body></html>", "<html></html>", " \r\n<HTML>", "", $"<html>{Key}</html>"])
        {
            foreach (string type in (string[])["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml", "text/html;charset=no-such", ""])
            {
                yield return Raw(200, Encoding.UTF8.GetBytes(page), type);
                yield return Raw(202, Encoding.UTF8.GetBytes(page), type);
            }
        }
    }

    public static IEnumerable<Reply> Redirects()
    {
        foreach (int status in (int[])[300, 301, 302, 303, 304, 307, 308, 399])
        {
            foreach (string target in (string[])["https://evil.example/", "/other", "//evil.example", "http://[", "javascript:alert(1)", "", $"https://evil.example/?k={Key}", "http://127.0.0.1:1/"])
            {
                yield return Raw(status, [], "application/json", $"Location: {target}");
            }
        }
    }

    public static IEnumerable<Reply> Statuses()
    {
        foreach (int status in (int[])[200, 201, 202, 203, 204, 205, 206, 226, 299, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 413, 414, 415, 418, 422, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 511, 599, 600, 999])
        {
            yield return Raw(status, [], "");
            yield return Raw(status, Encoding.UTF8.GetBytes(Whole[8]), "application/vnd.api+json");
            yield return Raw(status, Encoding.UTF8.GetBytes("""{"errors":["Too many","\ud800",null,7,{"detail":{}},{"source":[]}]}"""), "application/json", "Retry-After: -1", "x-ratelimit-reset: 1e9");
            yield return Raw(status, [0xFF, 0xFE, 0x00, 0x7B], "application/json", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT");
        }
    }

    public static IEnumerable<Reply> Malformed()
    {
        string[] heads =
        [
            "", "\r\n\r\n", "HTTP", "HTTP/1.1\r\n\r\n", "HTTP/1.1 \r\n\r\n", "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 -200 OK\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n",
            "ICY 200 OK\r\n\r\n", "<html></html>", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{}", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: bogus\r\n\r\n{}", "HTTP/1.1 200 OK\r\n: x\r\n\r\n{}", "HTTP/1.1 200 OK\r\nbroken\r\n\r\n{}", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n{}",
            $"HTTP/1.1 200 OK\r\nX: {new string('x', 200_000)}\r\n\r\n{{}}", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nraw",
            "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=\"\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nSet-Cookie: \0\r\nContent-Length: 2\r\n\r\n{}", "\0\u0001\u0002\u0003", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", $"HTTP/1.1 200 {Key}\r\nX-Echo: {Key}\r\nContent-Length: 5\r\n\r\n{{}}",
        ];
        return heads.Select(head => Reply.Raw(Encoding.Latin1.GetBytes(head)));
    }

    public static IEnumerable<Reply> BrokenCompression()
    {
        foreach (string coding in (string[])["gzip", "deflate", "br", "gzip, gzip", "bogus", "zstd"])
        {
            foreach (byte[] body in (byte[][])[[], [0x1F, 0x8B], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF], "{}"u8.ToArray(), [0x78, 0x9C, 0xFF], [0x8B, 0xFF, 0xFF, 0xFF, 1, 2, 3]])
            {
                foreach (int status in (int[])[200, 503])
                {
                    yield return Raw(status, body, "application/json", $"Content-Encoding: {coding}");
                    yield return Raw(status, body, "text/csv", $"Content-Encoding: {coding}");
                }
            }
        }
    }

    /// <summary>Answers of the right form of which something is changed, cut, doubled or of another type.</summary>
    public static Reply Mutated(Random random)
    {
        string text = Whole[random.Next(Whole.Length)];
        for (int changes = random.Next(1, 4); changes > 0 && text.Length > 0; changes--)
        {
            int at = random.Next(text.Length);
            text = random.Next(6) switch
            {
                0 => text[..at],
                1 => text.Remove(at, 1),
                2 => text.Insert(at, ((char)random.Next(1, 0x250)).ToString()),
                3 => text + text[at..],
                _ => ReplaceValue(text, at, Values[random.Next(Values.Length)]),
            };
        }

        byte[] body = Encoding.UTF8.GetBytes(text);
        if (random.Next(8) == 0 && body.Length > 0)
        {
            body[random.Next(body.Length)] = (byte)random.Next(256);
        }

        int status = random.Next(4) == 0 ? random.Next(200, 600) : 200;
        Reply reply = Raw(status, body, Types[random.Next(3) == 0 ? random.Next(Types.Length) : random.Next(4)]);
        return random.Next(8) == 0 ? reply.TornAfter(random.Next(reply.Body.Length)) : reply;
    }

    private static string ReplaceValue(string text, int at, string value)
    {
        int start = text.IndexOf(':', at) + 1;
        int end = start == 0 ? -1 : text.IndexOfAny([',', '}', ']'], start);
        return end < 0 ? text : text[..start] + value + text[end..];
    }

    private static Reply Raw(int status, byte[] body, string type, params string[] headers)
    {
        string typeLine = type.Length > 0 ? $"Content-Type: {type}\r\n" : string.Empty;
        string lines = string.Concat(headers.Select(header => header + "\r\n"));
        return Reply.Raw([.. Encoding.Latin1.GetBytes(FormattableString.Invariant($"HTTP/1.1 {status} X\r\nContent-Length: {body.Length}\r\n{typeLine}{lines}\r\n")), .. body]);
    }
}
