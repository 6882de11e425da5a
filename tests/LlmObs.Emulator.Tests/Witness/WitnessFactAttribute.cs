using Xunit.Sdk;

namespace LlmObs.Emulator.Tests.Witness;

/// <summary>A test that is one only if it is asked for, with LLMOBS_WITNESS=1: it needs Node and what npm brings.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("LlmObs.Emulator.Tests.Witness.WitnessDiscoverer", "LlmObs.Emulator.Tests")]
public sealed class WitnessFactAttribute : FactAttribute;
