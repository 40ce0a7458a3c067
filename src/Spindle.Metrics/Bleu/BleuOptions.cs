namespace Spindle.Metrics.Bleu;

/// <summary>The options of BLEU. The defaults are sacreBLEU's.</summary>
public sealed record BleuOptions
{
    /// <summary>The tokenizer.</summary>
    public BleuTokenizer Tokenizer { get; init; } = BleuTokenizer.V13A;

    /// <summary>Whether case is ignored. Letters are lowercased one by one: a final Σ becomes σ, not ς as in Python.</summary>
    public bool Lowercase { get; init; }

    /// <summary>The smoothing of a precision of zero.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>Whether n-gram orders that the text is too short for are ignored, as a single sentence needs.</summary>
    public bool EffectiveOrder { get; init; }
}

/// <summary>The smoothing of a precision of zero (Chen and Cherry 2014).</summary>
public enum BleuSmoothing
{
    /// <summary>Half a match, then a quarter, and so on.</summary>
    Exponential,

    /// <summary>A tenth of a match.</summary>
    Floor,

    /// <summary>One more match and one more n-gram, from bigrams on.</summary>
    AddOne,

    /// <summary>Zero.</summary>
    None,
}
