namespace LlmObs.Evaluation.Evaluators;

/// <summary>What the length of an output is counted in.</summary>
public enum LengthUnit
{
    /// <summary>Characters as a reader sees them: an emoji or a letter with its accent is one.</summary>
    Characters,

    /// <summary>Words: what stands between blanks.</summary>
    Words,

    /// <summary>Lines.</summary>
    Lines,
}
