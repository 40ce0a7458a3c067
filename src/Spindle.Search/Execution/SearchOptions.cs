namespace Spindle.Search.Execution;

/// <summary>How a search is run. None of these options changes its results.</summary>
public sealed record SearchOptions
{
    /// <summary>The folder for the tuned weights of the found design, with one folder per task; null keeps no weights. The workers must be given the same folder.</summary>
    public string? TunedFolder { get; init; }

    /// <summary>The longest time between two reads of the store.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(250);
}
