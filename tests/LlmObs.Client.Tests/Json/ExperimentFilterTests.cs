namespace LlmObs.Client.Tests;

public sealed class ExperimentFilterTests
{
    [Fact]
    public void Each_filter_has_its_parameter_and_is_escaped()
    {
        using LlmObsClient client = TestClient.For(new Uri("http://127.0.0.1:1/"));
        Uri address = client.ListExperiments(new ExperimentFilter
        {
            ProjectId = "p&1",
            DatasetId = "d=1",
            Ids = ["e 1", "e#2"],
            Name = "n?\u00e9",
            LogicalName = "faq bot",
            Metadata = new Dictionary<string, object?> { ["commit"] = "abc", ["n"] = 1 },
            ParentExperimentIds = ["a", "b"],
            Deleted = true,
            IncludeUser = true,
            IncludeDatasetName = true,
        }).FirstPage(7).Address;
        Assert.Equal(
            "?filter[project_id]=p%261&filter[dataset_id]=d%3D1&filter[id]=e%201&filter[id]=e%232&filter[name]=n%3F%C3%A9&filter[experiment]=faq%20bot"
            + "&filter[metadata]=%7B%22commit%22%3A%22abc%22%2C%22n%22%3A1%7D&filter[parent_experiment_id]=a&filter[parent_experiment_id]=b"
            + "&filter[is_deleted]=true&include[user_data]=true&include[dataset_names]=true&page[limit]=7",
            address.Query.Replace("%5B", "[", StringComparison.Ordinal).Replace("%5D", "]", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_given_is_left_out()
    {
        using LlmObsClient client = TestClient.For(new Uri("http://127.0.0.1:1/"));
        Assert.Equal("?page%5Blimit%5D=1000", client.ListExperiments(new ExperimentFilter()).FirstPage().Address.Query);
    }
}
