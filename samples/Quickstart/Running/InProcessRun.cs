using System.Globalization;
using System.Text.Json;
using LlmObs.Client.Api;
using LlmObs.Client.Files;
using LlmObs.Client.Http;
using LlmObs.Client.Records;
using LlmObs.Client.Rows;
using LlmObs.Client.Sending;
using LlmObs.Client.Tables;
using LlmObs.Client.Writing;
using LlmObs.Quickstart.Output;

namespace LlmObs.Quickstart.Running;

/// <summary>The steps of samples/quickstart.ps1, for a machine without PowerShell.</summary>
internal sealed class InProcessRun(LlmObsClient client, Repository repository, CancellationToken cancellation)
{
    private const string TableFile = "evaluation.csv";
    private static readonly SendOptions Sending = new();

    /// <exception cref="LlmObsException">A request failed.</exception>
    /// <exception cref="QuickstartException">A row of the sample data can't be sent.</exception>
    public static async Task<RunResult> RunAsync(Repository repository, Uri emulator, CancellationToken cancellation)
    {
        using var client = new LlmObsClient(new ClientOptions { BaseUri = emulator });
        return await new InProcessRun(client, repository, cancellation).RunAsync();
    }

    private async Task<RunResult> RunAsync()
    {
        Console.WriteLine("1. Make a dataset of questions and right answers, from CSV");
        Dataset dataset = await MakeDatasetAsync();
        int records = await AddRecordsAsync(dataset);
        new Table("Dataset", "Id", "Records").Add(dataset.Name ?? string.Empty, dataset.Id!, records).Print();

        Console.WriteLine("2. Create an experiment on it");
        Experiment experiment = await CreateAsync(dataset);
        new Table("LogicalName", "Id", "DatasetVersion").Add(experiment.LogicalName ?? string.Empty, experiment.Id, experiment.DatasetVersion ?? 0).Print();

        Console.WriteLine("3. Send spans: what the bot was asked and answered, from CSV and JSON Lines");
        SendResult spans = await SendAsync(experiment, intake => ReadFiles(intake, "spans.csv", "spans.jsonl"));
        Print(spans);

        Console.WriteLine("4. Send metrics: how answers were scored, from JSON Lines and CSV");
        SendResult[] metrics =
        [
            await SendAsync(experiment, intake => ReadFiles(intake, "metrics.jsonl")),
            await SendAsync(experiment, intake => ReadFiles(intake, "metrics.csv")),
        ];
        Print(metrics);

        Console.WriteLine("5. Send what a program has measured itself");
        PrintHandBuilt();
        SendResult byHand = await SendAsync(experiment, ReadHandBuilt);
        Print(byHand);

        Console.WriteLine("6. Average the scores, and see whether articles at hand have helped");
        Dictionary<string, double> averages = await AverageAsync(experiment, "label");
        PrintAverages(averages, "label");
        Dictionary<string, double> byName = await AverageAsync(experiment, "name", "label");
        PrintAverages(byName, "name", "label");

        Console.WriteLine("7. Close the experiment");
        experiment = await CloseAsync(experiment);
        new Table("LogicalName", "Status").Add(experiment.LogicalName ?? string.Empty, experiment.Status ?? string.Empty).Print();

        Console.WriteLine("8. Run a second experiment, from a table of answers and scores, and compare it with the first");
        CandidateResult candidate = await RunCandidateAsync(dataset, experiment);

        SendResult[] sent = [spans, .. metrics, byHand];
        return new RunResult(
            experiment.Id,
            sent.Sum(result => result.SpanCount),
            sent.Sum(result => result.MetricCount),
            averages.Concat(byName).ToDictionary(),
            new DatasetResult(dataset.ProjectId!, dataset.Id!, records),
            candidate);
    }

    private async Task<Dataset> MakeDatasetAsync()
    {
        Project project = await client.CreateProject(new ProjectDraft { Name = "support-bot", Description = "Answers questions about Mossbridge" })
            .SendAsync(cancellation: cancellation);
        var draft = new DatasetDraft { Name = "support questions", Metadata = new Dictionary<string, object?> { ["source"] = "help desk" } };
        return await client.CreateDataset(project.Id!, draft).SendAsync(cancellation: cancellation);
    }

    private async Task<int> AddRecordsAsync(Dataset dataset)
    {
        var mapping = new RecordMapping { InputColumns = ["question"], ExpectedColumns = ["truth"], MetadataColumns = ["id", "category"] };
        var intake = new RecordIntake();
        EventFile.Read(
            repository.DataFile(TableFile),
            new EventFileOptions { IsTable = true },
            new RecordRows(mapping, new HashSet<string>(), [], client.Options.FreeForm, intake));
        IReadOnlyList<DatasetRecord>? made = await client.AddRecords(dataset.ProjectId!, dataset.Id!, intake.Records, deduplicate: false)
            .SendAsync(cancellation: cancellation);
        return made?.Count ?? intake.Records.Count;
    }

