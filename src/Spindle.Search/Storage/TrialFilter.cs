using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>Which trials a page shows, and in what order. What is null does not filter.</summary>
public sealed record TrialFilter
{
    /// <summary>The most trials of a page.</summary>
    public const int MostTrials = 500;

    /// <summary>Only trials of this stage.</summary>
    public string? Stage { get; init; }

    /// <summary>Only trials of this option.</summary>
    public string? Option { get; init; }

    /// <summary>Only trials of this task.</summary>
    public string? Task { get; init; }

    /// <summary>Only trials in this state.</summary>
    public TrialState? State { get; init; }

    /// <summary>Only trials whose stage, option, task, settings or failure contains this text, in letters of either case.</summary>
    public string? Text { get; init; }

    /// <summary>By what trials are sorted; among equals, the last that was added comes first.</summary>
    public TrialOrder Order { get; init; }

    /// <summary>Whether the largest comes first. What is not known is always last.</summary>
    public bool IsDescending { get; init; }

    /// <summary>The number of trials before the page.</summary>
    public int Skip { get; init; }

    /// <summary>The number of trials of the page, at most <see cref="MostTrials"/>.</summary>
    public int Take { get; init; } = 50;
}

/// <summary>By what a page of trials is sorted.</summary>
public enum TrialOrder
{
    /// <summary>The trial's number.</summary>
    Number,

    /// <summary>The order in which they ended.</summary>
    Ended,

    /// <summary>The stage's name.</summary>
    Stage,

    /// <summary>The option's name.</summary>
    Option,

    /// <summary>The task's name.</summary>
    Task,

    /// <summary>The state.</summary>
    State,

    /// <summary>The score.</summary>
    Score,

    /// <summary>Trained parameters without the head.</summary>
    Trained,

    /// <summary>Passes over the training rows.</summary>
    Epochs,

    /// <summary>Seconds of training and scoring.</summary>
    Seconds,
}
