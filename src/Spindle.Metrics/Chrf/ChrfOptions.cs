namespace Spindle.Metrics.Chrf;

/// <summary>The options of chrF. The defaults are sacreBLEU's chrF2.</summary>
public sealed record ChrfOptions
{
    /// <summary>The largest order of character n-grams.</summary>
    public int Characters { get; init; } = 6;

    /// <summary>The largest order of word n-grams: 0 is chrF, 2 is chrF++ (Popović 2017).</summary>
    public int Words { get; init; }

    /// <summary>How many times recall is weighted over precision.</summary>
    public int Beta { get; init; } = 2;

    /// <summary>Whether case is ignored. Letters are lowercased one by one: a final Σ becomes σ, not ς as in Python.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether whitespace counts as characters.</summary>
    public bool Whitespace { get; init; }

    /// <summary>Whether F is averaged over all orders, with a tiny value for orders that a text is too short for, as chrF++'s own script does.
    /// Otherwise precision and recall are averaged over the orders that both texts have.</summary>
    public bool EpsilonSmoothing { get; init; }
}
