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

    /// <summary>Whether upper and lower case are one, letter by letter: a word's last Σ becomes σ, not ς as in Python.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether blanks are characters too.</summary>
    public bool Whitespace { get; init; }

    /// <summary>Whether F is averaged over all lengths, those that a text is too short for at next to nothing, as chrF++'s own script does;
    /// else precision and recall are averaged over the lengths that both texts have.</summary>
    public bool EpsilonSmoothing { get; init; }
}
