using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>What <see cref="JointPolicy"/> says about its rungs.</summary>
/// <param name="problem">The problem and its limit.</param>
internal sealed class JointText(SearchProblem problem)
{
    private readonly Effort effort = new(problem);
    private readonly JointLimit limit = new(problem);

    private SearchSettings Settings => problem.Study.Search;

    /// <summary>What a limit in time allows before any trial has shown the speed.</summary>
    public string NotMeasured => $"the first training measures the speed; what the limit of {Settings.Limit} allows is shown after it";

    /// <summary>What a limit allows in the first rung; null if everything.</summary>
    /// <param name="all">The combinations of a side with a recipe.</param>
    /// <param name="chosen">Those that start.</param>
    /// <param name="rows">The training rows, or null for all.</param>
    public string? Allowed(int all, int chosen, int? rows) => LeftOut(all, chosen, rows) is null ? null : FormattableString.Invariant(
        $"the limit of {Settings.Limit} allows {chosen} of {all} combinations of a side with learning rates and other settings, and {Rows(rows)} training rows, in the first rung");

    /// <summary>What a limit left out of the first rung; null if nothing.</summary>
    /// <param name="all">The combinations of a side with a recipe.</param>
    /// <param name="chosen">Those that started.</param>
    /// <param name="rows">The training rows, or null for all.</param>
    public string? LeftOut(int all, int chosen, int? rows) => chosen == all && rows is null
        ? null
        : FormattableString.Invariant($"the limit of {Settings.Limit} left out {all - chosen} of {all} combinations of a side and a learning rate{(problem.Study.Combinations.Count > 0 ? " or other settings" : "")}")
            + (rows is { } number ? FormattableString.Invariant($", and all but {number} training rows in the first rung") : "");

    /// <summary>What a limit in time allows at the speed of the trials so far.</summary>
    /// <param name="all">The combinations of a side with a recipe.</param>
    /// <param name="chosen">Those that start.</param>
    /// <param name="epochs">The epochs of each.</param>
    /// <param name="rows">The training rows, or null for all.</param>
    /// <param name="spent">The trials so far.</param>
    public string Outlook(int all, int chosen, int epochs, int? rows, IReadOnlyCollection<Trial> spent)
    {
        var rung = chosen * epochs * effort.Epoch(rows);
        var left = limit.Available(spent).Examples - rung;
        var later = Math.Round(left / Math.Max(1, effort.Epoch(null) * Settings.FinalEpochs), MidpointRounding.AwayFromZero);
        // a rung and a comparison cost so much at least, whatever is left
        var least = effort.Epoch(JointLimit.FewestRows);
        var then = left < least ? FormattableString.Invariant($"; even the shortest search takes longer than the limit, about {(Spent(spent) + ((rung + least) / Effort.RowsPerSecond(spent))):0} s of training in all")
            : later < 1 ? ", and then trainings of the best among them that are shorter than the final ones should be"
            : FormattableString.Invariant($", and then about {Number((int)Math.Min(later, int.MaxValue), "training")} as long as the final ones, of the best among them");
        return FormattableString.Invariant($"at {Effort.RowsPerSecond(spent):0} rows a second, the limit of {Settings.Limit} allows {chosen} of {all} combinations of a side with learning rates and other settings ")
            + FormattableString.Invariant($"({Number(epochs, "epoch")} of {Rows(rows)} training rows){then}");

        static double Spent(IEnumerable<Trial> trials) => trials.Sum(trial => trial.Outcome?.Seconds ?? 0);
    }

    /// <summary>What the end of a rung decides; null if nothing.</summary>
    /// <param name="contenders">Its contenders.</param>
    /// <param name="next">The places of the next rung, or null where the final comparison follows.</param>
    /// <param name="placesPerProposal">One of how many places may be a new contender's.</param>
    public static string? Decision(int contenders, int? next, int placesPerProposal) => next is { } places
        ? places / placesPerProposal is > 0 and var proposals
            ? FormattableString.Invariant($"{places} candidates enter the next rung: the best of {contenders}, and up to {proposals} new {(proposals == 1 ? "one" : "ones")}")
            : FormattableString.Invariant($"{places} of {contenders} candidates enter the next rung")
        : contenders > 1 ? FormattableString.Invariant($"the best of {contenders} candidates enter the final comparison") : null;

    private static string Number(int count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Rows(int? rows) => rows is { } number ? FormattableString.Invariant($"{number}") : "all";
}
