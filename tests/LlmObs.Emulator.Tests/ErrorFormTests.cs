using LlmObs.Emulator.Http;
using LlmObs.Emulator.Tests.Support;
using static LlmObs.Emulator.Tests.Support.CatalogRequests;

namespace LlmObs.Emulator.Tests;

public sealed class ErrorFormTests
{
    [Theory]
    [InlineData(EmulatorErrorForm.Brief, "title,detail", "Generic Error")]
    [InlineData(EmulatorErrorForm.Full, "title,detail,status,source", "Bad Request")]
    public async Task An_error_has_the_members_of_its_form(EmulatorErrorForm form, string members, string title)
    {
        await using var emulator = new TestEmulator(new EmulatorOptions(), RequestLimits.Default, form);
        Reply reply = await emulator.PostAsync(Projects, "projects", "{}");
        Assert.Equal(400, reply.Status);
        Assert.Equal(members.Split(','), reply.Error.EnumerateObject().Select(member => member.Name));
        Assert.Equal(title, reply.Error.GetProperty("title").GetString());
    }

    [Fact]
    public void Errors_are_brief_unless_asked_otherwise() => Assert.Equal(EmulatorErrorForm.Brief, new EmulatorOptions().ErrorForm);

    [Fact]
    public async Task A_type_can_be_refused()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { RefusedTypes = ["events"] });
        string id = await emulator.ExperimentAsync();
        (await emulator.PushAsync(id, Bodies.Spans(Bodies.Span()))).MustRefuse(400, "/data/type");
        Assert.Empty(emulator.Store.Spans(id));
        Assert.Equal(202, (await emulator.PushAsync(id, Bodies.Spans(Bodies.Span()), "experiments")).Status);
    }

    [Fact]
    public async Task Answers_without_a_body_name_a_type_all_the_same()
    {
        await using var emulator = new TestEmulator();
        string id = await emulator.ExperimentAsync();
        Assert.Equal("application/vnd.api+json", (await emulator.PatchAsync(id, """{"status":"running"}""")).ContentType);
        Assert.Equal("application/vnd.api+json", (await emulator.PushAsync(id, Bodies.Spans(Bodies.Span()))).ContentType);
    }
}
