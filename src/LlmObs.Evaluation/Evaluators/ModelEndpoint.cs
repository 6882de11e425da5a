namespace LlmObs.Evaluation.Evaluators;

/// <summary>A model at an OpenAI-compatible service.</summary>
/// <param name="Model">The model's name; of Azure OpenAI the deployment's.</param>
/// <param name="Address">The service's address, for example <c>https://me.openai.azure.com/openai/v1/</c>; null for OpenAI itself.</param>
/// <param name="Key">The key; null if the service asks for none.</param>
public sealed record ModelEndpoint(string Model, Uri? Address, Secret? Key);
