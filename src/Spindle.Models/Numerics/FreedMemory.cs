using System.Runtime.InteropServices;

namespace Spindle.Models.Numerics;

/// <summary>Memory that libtorch has freed. The allocator of Linux keeps it, in pieces between what is still in use, and a process that trains many models grows with each.</summary>
public static partial class FreedMemory
{
    /// <summary>Gives freed memory back to the operating system, where the C library can do so (glibc). It takes some milliseconds.</summary>
    public static void Return()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = Trim(0);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // another C library, which has its own ways
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
