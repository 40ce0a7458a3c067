namespace Spindle.Training.Settings;

/// <summary>Where the weights of a head start.</summary>
public enum HeadStart
{
    /// <summary>At the head's own initial values, which are random except for the similarity head.</summary>
    Random = 0,

    /// <summary>At a ridge regression on the frozen backbone's features of the training rows.</summary>
    Probe = 1,

    /// <summary>Whichever trains to the better score (measured in <c>docs/reference/heads.md</c>): a probe for labels and for values of single texts; the head's own initial values, which are the plain
    /// cosine, for values over pairs, and where the language model answers.</summary>
    Auto = 2,
}