    private async Task<CandidateResult> RunCandidateAsync(Dataset dataset, Experiment first)
    {
        Experiment candidate = await client.CreateExperiment(new ExperimentDraft
        {
            Name = "support-bot-quickstart-candidate",
            ProjectId = dataset.ProjectId!,
            DatasetId = dataset.Id,
            ParentExperimentId = first.Id,
            Config = new Dictionary<string, object?> { ["model"] = "bot-small-3", ["temperature"] = 0.2 },
        }).SendAsync(cancellation: cancellation);
        var mapping = new TableMapping
        {
            InputColumn = "question",
            OutputColumn = "answer",
            ExpectedColumn = "truth",
            MetricColumns = ["faithfulness", "is_correct", "category"],
            IdColumn = "id",
            DurationColumn = "latency_ms",
        };
        SendResult sent = await SendAsync(candidate, intake =>
        {
            var table = new TableSink(mapping, () => candidate.Id, TimeProvider.System, intake);
            table.BeginTable(TableFile);
            EventFile.Read(repository.DataFile(TableFile), new EventFileOptions { IsTable = true }, table);
        });
        Print(sent);
        candidate = await CloseAsync(candidate);

        Dictionary<string, double> averages = await AverageAsync([first, candidate], ["faithfulness"], "experiment_id");
        var table = new Table("Experiment", "Model", "Faithfulness");
        foreach (Experiment one in new[] { first, candidate })
        {
            table.Add(one.LogicalName ?? string.Empty, ModelOf(one), averages[one.Id]);
        }

        table.Print();
        return new CandidateResult(candidate.Id, sent.SpanCount, sent.MetricCount, averages[candidate.Id]);
    }

    private static string ModelOf(Experiment experiment) =>
        experiment.Config is IDictionary<string, object?> config && config.TryGetValue("model", out object? model) ? $"{model}" : string.Empty;

    private async Task<Experiment> CloseAsync(Experiment experiment)
    {
        var patch = new ExperimentPatch { Status = ExperimentStatus.Completed };
        return await client.UpdateExperiment(experiment.Id, patch).SendAsync(cancellation: cancellation) ?? experiment.With(patch);
    }

    private Task<Experiment> CreateAsync(Dataset dataset) => client.CreateExperiment(new ExperimentDraft
    {
        Name = "support-bot-quickstart",
        ProjectId = dataset.ProjectId!,
        DatasetId = dataset.Id,
        Description = "Answers of a support bot, with and without articles at hand",
        Config = new Dictionary<string, object?>
        {
            ["model"] = "bot-large-2",
            ["temperature"] = 0.2,
            ["retrieval"] = new Dictionary<string, object?> { ["top_k"] = 2 },
        },
        Metadata = new Dictionary<string, object?> { ["team"] = "support", ["judge"] = "rubric-v2" },
    }).SendAsync(cancellation: cancellation);

    private async Task<SendResult> SendAsync(Experiment experiment, Action<EventIntake> read)
    {
        var defaults = new EventDefaults { ProjectId = experiment.ProjectId, DatasetId = experiment.DatasetId };
        using var stream = new EventStream(client, experiment.Id, defaults, Sending);
        var intake = new EventIntake(stream);
        read(intake);

        var failure = new FirstFailure();
        await using var sender = new EventSender(client, Sending, failure);
        foreach (ReadyBatch batch in intake.Finish())
        {
            await sender.EnqueueAsync(batch, cancellation);
        }

        await sender.CompleteAsync(cancellation);
        failure.ThrowIfAny();
        return stream.Result();
    }

    private void ReadFiles(EventIntake intake, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            EventFile.Read(repository.DataFile(name), new EventFileOptions(), intake);
        }
    }

    private static void ReadHandBuilt(EventIntake intake)
    {
        long row = 0;
        foreach (Span span in HandBuilt.Spans)
        {
            intake.Accept(new SpanRow(span, new RowPlace(null, ++row), value => value), EventKind.Span);
        }

        foreach (Metric metric in HandBuilt.Metrics)
        {
            intake.Accept(new MetricRow(metric, new RowPlace(null, ++row), value => value), EventKind.Metric);
        }
    }

    /// <summary>Averages under the group's values, joined by slashes.</summary>
    private Task<Dictionary<string, double>> AverageAsync(Experiment experiment, params string[] fields) =>
        AverageAsync([experiment], ["faithfulness", "answer_relevancy"], fields);

    private async Task<Dictionary<string, double>> AverageAsync(Experiment[] experiments, string[] labels, params string[] fields)
    {
        const string Alias = "avg_score";
        AggregateResult result = await client.Aggregate(new AggregateQuery
        {
            Compute = [new AggregateCompute("score_value", Alias)],
            GroupBy = fields,
            Query = SearchQuery.Combine(
                null, new("experiment_id", [.. experiments.Select(experiment => experiment.Id)]), new("label", labels)),
        }).SendAsync(cancellation: cancellation);
        return result.Buckets.ToDictionary(
            bucket => string.Join('/', fields.Select(field => bucket.By[field])),
            bucket => Convert.ToDouble(bucket.Metrics[Alias], CultureInfo.InvariantCulture));
    }

    private static void PrintHandBuilt()
    {
        var table = new Table("Label", "MetricType", "Assessment", "Value");
        foreach (Metric metric in HandBuilt.Metrics)
        {
            string value = metric.Value is string word ? word : JsonSerializer.Serialize(metric.Value);
            table.Add(metric.Label, metric.MetricType, metric.Assessment ?? string.Empty, value);
        }

        table.Print();
    }

    private static void Print(params SendResult[] results)
    {
        var table = new Table("ExperimentId", "Spans", "Metrics", "Failed", "Requests", "Elapsed");
        foreach (SendResult result in results)
        {
            table.Add(result.ExperimentId, result.SpanCount, result.MetricCount, result.FailedCount, result.RequestCount, result.Elapsed);
        }

        table.Print();
    }

    private static void PrintAverages(Dictionary<string, double> averages, params string[] fields)
    {
        var table = new Table([.. fields.Reverse(), "avg_score"]);
        var rows = averages.Select(average => (Group: average.Key.Split('/').Reverse().ToArray(), average.Value));
        foreach ((string[] group, double value) in rows.OrderBy(row => string.Join('/', row.Group), StringComparer.Ordinal))
        {
            table.Add([.. group, value]);
        }

        table.Print();
    }
}
