using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class KeysTests
{
    private const string Validate = "/api/v1/validate";
    private const string ValidateKeys = "/api/v2/validate_keys";

    private static readonly EmulatorKeys Pair = new() { ApiKey = Secret.From("fake-api-key-1234"), AppKey = Secret.From("fake-app-key-1234") };
    private static readonly EmulatorKeys Token = new() { AccessToken = Secret.From("ddpat_fake_token_1234") };
    private static readonly EmulatorKeys All = Pair with { AccessToken = Token.AccessToken };

    public static TheoryData<string, string, string, int, int, int> Requests => new()
    {
        // what is asked for, what is sent: status of validate, of validate_keys, of a list
        { "nothing", string.Empty, string.Empty, 200, 200, 200 },
        { "nothing", "whatever", "whatever", 200, 200, 200 },
        { "pair", "fake-api-key-1234", "fake-app-key-1234", 200, 200, 200 },
        { "pair", "fake-api-key-1234", "other", 200, 403, 403 },
        { "pair", "fake-api-key-1234", string.Empty, 200, 403, 403 },
        { "pair", "other", "fake-app-key-1234", 403, 403, 403 },
        { "pair", string.Empty, string.Empty, 401, 401, 401 },
        { "pair", "Bearer ddpat_fake_token_1234", string.Empty, 403, 403, 403 },
        { "token", "Bearer ddpat_fake_token_1234", string.Empty, 403, 200, 200 },
        { "token", string.Empty, "ddpat_fake_token_1234", 403, 200, 200 },
        { "token", "Bearer other", string.Empty, 403, 403, 403 },
        { "token", "fake-api-key-1234", "fake-app-key-1234", 403, 403, 403 },
        { "all", "fake-api-key-1234", "fake-app-key-1234", 200, 200, 200 },
        { "all", "Bearer ddpat_fake_token_1234", string.Empty, 403, 200, 200 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Keys_are_compared_with_those_that_were_asked_for(string asked, string first, string app, int validate, int validateKeys, int list)
    {
        EmulatorKeys keys = asked switch { "pair" => Pair, "token" => Token, "all" => All, _ => new EmulatorKeys() };
        await using var emulator = new TestEmulator(new EmulatorOptions { Keys = keys });
        Assert.Equal(
            (validate, validateKeys, list),
            ((await SendAsync(Validate)).Status, (await SendAsync(ValidateKeys)).Status, (await SendAsync(TestEmulator.Experiments)).Status));

        Task<Reply> SendAsync(string path) => emulator.SendAsync("GET", path, null, request =>
        {
            Add("DD-APPLICATION-KEY", app);
            Add(first.StartsWith("Bearer", StringComparison.Ordinal) ? "Authorization" : "DD-API-KEY", first);

            void Add(string name, string value)
            {
                if (value.Length > 0)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }
        });
    }

    [Fact]
    public async Task Answers_are_those_of_the_documents()
    {
        await using var emulator = new TestEmulator();
        Assert.Equal("""{"valid":true}""", (await emulator.GetAsync(Validate)).Text);
        Assert.Equal("""{"status":"ok"}""", (await emulator.GetAsync(ValidateKeys)).Text);

        await using var closed = new TestEmulator(new EmulatorOptions { Keys = Pair });
        Assert.Equal("""{"errors":["Unauthorized"]}""", (await closed.GetAsync(Validate)).Text);
    }

    [Fact]
    public async Task What_is_refused_is_not_done()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { Keys = Pair });
        Reply reply = await emulator.CreateAsync("""{"name":"a","project_id":"p"}""");
        Assert.Equal(401, reply.Status);
        Assert.Equal(0, emulator.Store.ExperimentCount);
    }
}
