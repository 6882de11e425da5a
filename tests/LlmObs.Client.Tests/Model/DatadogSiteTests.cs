namespace LlmObs.Client.Tests;

public sealed class DatadogSiteTests
{
    private static readonly string[] Names =
    [
        "datadoghq.com", "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu", "ap1.datadoghq.com", "ap2.datadoghq.com",
        "uk1.datadoghq.com", "ddog-gov.com", "us2.ddog-gov.com",
    ];

    public static TheoryData<string> Domains => new(Names);

    [Theory]
    [MemberData(nameof(Domains))]
    public void Every_site_is_known_in_each_form_that_users_type(string domain)
    {
        string[] forms =
        [
            domain, domain.ToUpperInvariant(), $" {domain} ", $"app.{domain}", $"api.{domain}", $"www.{domain}", $"https://app.{domain}/",
            $"https://{domain}/llm/experiments?x=1#y", $"https://API.{domain}:443", $"{domain}.", $"{domain}/",
        ];
        Assert.All(forms, form =>
        {
            Assert.True(DatadogSite.TryParse(form, out DatadogSite? site), form);
            Assert.Equal(domain, site.Name);
            Assert.Equal($"https://api.{domain}/", site.BaseUri.AbsoluteUri);
            Assert.Equal(domain, site.ToString());
        });
    }

    [Theory]
    [InlineData("datadoghq.com", "https://app.datadoghq.com/llm/experiments/e%2F1")]
    [InlineData("datadoghq.eu", "https://app.datadoghq.eu/llm/experiments/e%2F1")]
    [InlineData("ddog-gov.com", "https://app.ddog-gov.com/llm/experiments/e%2F1")]
    [InlineData("us5.datadoghq.com", "https://us5.datadoghq.com/llm/experiments/e%2F1")]
    [InlineData("us2.ddog-gov.com", "https://us2.ddog-gov.com/llm/experiments/e%2F1")]
    public void An_experiment_has_its_page_at_the_site_of_its_client(string name, string page)
    {
        Assert.True(DatadogSite.TryParse(name, out DatadogSite? site));
        using var client = new LlmObsClient(new ClientOptions { BaseUri = site.BaseUri });
        Assert.Equal(page, client.ExperimentPage("e/1")!.AbsoluteUri);
        Assert.Null(client.ExperimentPage(string.Empty));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8126/")]
    [InlineData("https://datadog.example/")]
    [InlineData("https://api.datadoghq.com/proxied/")]
    public void An_address_that_is_no_sites_has_no_page(string address)
    {
        using var client = new LlmObsClient(new ClientOptions { BaseUri = new Uri(address) });
        Assert.Null(client.ExperimentPage("e1"));
    }

    [Fact]
    public void The_list_of_known_sites_is_the_contracts() => Assert.Equal(Names, DatadogSite.Known.Select(site => site.Name));

    [Theory]
    [InlineData("us1", "datadoghq.com")]
    [InlineData("US3", "us3.datadoghq.com")]
    [InlineData("us5", "us5.datadoghq.com")]
    [InlineData("eu", "datadoghq.eu")]
    [InlineData("EU1", "datadoghq.eu")]
    [InlineData("ap1", "ap1.datadoghq.com")]
    [InlineData("ap2", "ap2.datadoghq.com")]
    [InlineData("uk1", "uk1.datadoghq.com")]
    [InlineData("us1-fed", "ddog-gov.com")]
    [InlineData("gov", "ddog-gov.com")]
    [InlineData("us2-fed", "us2.ddog-gov.com")]
    public void A_region_is_a_site(string region, string domain)
    {
        Assert.True(DatadogSite.TryParse(region, out DatadogSite? site));
        Assert.Equal(domain, site.Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://")]
    [InlineData("datadoghq")]
    [InlineData("datadoghq.org")]
    [InlineData("us4.datadoghq.com")]
    [InlineData("us9")]
    [InlineData("evil-datadoghq.com")]
    [InlineData("datadoghq.com.evil.example")]
    [InlineData("https://evil.example/datadoghq.com")]
    [InlineData("https://datadoghq.com@evil.example/")]
    [InlineData("app.api.datadoghq.com")]
    public void Anything_else_is_no_site(string? text)
    {
        Assert.False(DatadogSite.TryParse(text, out DatadogSite? site));
        Assert.Null(site);
    }
}
