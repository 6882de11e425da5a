using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <content>Files that can't be read or written, and results in them.</content>
internal static partial class Failures
{
    // Errors of the operating systems for a file that another program has for itself.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);
    private const int LockOnLinux = 11;
    private const int LockOnMac = 35;

    /// <summary>A result file that can't be read.</summary>
    public static ErrorRecord UnreadableResult(string path, Exception reason) => Make(
        reason,
        reason is FileNotFoundException or DirectoryNotFoundException ? $"There is no result file '{path}'." : Sentence(reason.Message),
        "UnreadableFile",
        ErrorCategory.ReadError,
        path,
        "Give the file that Invoke-LlmObsExperiment -ResultPath wrote. See Get-Help about_LlmObs_Results.");

    /// <summary>A file that can't be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="record">The record of a spool that keeps the rest of it for another time; null if nothing does.</param>
    public static ErrorRecord UnreadableFile(string path, Exception reason, string? record = null)
    {
        string later = record is null ? string.Empty
            : $" Once it can be read, Resume-LlmObsEvent continues it; if it never can, or you send its rows in another way, remove '{record}'.";
        bool isOfColumns = reason is EventRowException { IsOfColumns: true };
        string message = isOfColumns || reason is NotSupportedException
            ? $"No row of the file '{path}' was taken: {Sentence(reason.Message)}"
            : $"The file '{path}' was not read to its end: {Sentence(reason.Message)}";
        return Make(
            reason,
            message,
            "UnreadableFile",
            reason is EventRowException ? ErrorCategory.InvalidData : ErrorCategory.ReadError,
            path,
            AdviceOn(reason) + later);
    }

    private static string AdviceOn(Exception reason) => reason switch
    {
        EventRowException { IsOfColumns: true } => "Correct the parameters, or the file's header. -WhatIf shows the column mapping, and sends nothing.",
        EventRowException => "Correct the file, or the parameters that describe it, such as -Encoding and -RowPath.",
        IOException { HResult: SharingViolation or LockViolation or LockOnLinux or LockOnMac } =>
            "Close it in the program that has it open, such as Excel, or read a copy of it.",
        NotSupportedException => "Give the file the ending of its format, for example .tsv for Excel's Unicode Text (.txt), or pipe its rows: Import-Csv.",
        _ => $"Check the path, the ending ({string.Join(", ", EventFile.Extensions)}, also with .gz) and the access rights.",
    };

    /// <summary>A file that can't be written.</summary>
    public static ErrorRecord UnwritableFile(string path, Exception reason) => Make(
        reason,
        $"The file '{path}' was not written: {reason.Message.TrimEnd('.')}.",
        "UnwritableFile",
        ErrorCategory.WriteError,
        path,
        "Check that its folder exists, the access rights, and the space left.");

    /// <summary>A file that is not to be written.</summary>
    public static ErrorRecord UnwritableFile(string path, string reason) => UnwritableFile(path, new IOException(reason));

    /// <summary>A path that is on no drive of the file system.</summary>
    public static ErrorRecord NotAFile(string path, string provider) => Make(
        $"'{path}' is on the provider {provider}, but a file or folder is needed.",
        "NotAFile",
        ErrorCategory.InvalidArgument,
        path,
        "Give a path on a drive of the file system.");

    /// <summary>A folder instead of files.</summary>
    public static ErrorRecord IsAFolder(string path) => Make(
        $"'{path}' is a folder, but files are needed; nothing was read.",
        "NotAFile",
        ErrorCategory.InvalidArgument,
        path,
        "Name its files, for example with -Path and wildcards: folder/*.csv.");

    /// <summary>A file that is not there.</summary>
    public static ErrorRecord FileNotFound(string path) => Make(
        $"There is no file '{path}'.",
        "FileNotFound",
        ErrorCategory.ObjectNotFound,
        path,
        "Check the path and its drive; relative paths begin at the current location.");
}
