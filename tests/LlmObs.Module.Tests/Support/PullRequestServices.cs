// Compiled by pwsh (Add-Type): a small stand-in on loopback for the comments of pull requests on GitHub and Azure Repos.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace LlmObs.Testing
{
    public sealed class StoredComment
    {
        public long Id;
        public string Author;
        public string Body;
        public bool IsDeleted;
    }

    public sealed class PullRequestServices : IDisposable
    {
        public const int Limit = 65536;

        private readonly HttpListener listener;
        private readonly List<StoredComment> comments = new List<StoredComment>();
        private readonly List<string> requests = new List<string>();
        private readonly ManualResetEventSlim allHaveListed = new ManualResetEventSlim(true);
        private int awaited;
        private long last = 100;

        public PullRequestServices()
        {
            for (int attempt = 0; ; attempt++)
            {
                var probe = new TcpListener(IPAddress.Loopback, 0);
                probe.Start();
                BaseUri = "http://127.0.0.1:" + ((IPEndPoint)probe.LocalEndpoint).Port;
                probe.Stop();
                listener = new HttpListener();
                listener.Prefixes.Add(BaseUri + "/");
                try { listener.Start(); break; }
                catch (HttpListenerException) when (attempt < 5) { } // somebody else took it
            }

            Task.Run(ServeAsync);
        }

        public string BaseUri { get; private set; }

        public string Token = "fake-token-0000000000001234";

        /// <summary>The owner of the token; null for a workflow's, which belongs to nobody.</summary>
        public string Login;

        public bool IsReadOnly;

        /// <summary>So many requests are answered with 503 first.</summary>
        public int Failures;

        public StoredComment[] Comments { get { lock (comments) { return comments.Where(one => !one.IsDeleted).ToArray(); } } }

        public string[] Requests { get { lock (requests) { return requests.ToArray(); } } }

        public StoredComment Add(string author, string body)
        {
            lock (comments)
            {
                var added = new StoredComment { Id = ++last, Author = author, Body = body };
                comments.Add(added);
                return added;
            }
        }

        /// <summary>The first lists of so many clients are answered when all of them have asked: none sees a comment of another.</summary>
        public void HoldFirstLists(int clients)
        {
            awaited = clients;
            allHaveListed.Reset();
        }

        public void Dispose() { listener.Close(); }

        private string Me { get { return Login ?? "github-actions[bot]"; } }

        private async Task ServeAsync()
        {
            while (true)
            {
                HttpListenerContext context;
                try { context = await listener.GetContextAsync(); }
                catch (Exception) { return; }
                _ = Task.Run(() => Handle(context));
            }
        }

        private void Handle(HttpListenerContext context)
        {
            try
            {
                string body = new StreamReader(context.Request.InputStream, Encoding.UTF8).ReadToEnd();
                string path = context.Request.Url.AbsolutePath;
                lock (requests) { requests.Add(context.Request.HttpMethod + " " + context.Request.RawUrl); }
                bool isAzure = path.Contains("/_apis/");
                if (context.Request.Headers["Authorization"] != "Bearer " + Token)
                {
                    // Azure DevOps sends a sign-in page. Some services repeat what they were sent.
                    if (isAzure) { Send(context, 203, "<!DOCTYPE html><html>Sign in</html>", "text/html"); }
                    else { Send(context, 401, "{\"message\":\"Bad credentials: " + context.Request.Headers["Authorization"] + "\"}"); }
                    return;
                }

                if (Interlocked.Decrement(ref Failures) >= 0) { Send(context, 503, "{\"message\":\"try again\"}"); return; }
                if (path == "/user")
                {
                    if (Login == null) { Send(context, 403, "{\"message\":\"Resource not accessible by integration\"}"); }
                    else { Send(context, 200, new JsonObject { ["login"] = Login }.ToJsonString()); }
                    return;
                }

                if (IsReadOnly && context.Request.HttpMethod != "GET") { Send(context, 403, "{\"message\":\"Resource not accessible by integration\"}"); return; }
                if (isAzure) { Azure(context, path, body); } else { GitHub(context, path, body); }
            }
            catch (Exception e)
            {
                try { Send(context, 500, JsonSerializer.Serialize(new { message = e.ToString() })); } catch (Exception) { }
            }
        }

        private void GitHub(HttpListenerContext context, string path, string body)
        {
            Match one = Regex.Match(path, "^/repos/acme/faq/issues/comments/(\\d+)$");
            if (path == "/repos/acme/faq/issues/7/comments" && context.Request.HttpMethod == "GET")
            {
                int size = int.Parse(context.Request.QueryString["per_page"]), page = int.Parse(context.Request.QueryString["page"]);
                string list = new JsonArray(Comments.Skip((page - 1) * size).Take(size).Select(ToGitHub).ToArray()).ToJsonString();
                WaitForOthers();
                Send(context, 200, list);
            }
            else if (path == "/repos/acme/faq/issues/7/comments") { Write(context, 201, Add(Me, ""), Text(body, "body")); }
            else if (!one.Success || Find(long.Parse(one.Groups[1].Value)) == null) { Send(context, 404, "{\"message\":\"Not Found\"}"); }
            else { Change(context, Find(long.Parse(one.Groups[1].Value)), body, "body"); }
        }

        private void Azure(HttpListenerContext context, string path, string body)
        {
            const string Threads = "/my%20project/_apis/git/repositories/repo-id/pullRequests/7/threads";
            path = context.Request.RawUrl.Split('?')[0];
            Match one = Regex.Match(path, "^" + Threads + "/(\\d+)/comments/1$");
            if (path == Threads && context.Request.HttpMethod == "GET")
            {
                StoredComment[] all;
                lock (comments) { all = comments.ToArray(); }
                string list = new JsonObject { ["value"] = new JsonArray(all.Select(ToAzure).ToArray()) }.ToJsonString();
                WaitForOthers();
                Send(context, 200, list);
            }
            else if (path == Threads) { Write(context, 200, Add(Me, ""), (string)JsonNode.Parse(body)["comments"][0]["content"]); }
            else if (!one.Success || Find(long.Parse(one.Groups[1].Value)) == null) { Send(context, 404, "{\"message\":\"TF401180\"}"); }
            else if (Find(long.Parse(one.Groups[1].Value)).Author != Me) { Send(context, 403, "{\"message\":\"TF401027: only the author may\"}"); }
            else { Change(context, Find(long.Parse(one.Groups[1].Value)), body, "content"); }
        }

        private void Change(HttpListenerContext context, StoredComment comment, string body, string member)
        {
            if (context.Request.HttpMethod == "PATCH") { Write(context, 200, comment, Text(body, member)); return; }
            lock (comments) { comment.IsDeleted = true; }
            Send(context, 204, "");
        }

        private void Write(HttpListenerContext context, int status, StoredComment comment, string text)
        {
            if (text.Length > Limit)
            {
                if (comment.Body == "") { comment.IsDeleted = true; }
                Send(context, 422, "{\"message\":\"Validation Failed: body is too long (maximum is 65536 characters)\"}");
                return;
            }

            lock (comments) { comment.Body = text; }
            Send(context, status, ToGitHub(comment).ToJsonString());
        }

        private void WaitForOthers()
        {
            if (awaited > 0 && Interlocked.Decrement(ref awaited) == 0) { allHaveListed.Set(); }
            allHaveListed.Wait(TimeSpan.FromSeconds(30));
        }

        private StoredComment Find(long id) { return Comments.FirstOrDefault(one => one.Id == id); }

        private static string Text(string body, string member) { return (string)JsonNode.Parse(body)[member]; }

        private static JsonNode ToGitHub(StoredComment comment)
        {
            return new JsonObject
            {
                ["id"] = comment.Id,
                ["body"] = comment.Body,
                ["html_url"] = "https://github.example/acme/faq/pull/7#issuecomment-" + comment.Id,
                ["user"] = comment.Author == null ? null : new JsonObject { ["login"] = comment.Author, ["type"] = comment.Author.EndsWith("[bot]") ? "Bot" : "User" },
            };
        }

        private static JsonNode ToAzure(StoredComment comment)
        {
            return new JsonObject
            {
                ["id"] = comment.Id,
                ["isDeleted"] = false,
                ["comments"] = new JsonArray(comment.IsDeleted
                    ? new JsonObject { ["id"] = 1, ["isDeleted"] = true }
                    : new JsonObject { ["id"] = 1, ["content"] = comment.Body, ["author"] = new JsonObject { ["displayName"] = comment.Author } }),
            };
        }

        private static void Send(HttpListenerContext context, int status, string body, string type = "application/json")
        {
            byte[] bytes = Encoding.UTF8.GetBytes(body);
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            if (status != 204) { context.Response.ContentLength64 = bytes.Length; context.Response.OutputStream.Write(bytes, 0, bytes.Length); }
            context.Response.Close();
        }
    }
}
