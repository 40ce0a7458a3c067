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
        Time is { } time ? Text(time) : null,
        Trials is { } trials ? Count(trials, "trial") : null,
        Examples is { } examples ? Count(examples, "example") : null,
    }.Where(part => part is not null));

    private static string Text(TimeSpan time)
    {
        var whole = Math.Round(time.TotalSeconds, 2);
        var (minutes, seconds) = (Math.Floor(whole / 60), Math.Round(whole % 60, 2));
        return minutes == 0 ? FormattableString.Invariant($"{seconds} s") : FormattableString.Invariant($"{minutes} min{(seconds == 0 ? "" : FormattableString.Invariant($" {seconds} s"))}");
    }

    private static string Count(double number, string what) => FormattableString.Invariant($"{number:0.##} {what}{(number == 1 ? "" : "s")}");
}
