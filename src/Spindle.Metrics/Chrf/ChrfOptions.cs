namespace Spindle.Metrics.Chrf;

/// <summary>How chrF is computed; the defaults are sacreBLEU's chrF2.</summary>
public sealed record ChrfOptions
{
    /// <summary>The longest runs of characters.</summary>
    public int Characters { get; init; } = 6;

    /// <summary>The longest runs of words: 0 is chrF, 2 is chrF++ (Popović 2017).</summary>
    public int Words { get; init; }

    /// <summary>How many times more recall counts than precision.</summary>
    public int Beta { get; init; } = 2;

    /// <summary>Whether upper and lower case are one.</summary>
    public bool Lowercase { get; init; }
}
