using Xunit.Abstractions;
using Xunit.Sdk;

namespace LlmObs.Emulator.Tests.Witness;

/// <summary>Finds the tests of witnesses on request, and otherwise none: they are then neither passed nor skipped.</summary>
/// <param name="messages">The sink for the runner's messages.</param>
public sealed class WitnessDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    private readonly FactDiscoverer _facts = new(messages);

    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.GetEnvironmentVariable("LLMOBS_WITNESS") == "1" ? _facts.Discover(discoveryOptions, testMethod, factAttribute) : [];
}
