namespace Spindle.Search.Studies;

/// <summary>How designs are searched.</summary>
public sealed record SearchSettings
{
    /// <summary>The policy by name; <c>exhaustive</c> is the paper's protocol.</summary>
    public string Policy { get; init; } = "exhaustive";

    /// <summary>Designs drawn for every option of a stage, at least 1.</summary>
    public int SamplesPerOption { get; init; } = 100;

    /// <summary>The seed that every draw and every trial derives from.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Epochs of the final comparison, at least 1.</summary>
    public int FinalEpochs { get; init; } = 5;

    /// <summary>Seeds of the final comparison, at least 1.</summary>
    public int FinalSeeds { get; init; } = 5;
}
