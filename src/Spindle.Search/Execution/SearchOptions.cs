namespace Spindle.Search.Execution;

/// <summary>How a search is driven; nothing here changes its numbers.</summary>
public sealed record SearchOptions
{
    /// <summary>Where the tuned weights of the found design go, a folder a task; null keeps none. The workers must be given the same folder.</summary>
    public string? TunedFolder { get; init; }

    /// <summary>The longest wait between two looks at the store.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(250);
}
