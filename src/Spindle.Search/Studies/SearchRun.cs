namespace Spindle.Search.Studies;

/// <summary>Where a search ran and with what, so that its numbers can be understood and repeated.</summary>
/// <param name="Started">When it started.</param>
/// <param name="Version">The version of Spindle.</param>
public sealed record SearchRun(DateTimeOffset Started, string Version)
{
    /// <summary>The commit of Spindle, or null if that is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The processor's name, or null if that is not known.</summary>
    public string? Processor { get; init; }

    /// <summary>The number of processors that the process may use.</summary>
    public int Cores { get; init; }

    /// <summary>The bytes of memory that the process may use.</summary>
    public long Memory { get; init; }

    /// <summary>The operating system.</summary>
    public string? System { get; init; }

    /// <summary>The version of .NET.</summary>
    public string? DotNet { get; init; }

    /// <summary>The version of libtorch, or null if that is not known.</summary>
    public string? Libtorch { get; init; }

    /// <summary>The number of workers.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The devices that computed, each once.</summary>
    public string Devices { get; init; } = "";

    /// <summary>The command that started it, or null where a program did.</summary>
    public string? Command { get; init; }

    /// <summary>The folder for the tuned weights, seen from the store's folder; absolute where the store is in a database; null where none were kept, and in older stores.</summary>
    public string? TunedFolder { get; init; }

    /// <summary>The runs of a search, with one more. A run that differs from the last one only in its time is left out.</summary>
    /// <param name="before">The runs before.</param>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<SearchRun> Append(IReadOnlyList<SearchRun> before, SearchRun run) => before.Count > 0 && before[^1] with { Started = run.Started } == run ? before : [.. before, run];
}
