using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>A page of trials.</summary>
/// <param name="Count">The number of trials that pass the filter, on all pages.</param>
/// <param name="Trials">The trials of the page.</param>
public sealed record TrialPage(long Count, IReadOnlyList<TrialSummary> Trials);

/// <summary>What a list of trials shows of one.</summary>
/// <param name="Id">The trial's number.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Option">The option's name.</param>
/// <param name="Sample">The zero-based sample.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="LearningRate">The learning rate, or null for the study's.</param>
/// <param name="Settings">The values of settings that the study lists, or null.</param>
/// <param name="State">The state.</param>
/// <param name="Score">The score in points, or null.</param>
/// <param name="Trained">Trained parameters without the head, or null where that is not known.</param>
/// <param name="Seconds">Seconds of training and scoring, or null.</param>
/// <param name="Failure">Why it has no score, or null.</param>
/// <param name="Ended">When it ended, or null.</param>
public sealed record TrialSummary(
    long Id,
    string Stage,
    string Option,
    long Sample,
    string Task,
    long Epochs,
    double? LearningRate,
    string? Settings,
    TrialState State,
    double? Score,
    long? Trained,
    double? Seconds,
    string? Failure,
    DateTimeOffset? Ended);
