using System.Collections;
using System.IO.Compression;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using System.Text.Json;

namespace LlmObs.PowerShell.Completion;

/// <summary>Completes columns of the table that a command line reads: the file of -Path, or of the Import-Csv that is piped.</summary>
public sealed class ColumnCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> WordsFor(CommandAst command, IDictionary bound)
    {
        bool isLiteral = bound.Contains("LiteralPath");
        object? path = isLiteral ? bound["LiteralPath"] : bound["Path"];
        char? delimiter = bound["Delimiter"]?.ToString() is [char given] ? given : null;
        string? encoding = bound["Encoding"]?.ToString();
        string? file = (path is IList { Count: > 0 } list ? list[0] : path)?.ToString();
        if (file is null)
        {
            (file, isLiteral, delimiter, encoding) = Upstream(command);
        }

        return file is null ? [] : TableHeader.Read(file, isLiteral, delimiter, encoding).Select(column => new CompletionWord(column, $"a column of {file}"));
    }

    // Import-Csv FILE | Send-LlmObsEvent
    private static (string? File, bool IsLiteral, char? Delimiter, string? Encoding) Upstream(CommandAst command)
    {
        if (command.Parent is not PipelineAst pipeline || pipeline.PipelineElements[0] is not CommandAst first
            || first.GetCommandName()?.ToLowerInvariant() is not ("import-csv" or "ipcsv"))
        {
            return (null, false, null, null);
        }

        StaticBindingResult bound = StaticParameterBinder.BindCommand(first, true);
        object? literal = Constant(bound, "LiteralPath");
        char? delimiter = Constant(bound, "Delimiter")?.ToString() is [char given] ? given : null;
        return ((literal ?? Constant(bound, "Path"))?.ToString(), literal is not null, delimiter, Constant(bound, "Encoding")?.ToString());
    }

    private static object? Constant(StaticBindingResult bound, string parameter)
    {
        if (!bound.BoundParameters.TryGetValue(parameter, out ParameterBindingResult? result))
        {
            return null;
        }

        ExpressionAst? value = result.Value as ExpressionAst;
        return value is ArrayLiteralAst { Elements.Count: > 0 } list ? (list.Elements[0] as ConstantExpressionAst)?.Value : result.ConstantValue ?? (value as ConstantExpressionAst)?.Value;
    }
}

/// <summary>Reads the column names of a file while a command line is typed: its beginning only, and never an error.</summary>
internal static class TableHeader
{
    private const int MostRead = 64 * 1024; // characters

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<string> Read(string path, bool isLiteral, char? delimiter, string? encoding)
    {
        try
        {
            if (Resolve(path, isLiteral) is not string file)
            {
                return [];
            }

            return EventFile.ColumnsOf(Beginning(file, EncodingOf(encoding)), EventFile.FormatOf(file), delimiter ?? ',');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or RuntimeException or NotSupportedException)
        {
            return [];
        }
    }

    private static Encoding EncodingOf(string? name) => (name is null ? null : EncodingNames.Find(name)) ?? Encoding.UTF8;

    // A completer does not know its session, but commands that run in it do.
    private static string? Resolve(string path, bool isLiteral)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Microsoft.PowerShell.Management\\Resolve-Path").AddParameter(isLiteral ? "LiteralPath" : "Path", path).AddParameter("ErrorAction", ActionPreference.Ignore);
        return shell.Invoke<PathInfo>().Where(found => FileSystemPath.IsOn(found.Provider)).Select(found => found.ProviderPath).FirstOrDefault(File.Exists);
    }

    // Whoever types waits for no pipe and no share that stalls.
    private static string Beginning(string file, Encoding encoding)
    {
        var reading = Task.Run(() => ReadBeginning(file, encoding));
#pragma warning disable RS0030 // A completer has no cmdlet, and so no bridge; it is over when the wait is.
        return ((IAsyncResult)reading).AsyncWaitHandle.WaitOne(LongestWait) ? reading.GetAwaiter().GetResult() : string.Empty;
#pragma warning restore RS0030
    }

    private static string ReadBeginning(string file, Encoding encoding)
    {
        using FileStream bytes = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using Stream content = EventFile.IsPacked(file) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes;
        using StreamReader text = new(content, encoding, detectEncodingFromByteOrderMarks: true);
        char[] buffer = new char[MostRead];
        return new string(buffer, 0, text.ReadBlock(buffer));
    }
}
