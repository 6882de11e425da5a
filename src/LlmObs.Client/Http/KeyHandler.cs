namespace LlmObs.Client.Http;

/// <summary>Adds the keys, or the token in their place, to requests for the configured address, and to no others.</summary>
internal sealed class KeyHandler(ClientOptions options) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (options.BaseUri.IsBaseOf(request.RequestUri!))
        {
            Add(request, "DD-API-KEY", options.ApiKey);
            Add(request, "DD-APPLICATION-KEY", options.AppKey);
            Add(request, "Authorization", options.AccessToken, "Bearer ");
        }

        return base.SendAsync(request, cancellationToken);
    }

    private static void Add(HttpRequestMessage request, string header, Secret? key, string prefix = "")
    {
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(header, prefix + key.Reveal());
        }
    }
}
