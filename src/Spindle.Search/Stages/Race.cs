namespace Spindle.Search.Stages;

/// <summary>The race of a stage's options.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Probability">The p-value of the choice, corrected for every look of every stage; null until the race has ended, or if nothing is known about chance.</param>
public sealed record Race(RaceEnd End, double? Probability)
{
    /// <summary>The probability, over a whole search, that the best option of any stage is dropped.</summary>
    public const double Level = 0.05;

    /// <summary>The points that keeping the leader of a stage is expected to cost at most, from which on the options that are left count as equal.</summary>
    public const double Margin = 0.1;
}

/// <summary>Why a race ended. Stores keep the numeric values.</summary>
public enum RaceEnd
{
    /// <summary>It has not ended.</summary>
    None = 0,

    /// <summary>One option is left.</summary>
    OneLeft = 1,

    /// <summary>The options that are left are equal within the margin.</summary>
    Equal = 2,

    /// <summary>Every design was trained.</summary>
    AllDesigns = 3,

    /// <summary>The differences between options are the same with every design, so that more of them would show nothing.</summary>
    Constant = 4,
}

/// <summary>An option that a race dropped.</summary>
/// <param name="Designs">The designs of each option that were trained by then.</param>
/// <param name="Probability">The p-value of the hypothesis that the option is the best, corrected for every look of every stage.</param>
public sealed record OptionDrop(int Designs, double Probability);
