namespace LlmObs.Page.Tests;

/// <content>The part that xunit starts and stops; the benchmark of the page does this itself.</content>
public sealed partial class Browser : IAsyncLifetime;
