using System.Collections;
using System.Management.Automation;
using LlmObs.Evaluation.Evaluators;

namespace LlmObs.PowerShell.Commands;

/// <summary>Makes an evaluator: from a script block, or an included one.</summary>
[Cmdlet(VerbsCommon.New, "LlmObsEvaluator", DefaultParameterSetName = ByScript)]
[OutputType(typeof(Evaluator))]
public sealed class NewLlmObsEvaluatorCommand : LlmObsCmdlet
{
    private const string ByScript = "Script";
    private const string ByExactMatch = "ExactMatch";
    private const string ByContains = "Contains";
    private const string ByMatch = "Match";
    private const string ByLength = "Length";
    private const string ByJson = "Json";
    private const string ByNumber = "Number";
    private const string BySimilarity = "Similarity";
    private const string BySemantic = "Semantic";
    private const string ByJudge = "Judge";

    /// <summary>The label of its metric: letters of a to z, digits, _ and -. Included evaluators have one of their own if it is not given.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByScript)]
    [Parameter(Position = 0, ParameterSetName = ByExactMatch)]
    [Parameter(Position = 0, ParameterSetName = ByContains)]
    [Parameter(Position = 0, ParameterSetName = ByMatch)]
    [Parameter(Position = 0, ParameterSetName = ByLength)]
    [Parameter(Position = 0, ParameterSetName = ByJson)]
    [Parameter(Position = 0, ParameterSetName = ByNumber)]
    [Parameter(Position = 0, ParameterSetName = BySimilarity)]
    [Parameter(Position = 0, ParameterSetName = BySemantic)]
    [Parameter(Position = 0, ParameterSetName = ByJudge)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Judges a row, which is $_ and the first parameter; with -Judge it asks the model, and is given the prompt.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByScript)]
    [Parameter(ParameterSetName = ByJudge)]
    [ValidateNotNull]
    [Block(nameof(ScriptBlock))]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The script block judges all rows of an iteration at once.</summary>
    [Parameter(ParameterSetName = ByScript)]
    public SwitchParameter Summary { get; set; }

    /// <summary>True if the output equals the record's expected output.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByExactMatch)]
    public SwitchParameter ExactMatch { get; set; }

    /// <summary>True if the output contains this text; the text that the record expects if it is empty.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByContains)]
    [AllowEmptyString]
    public string? Contains { get; set; }

    /// <summary>True if this regular expression is found in the output.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByMatch)]
    [ValidateNotNullOrEmpty]
    public string? Match { get; set; }

    /// <summary>Upper and lower case are the same.</summary>
    [Parameter(ParameterSetName = ByExactMatch)]
    [Parameter(ParameterSetName = ByContains)]
    [Parameter(ParameterSetName = ByMatch)]
    public SwitchParameter IgnoreCase { get; set; }

    /// <summary>Measures the length of the output.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLength)]
    public SwitchParameter Length { get; set; }

    /// <summary>The least length that passes, or the least score that a judge may give.</summary>
    [Parameter(ParameterSetName = ByLength)]
    [Parameter(ParameterSetName = ByJudge)]
    public double? Minimum { get; set; }

    /// <summary>The greatest length that passes, or the highest score that a judge may give.</summary>
    [Parameter(ParameterSetName = ByLength)]
    [Parameter(ParameterSetName = ByJudge)]
    public double? Maximum { get; set; }

    /// <summary>The unit of the length.</summary>
    [Parameter(ParameterSetName = ByLength)]
    [ValidateSet(nameof(LengthUnit.Characters), nameof(LengthUnit.Words), nameof(LengthUnit.Lines))]
    public string Unit { get; set; } = nameof(LengthUnit.Characters);

    /// <summary>True if the output is JSON, or text that holds JSON.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByJson)]
    public SwitchParameter Json { get; set; }

    /// <summary>Keys that the JSON object must have.</summary>
    [Parameter(ParameterSetName = ByJson)]
    [ValidateNotNull]
    public string[] RequiredKey { get; set; } = [];

    /// <summary>A JSON Schema that the output must fit: JSON text, a hashtable or an object.</summary>
    [Parameter(ParameterSetName = ByJson)]
    [JsonObject]
    public object? Schema { get; set; }

    /// <summary>Measures the distance of the number in the output from the expected one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByNumber)]
    public SwitchParameter Number { get; set; }

    /// <summary>The largest distance that passes.</summary>
    [Parameter(ParameterSetName = ByNumber)]
    [ValidateRange(0d, double.MaxValue)]
    public double Tolerance { get; set; }

    /// <summary>Measures the similarity of output and expected output as text, 0 to 1: the Levenshtein ratio.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BySimilarity)]
    public SwitchParameter Similarity { get; set; }

    /// <summary>Measures the similarity of output and expected output in meaning: the cosine of their embeddings.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BySemantic)]
    public SwitchParameter Semantic { get; set; }

    /// <summary>The least score that passes; without it there is no verdict.</summary>
    [Parameter(ParameterSetName = BySimilarity)]
    [Parameter(ParameterSetName = BySemantic)]
    [Parameter(ParameterSetName = ByJudge)]
    public double? Threshold { get; set; }

    /// <summary>Embeds a text, which is $_ and the first parameter: returns a list of numbers.</summary>
    [Parameter(ParameterSetName = BySemantic)]
    [ValidateNotNull]
    [Block(nameof(Embedding))]
    public ScriptBlock? Embedding { get; set; }

    /// <summary>Asks a model for a verdict: the prompt, with {{input}}, {{output}}, {{expected_output}} and {{metadata.x}} in it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByJudge)]
    [ValidateNotNullOrEmpty]
    public string? Judge { get; set; }

    /// <summary>The kind of the judge's verdict.</summary>
    [Parameter(ParameterSetName = ByJudge)]
    [ValidateSet(nameof(JudgeVerdict.Boolean), nameof(JudgeVerdict.Score), nameof(JudgeVerdict.Categorical))]
    public string Verdict { get; set; } = nameof(JudgeVerdict.Boolean);

    /// <summary>The words that a categorical judge may give.</summary>
    [Parameter(ParameterSetName = ByJudge)]
    [ValidateNotNull]
    public string[] Category { get; set; } = [];

    /// <summary>The categories that pass.</summary>
    [Parameter(ParameterSetName = ByJudge)]
    [ValidateNotNull]
    public string[] PassCategory { get; set; } = [];

    /// <summary>The model's name; of Azure OpenAI the deployment's.</summary>
    [Parameter(ParameterSetName = BySemantic)]
    [Parameter(ParameterSetName = ByJudge)]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>The address of an OpenAI-compatible service; OpenAI itself if it is not given. Of Azure OpenAI https://NAME.openai.azure.com/openai/v1/.</summary>
    [Parameter(ParameterSetName = BySemantic)]
    [Parameter(ParameterSetName = ByJudge)]
    [ValidateNotNull]
    public Uri? Endpoint { get; set; }

    /// <summary>The service's key: a SecureString or text; the environment variable OPENAI_API_KEY if it is not given.</summary>
    [Parameter(ParameterSetName = BySemantic)]
    [Parameter(ParameterSetName = ByJudge)]
    [Key]
    public object? ApiKey { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Name is not null && !EvaluatorNames.IsValid(Name))
        {
            Refuse($"'{Name}' can't be the label of a metric: {EvaluatorNames.Rule}.", "Give another name.");
        }

        if (ParameterSetName == ByScript)
        {
            WriteObject(new Evaluator(Name!, "Script", ScriptBlock!, Summary));
            return;
        }

        IncludedEvaluator made;
        try
        {
            made = Make();
        }
        catch (ArgumentException e)
        {
            Refuse(e.Message.Split(" (Parameter", 2)[0], "See Get-Help New-LlmObsEvaluator -Examples.");
            throw; // never reached: the line above does not return
        }

        WriteObject(new Evaluator(Name ?? made.DefaultName, made.Kind, made, script: ParameterSetName == BySemantic ? Embedding : ScriptBlock));
    }

    private IncludedEvaluator Make() => ParameterSetName switch
    {
        ByExactMatch => new ExactMatchEvaluator { IgnoreCase = IgnoreCase },
        ByContains => new ContainsEvaluator { Text = string.IsNullOrEmpty(Contains) ? null : Contains, IgnoreCase = IgnoreCase },
        ByMatch => new MatchEvaluator(Match!, IgnoreCase),
        ByLength => new LengthEvaluator { Minimum = Whole(Minimum), Maximum = Whole(Maximum), Unit = Enum.Parse<LengthUnit>(Unit, ignoreCase: true) },
        ByJson => new JsonEvaluator(RequiredKey, Schema is null ? null : JsonSnapshot.Of(Schema).ToString()),
        ByNumber => new NumberEvaluator { Tolerance = Tolerance },
        BySimilarity => new SimilarityEvaluator { Threshold = Threshold },
        BySemantic => new SemanticEvaluator(Embedding is null ? ToEndpoint("-Embedding { … }") : null) { Threshold = Threshold },
        _ => MakeJudge(),
    };

    private JudgeEvaluator MakeJudge()
    {
        JudgeVerdict verdict = Enum.Parse<JudgeVerdict>(Verdict, ignoreCase: true);
        if (verdict == JudgeVerdict.Categorical && Category.Length == 0)
        {
            Refuse("A categorical judge needs its categories.", "Give them with -Category.");
        }

        return new JudgeEvaluator(Judge!, ScriptBlock is null ? ToEndpoint("-ScriptBlock { … }") : null)
        {
            Verdict = verdict,
            Minimum = Minimum ?? 0,
            Maximum = Maximum ?? 1,
            Threshold = Threshold,
            Categories = Category,
            PassCategories = PassCategory,
        };
    }

    private ModelEndpoint ToEndpoint(string script)
    {
        if (Model is null)
        {
            Refuse("The judge has no model.", $"Give -Model, and -Endpoint if it is not OpenAI's, or {script}.");
        }

        if (Endpoint is not null && ClientOptions.UnsafeReason(Endpoint) is string reason)
        {
            Refuse($"'{Endpoint}' can't be used: {reason}.", "Give an https address, or an http address on loopback.");
        }

        if (ApiKey is UnusableKey unusable)
        {
            Refuse($"-ApiKey can't be used: {unusable.Reason}", "Give the key alone.");
        }

        return new ModelEndpoint(Model, Endpoint, ApiKey as Secret ?? FromEnvironment());
    }

    private Secret? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("OPENAI_API_KEY") is not { Length: > 0 } key)
        {
            if (Endpoint?.IsLoopback != true)
            {
                Refuse("No key is known for the model.", "Give -ApiKey, or set the environment variable OPENAI_API_KEY.");
            }

            return null;
        }

        return Secret.From(key);
    }

    private static int? Whole(double? number) => number is double given ? (int)Math.Clamp(Math.Round(given), 0, int.MaxValue) : null;

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private void Refuse(string message, string action) =>
        ThrowTerminatingError(Failures.InvalidValue(new PSArgumentException(message), message, Name, action));
}
