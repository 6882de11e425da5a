using System.IO.Compression;
using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace LlmObs.PowerShell.Parameters;

/// <summary>Reads the column names of a file while a command line is typed: its first line only, and never an error.</summary>
internal static class TableHeader
{
    private const int MostRead = 64 * 1024; // characters

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<string> Read(string path, bool isLiteral, char? delimiter)
    {
        try
        {
            if (Resolve(path, isLiteral) is not string file)
            {
                return [];
            }

            string plain = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
            string line = FirstLine(file, isZipped: plain.Length < file.Length);
            return Path.GetExtension(plain).ToLowerInvariant() switch
            {
                ".csv" => Split(line, delimiter ?? ','),
                ".tsv" => Split(line, delimiter ?? '\t'),
                ".jsonl" or ".ndjson" => Members(line),
                _ => [],
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or RuntimeException or NotSupportedException)
        {
            return [];
        }
    }

    // A completer is not told its session; commands that run in it are.
    private static string? Resolve(string path, bool isLiteral)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Microsoft.PowerShell.Management\\Resolve-Path").AddParameter(isLiteral ? "LiteralPath" : "Path", path).AddParameter("ErrorAction", ActionPreference.Ignore);
        return shell.Invoke<PathInfo>().Where(found => FileSystemPath.IsOn(found.Provider)).Select(found => found.ProviderPath).FirstOrDefault(File.Exists);
    }

    // Whoever types waits for no pipe and no share that stalls.
    private static string FirstLine(string file, bool isZipped)
    {
        var reading = Task.Run(() => ReadFirstLine(file, isZipped));
#pragma warning disable RS0030 // A completer has no cmdlet, and so no bridge; it is over when the wait is.
        return ((IAsyncResult)reading).AsyncWaitHandle.WaitOne(LongestWait) ? reading.GetAwaiter().GetResult() : string.Empty;
#pragma warning restore RS0030
    }

    private static string ReadFirstLine(string file, bool isZipped)
    {
        using FileStream bytes = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using Stream content = isZipped ? new GZipStream(bytes, CompressionMode.Decompress) : bytes;
        using StreamReader text = new(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        char[] buffer = new char[MostRead];
        ReadOnlySpan<char> read = buffer.AsSpan(0, text.ReadBlock(buffer));
        int end = read.IndexOfAny('\r', '\n');
        return (end < 0 ? read : read[..end]).ToString();
    }

    private static List<string> Split(string line, char delimiter)
    {
        var columns = new List<string>();
        var column = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                column.Append(line[++i]);
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == delimiter && !quoted)
            {
                columns.Add(column.ToString());
                column.Clear();
            }
            else
            {
                column.Append(c);
            }
        }

        columns.Add(column.ToString());
        return columns;
    }

    private static string[] Members(string line)
    {
        using var row = JsonDocument.Parse(line);
        return row.RootElement.ValueKind == JsonValueKind.Object ? [.. row.RootElement.EnumerateObject().Select(member => member.Name)] : [];
    }
}
