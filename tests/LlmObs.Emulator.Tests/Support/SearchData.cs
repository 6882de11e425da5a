using System.Text.Json;

namespace LlmObs.Emulator.Tests.Support;

/// <summary>Six metrics, numbered by their metadata, that the searches are tried on.</summary>
public sealed class SearchData : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();

    public string Id { get; private set; } = string.Empty;

    public async Task InitializeAsync()
    {
        Reply created = await _emulator.CreateAsync("""
            {"name":"search","project_id":"project","ensure_unique":false,"dataset_id":"dataset","dataset_version":3,
            "config":{"temperature":0.2},"metadata":{"owner":{"team":"qa"}}}
            """);
        Id = created.Data.GetProperty("id").GetString()!;
        long now = Bodies.NowMs;
        Reply pushed = await _emulator.PushAsync(Id, $$$"""
            {"spans":[
              {"span_id":"s1","trace_id":"t-s1","name":"answer","project_id":"project","dataset_id":"dataset","status":"ok",
               "start_ns":1705314600000000001,"duration":1000,"tags":["env:dev"],
               "meta":{"input":{"question":"What is Paris, the capital of France?","tokens":12},"output":"a city"}},
              {"span_id":"s2","trace_id":"t-s2","name":"answer","project_id":"project","dataset_id":"dataset","status":"error",
               "start_ns":1705314600000000002,"duration":2000,"tags":["env:dev"],"meta":{"input":"Germany?","output":"Berlin"}}
            ],"metrics":[
              {"span_id":"s1","label":"faithfulness","metric_type":"score","timestamp_ms":{{{now}}},"score_value":0.9,"assessment":"pass",
               "reasoning":"Grounded and short.","tags":["env:prod"],
               "metadata":{"n":"1","model":"m1","version":"3","dotted.key":"yes","list":["a","b"]}},
              {"span_id":"s2","label":"faithfulness","metric_type":"score","timestamp_ms":{{{now}}},"score_value":0.5,"assessment":"fail",
               "metadata":{"n":"2","version":"2"}},
              {"span_id":"s1","label":"is_valid","metric_type":"boolean","timestamp_ms":{{{now}}},"boolean_value":true,"assessment":"pass",
               "metadata":{"n":"3"}},
              {"span_id":"s3","label":"tone","metric_type":"categorical","timestamp_ms":{{{now}}},"categorical_value":"correct",
               "trace_id":"own","tags":["env:prod","unit:größe"],"metadata":{"n":"4"}},
              {"span_id":"s1","label":"delta","metric_type":"score","timestamp_ms":{{{now}}},"score_value":-1,"tags":["team:a:b"],
               "metadata":{"n":"5"}},
              {"span_id":"","label":"two words","metric_type":"json","timestamp_ms":{{{now}}},"json_value":{"inner":{"x":1}},
               "categorical_value":"a*b","metric_source":"summary","error":{"message":"late"},"metadata":{"n":"6"}}
            ]}
            """);
        Assert.Equal(202, pushed.Status);
    }

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    internal Task<Reply> AskAsync(string query) => _emulator.AggregateAsync($$$"""
        {"compute":[{"metric":"score_value"}],"indexes":["experiment-evals"],"group_by":[{"field":"metadata.n"}],
        "search":{"query":{{{JsonSerializer.Serialize(query)}}}}}
        """);

    /// <summary>The numbers of the metrics that a query finds.</summary>
    internal async Task<string[]> FindAsync(string query)
    {
        Reply reply = await AskAsync(query);
        Assert.True(reply.Status == 200, reply.Text);
        string[] found =
        [
            .. reply.Attributes.GetProperty("result").GetProperty("values").EnumerateArray()
                .Select(value => value.GetProperty("by").GetProperty("metadata.n").GetString()!),
        ];
        Assert.Equal(found.Length, reply.Attributes.GetProperty("hit_count").GetInt64());
        return found;
    }
}
