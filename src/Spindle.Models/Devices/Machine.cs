namespace Spindle.Models.Devices;

/// <summary>The machine on which this process runs.</summary>
public static class Machine
{
    private const string Information = "/proc/cpuinfo";

    /// <summary>The processor's name, or null if the system does not tell it.</summary>
    public static string? Processor { get; } = Find();

    /// <summary>The bytes of memory that this process may use.</summary>
    public static long Memory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static string? Find()
    {
        if (!File.Exists(Information)) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        var line = File.ReadLines(Information).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line?.Split(':', 2)[^1].Trim() is { Length: > 0 } name ? name : null;
    }
}
