using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Studies;

namespace Spindle.Search.Stages;

/// <summary>What is compared at the end of a search: a design, a strategy alone, full fine-tuning, or the backbone without any training.</summary>
/// <param name="Name">The name, unique in the comparison.</param>
/// <param name="Description">A longer description.</param>
/// <param name="Role">The role in the comparison.</param>
/// <param name="Plan">What is trained, or null if it does not fit the budget.</param>
public sealed record Side(string Name, string Description, OptionRole Role, TuningPlan? Plan)
{
    /// <summary>Why it does not fit the budget, or null if it does.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it is scored without training.</summary>
    public bool IsUntrained { get; init; }

    /// <summary>The zero-based sample of a design that was sampled; 0 for others.</summary>
    public int Sample { get; init; }

    /// <summary>The decisions that fixed it; empty if it depends on none.</summary>
    public string Given { get; init; } = "";

    /// <summary>The smaller budget whose sizes it has, or null for the study's.</summary>
    public Budget? Budget { get; init; }

    /// <summary>The values of the settings that the study lists, see <see cref="Trials.TrialKey.Settings"/>; null if it lists none that concern this side.</summary>
    public string? Settings { get; init; }

    /// <summary>What its epochs are multiplied by.</summary>
    public double EpochFactor { get; init; } = 1;

    /// <summary>The learning rate of a trial, or null for the study's.</summary>
    public double? At(LearningRate? rate) => rate is null || IsUntrained ? null : Role == OptionRole.FullFineTuning ? rate.OfFull : rate.OfStrategies;

    /// <summary>The passes over the training rows that it makes where others make some.</summary>
    public int EpochsOf(int epochs) => IsUntrained ? 0 : Math.Max(1, (int)Math.Round(epochs * EpochFactor, MidpointRounding.AwayFromZero));
}
