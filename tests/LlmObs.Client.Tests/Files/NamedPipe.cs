using System.Runtime.InteropServices;

namespace LlmObs.Client.Tests;

/// <summary>A named pipe in the file system, which Windows does not have.</summary>
internal static partial class NamedPipe
{
    public static void Create(string path)
    {
        if (MakeFifo(path, Convert.ToUInt32("600", 8)) != 0)
        {
            throw new IOException($"There can be no pipe at {path}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);
}
