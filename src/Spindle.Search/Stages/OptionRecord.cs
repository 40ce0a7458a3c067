namespace Spindle.Search.Stages;

/// <summary>An option of a stage as policies report it and stores keep it.</summary>
/// <param name="Name">The option's name.</param>
/// <param name="Description">The option in more words.</param>
/// <param name="Exact">False where the option only comes close to what its name says.</param>
/// <param name="Designs">Designs sampled for it.</param>
/// <param name="Infeasible">Draws that did not fit the budget and were repeated.</param>
/// <param name="Duplicates">Draws that repeated a design and were drawn again.</param>
/// <param name="Reason">Why no design of it fits the budget, or null where one does.</param>
public sealed record OptionRecord(string Name, string Description, bool Exact, int Designs, int Infeasible, int Duplicates, string? Reason)
{
    /// <summary>What earlier stages had fixed: trials of the option carry the same, see <see cref="Trials.TrialKey.Given"/>.</summary>
    public string Given { get; init; } = "";

    /// <summary>What the option is to the search.</summary>
    public OptionRole Role { get; init; }

    /// <summary>Whether the search stops where none of its trials can be run. Without a baseline the rest is still worth knowing.</summary>
    public bool IsRequired => Role is OptionRole.Candidate or OptionRole.Found;
}

/// <summary>What an option is to a search. Stores keep the numbers.</summary>
public enum OptionRole
{
    /// <summary>One of the options among which a stage chooses.</summary>
    Candidate = 0,

    /// <summary>The design that the search found, in the final comparison.</summary>
    Found = 1,

    /// <summary>A baseline within the budget.</summary>
    Baseline = 2,

    /// <summary>Full fine-tuning, without a budget.</summary>
    FullFineTuning = 3,
}
