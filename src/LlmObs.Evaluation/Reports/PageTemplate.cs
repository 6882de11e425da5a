using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;

namespace LlmObs.Evaluation.Reports;

/// <summary>
/// A page made from a template, including its style sheet. Template, style sheet and script are files beside this one. Every
/// text is encoded, unless the template marks it as raw.
/// </summary>
internal sealed class PageTemplate
{
    private static readonly string Css = Resource("report.css");
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly IFluidTemplate _template;

    /// <param name="name">The template's file.</param>
    /// <param name="extend">Adds tags of its own to the language.</param>
    public PageTemplate(string name, Action<FluidParser>? extend = null)
    {
        FluidParser parser = new();
        extend?.Invoke(parser);
        _template = parser.TryParse(Resource(name), out IFluidTemplate template, out string error) ? template : throw new InvalidOperationException(error);
    }

    /// <summary>Writes the page.</summary>
    /// <param name="model">The values for the template, with names in snake_case; <c>css</c> and <c>css_hash</c> are provided.</param>
    /// <param name="target">The stream for the UTF-8 output.</param>
    /// <param name="prepare">Prepares tags.</param>
    public async Task WriteAsync(object model, Stream target, Action<TemplateContext>? prepare = null)
    {
        await using StreamWriter writer = new(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        TemplateOptions options = new() { MemberAccessStrategy = new UnsafeMemberAccessStrategy { MemberNameStrategy = MemberNameStrategies.SnakeCase } };
        TemplateContext context = new(model, options, allowModelMembers: true);
        context.SetValue("css", Css);
        context.SetValue("css_hash", Hash(Css));
        prepare?.Invoke(context);
        await _template.RenderAsync(writer, Encoder, context).ConfigureAwait(false);
    }

    /// <summary>The word by which a page's policy allows one script or style.</summary>
    public static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>A file beside this one. Git may have changed its line ends; a browser reads all of them as line feeds before it checks a hash.</summary>
    public static string Resource(string name)
    {
        using StreamReader reader = new(typeof(PageTemplate).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
