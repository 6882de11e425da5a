namespace LlmObs.Page.Tests;

/// <content>What xunit starts and stops; the benchmark of the page does so itself.</content>
public sealed partial class Browser : IAsyncLifetime;
