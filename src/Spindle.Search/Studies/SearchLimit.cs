namespace Spindle.Search.Studies;

/// <summary>What a search may cost at most. A value that is null is not limited.</summary>
/// <param name="Time">The wall-clock time of training, with the search's number of workers.</param>
/// <param name="Trials">The number of trials.</param>
/// <param name="Examples">The rows trained on, counted once for every epoch.</param>
public sealed record SearchLimit(TimeSpan? Time = null, int? Trials = null, long? Examples = null)
{
    /// <summary>Whether something is limited.</summary>
    public bool IsLimited => Time is not null || Trials is not null || Examples is not null;

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", new[]
    {
        Time is { } time ? FormattableString.Invariant($"{time.TotalMinutes:0.##} minutes") : null,
        Trials is { } trials ? FormattableString.Invariant($"{trials} trials") : null,
        Examples is { } examples ? FormattableString.Invariant($"{examples} examples") : null,
    }.Where(part => part is not null));
}
