using System.Runtime.InteropServices;

namespace Spindle.Models.Numerics;

/// <summary>What happens to memory that a training step frees: the process keeps it for the next step. By default, glibc returns it to the system, which clears every page before it gives it back.</summary>
public static partial class FreedMemory
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    private const int LargestKept = 256 << 20;
    private const int LargestInHeap = 32 << 20; // the most that glibc takes

    // glibc's own variables for the same
    private static readonly string[] Variables = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"];

    /// <summary>Keeps freed memory, unless the user's environment says otherwise. Without effect where the C library is not glibc.</summary>
    public static void Keep()
    {
        if (!OperatingSystem.IsLinux() || Variables.Any(variable => Environment.GetEnvironmentVariable(variable) is not null)) return;
        try
        {
            _ = SetOption(MapThreshold, LargestInHeap);
            _ = SetOption(TrimThreshold, LargestKept);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such options
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
