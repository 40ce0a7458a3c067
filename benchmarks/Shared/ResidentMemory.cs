using System.Globalization;

namespace Spindle.Benchmarks;

/// <summary>How much memory this process holds and has held at most, in bytes, as Linux counts it.</summary>
internal static class ResidentMemory
{
    /// <summary>What it holds now.</summary>
    public static long Now => Read("VmRSS:");

    /// <summary>What it has held at most.</summary>
    public static long Peak => Read("VmHWM:");

    private static long Read(string key)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(key, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
