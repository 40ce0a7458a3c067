namespace Spindle.Metrics.Bleu;

/// <summary>How BLEU is computed; the defaults are sacreBLEU's.</summary>
public sealed record BleuOptions
{
    /// <summary>How text is cut.</summary>
    public BleuTokenizer Tokenizer { get; init; } = BleuTokenizer.V13A;

    /// <summary>Whether upper and lower case are one, letter by letter: a word's last Σ becomes σ, not ς as in Python.</summary>
    public bool Lowercase { get; init; }

    /// <summary>What stands for a precision of zero.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>Whether longer runs than the text has are left out, which a single sentence needs.</summary>
    public bool EffectiveOrder { get; init; }
}

/// <summary>What stands for a precision of zero (Chen and Cherry 2014).</summary>
public enum BleuSmoothing
{
    /// <summary>A half of a match, then a quarter, and so on.</summary>
    Exponential,

    /// <summary>A tenth of a match.</summary>
    Floor,

    /// <summary>One match more, and one run more, from runs of two on.</summary>
    AddOne,

    /// <summary>Zero.</summary>
    None,
}
