namespace Spindle.Search.Studies;

/// <summary>The baselines that a study can name.</summary>
public static class BaselineNames
{
    /// <summary>Full fine-tuning, without a budget.</summary>
    public const string Full = "full";

    /// <summary>The head over the frozen backbone as it starts, without training: the cosine of a similarity head, or a probe.</summary>
    public const string Untrained = "untrained";

    /// <summary>Only the head is trained.</summary>
    public const string Head = "head";

    /// <summary>All strategies in every layer, with equal shares.</summary>
    public const string All = "all";

    /// <summary>The design that the paper found (Chen et al., ICLR 2023, section 4), in this backbone's number of layers.</summary>
    public const string Paper = "paper";

    /// <summary>Random search: the best of random designs of the space, trained for as long as the search or in a number that the study gives.</summary>
    public const string Random = "random";

    /// <summary>All of these but <see cref="Random"/>, which depends on the search.</summary>
    public static IReadOnlyList<string> Names { get; } = [Full, Untrained, Head, All, Paper];
}
