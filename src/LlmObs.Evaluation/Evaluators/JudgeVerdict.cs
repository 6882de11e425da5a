namespace LlmObs.Evaluation.Evaluators;

/// <summary>What kind of verdict a judge gives.</summary>
public enum JudgeVerdict
{
    /// <summary>Yes or no; yes passes.</summary>
    Boolean,

    /// <summary>A number of a range.</summary>
    Score,

    /// <summary>One of several words.</summary>
    Categorical,
}
