using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace LlmObs.PowerShell.Parameters;

/// <summary>Reads an encoding from its name or the number of its code page, as Import-Csv does.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EncodingNameAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (given is not (string or int))
        {
            return inputData;
        }

        string name = Convert.ToString(given, CultureInfo.InvariantCulture)!;
        return EncodingNames.Find(name) ?? throw new ArgumentTransformationMetadataException(
            $"'{HostSafeText.OneLine(name)}' is no encoding that .NET can read.{NearestWord.Ask(name, [.. EncodingNames.All.Select(one => one.Name)])} Give a name or the number of a code page: windows-1252, ansi, unicode, 1252.");
    }
}

/// <summary>The encodings of text files by the names that PowerShell's own -Encoding has, and by .NET's.</summary>
internal static class EncodingNames
{
    private static readonly (string Name, string Meaning, Func<Encoding> Encoding)[] Known =
    [
        ("utf8", "UTF-8, with or without a byte order mark", () => Encoding.UTF8),
        ("utf8BOM", "UTF-8", () => Encoding.UTF8),
        ("utf8NoBOM", "UTF-8", () => Encoding.UTF8),
        ("default", "UTF-8, as in PowerShell 7; Windows PowerShell's Default is ansi here", () => Encoding.UTF8),
        ("windows-1252", "Western European, as Excel's CSV in many countries", () => Encoding.GetEncoding(1252)),
        ("ansi", "the code page of the current culture", () => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.ANSICodePage)),
        ("oem", "the code page of the current culture's console", () => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.OEMCodePage)),
        ("unicode", "UTF-16", () => Encoding.Unicode),
        ("bigendianunicode", "UTF-16, big-endian", () => Encoding.BigEndianUnicode),
        ("utf32", "UTF-32", () => Encoding.UTF32),
        ("bigendianutf32", "UTF-32, big-endian", () => new UTF32Encoding(bigEndian: true, byteOrderMark: false)),
        ("ascii", "the 128 characters of ASCII", () => Encoding.ASCII),
        ("latin1", "ISO 8859-1", () => Encoding.Latin1),
        ("windows-1250", "Central European", () => Encoding.GetEncoding(1250)),
        ("windows-1251", "Cyrillic", () => Encoding.GetEncoding(1251)),
        ("shift_jis", "Japanese", () => Encoding.GetEncoding(932)),
        ("gb18030", "Chinese", () => Encoding.GetEncoding(54936)),
    ];

    // .NET itself has only Unicode, ASCII and Latin 1.
    static EncodingNames() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The names to offer, and what they mean.</summary>
    public static IEnumerable<(string Name, string Meaning)> All => Known.Select(one => (one.Name, one.Meaning));

    /// <summary>An encoding by its name or by the number of its code page; null if .NET has none.</summary>
    public static Encoding? Find(string name)
    {
        if (Array.Find(Known, one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)) is { Encoding: not null } known)
        {
            return known.Encoding();
        }

        try
        {
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int page) ? Encoding.GetEncoding(page) : Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
