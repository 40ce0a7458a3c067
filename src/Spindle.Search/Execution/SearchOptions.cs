using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Studies;

namespace Spindle.Search.Execution;

/// <summary>How a search is run. None of these options changes its results, except for more time.</summary>
public sealed record SearchOptions
{
    /// <summary>The folder for the tuned weights of the found design, with one folder per task; null keeps no weights. The workers must be given the same folder.</summary>
    public string? TunedFolder { get; init; }

    /// <summary>The time that had been added to the study's limit when the problem was made, see <see cref="SearchControl.ExtraTime"/>.</summary>
    public TimeSpan ExtraTime { get; init; }

    /// <summary>Makes the problem and its policy with another added time; null where no limit in time can be raised while the search runs.</summary>
    public Func<TimeSpan, (SearchProblem Problem, ISearchPolicy Policy)>? WithExtraTime { get; init; }

    /// <summary>Whether workers that others started may be running trials when the search begins. Their trials are then released only if they send no heartbeat; otherwise every running trial is released at once.</summary>
    public bool HasOtherWorkers { get; init; }

    /// <summary>The longest time between two reads of the store.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(250);
}
