namespace LlmObs.Evaluation.Evaluators;

/// <summary>An evaluator can't judge a row.</summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="cause">What was thrown.</param>
public sealed class EvaluatorException(string message, Exception? cause = null) : Exception(message, cause);
