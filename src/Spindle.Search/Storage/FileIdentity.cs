using System.Runtime.InteropServices;

namespace Spindle.Search.Storage;

/// <summary>Which file a path leads to, so that a file that was replaced by another one of the same name is noticed. It never opens the file: closing it would release SQLite's locks.</summary>
/// <param name="Device">The device that holds the file; 0 where the system does not tell.</param>
/// <param name="Number">The file's number on the device, or the time of its creation.</param>
internal readonly partial record struct FileIdentity(ulong Device, ulong Number)
{
    // the layout of Linux's struct statx, which is the same on every processor
    private const int StatusLength = 256;
    private const int NumberAt = 32;
    private const int DeviceAt = 136;
    private const uint NumberWanted = 0x100;
    private const int FromCurrentFolder = -100;

    /// <summary>The identity of the file that a path leads to now, or null where there is none.</summary>
    public static FileIdentity? Of(string path)
    {
        if (!File.Exists(path)) return null;
        if (OperatingSystem.IsLinux()) return OnLinux(path);
        return new(0, (ulong)File.GetCreationTimeUtc(path).Ticks);
    }

    // the creation time changes with every write there
    private static FileIdentity? OnLinux(string path)
    {
        var status = new byte[StatusLength];
        try
        {
            if (Status(FromCurrentFolder, path, 0, NumberWanted, status) != 0) return File.Exists(path) ? default(FileIdentity) : null;
            return new(BitConverter.ToUInt64(status, DeviceAt), BitConverter.ToUInt64(status, NumberAt));
        }
        catch (EntryPointNotFoundException)
        {
            return default(FileIdentity);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint wanted, [Out] byte[] status);
}
