using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Benchmarks.Recording.Candidates;

/// <summary>The candidates in the order in which they are recorded: a longer list begins with the same ones.</summary>
internal static class CandidateList
{
    // so that a recording that is stopped early has random designs too
    private const int RandomPerExtreme = 3;

    /// <summary>The candidates: single strategies and baselines at <see cref="RecordedStudy.Rates"/>, then random designs, each at one of these rates in turn, with the single strategies at extreme rates
    /// among them.</summary>
    /// <param name="problem">The space and the budget.</param>
    /// <param name="count">The number of candidates.</param>
    public static IReadOnlyList<Candidate> Of(SearchProblem problem, int count)
    {
        var list = new List<Candidate>();
        Side[] sides = [.. Baselines.List(problem).Where(side => side.Plan is TuningPlan.Sized)];
        foreach (var rate in RecordedStudy.Rates)
            foreach (var side in sides.Where(side => side.Name != BaselineNames.Head || rate == RecordedStudy.Rates[0]))
                Add(side.Name, IsPlain(side) ? CandidateKind.Plain : CandidateKind.Baseline, side.Plan, side.Name == BaselineNames.Head ? RecordedStudy.HeadRate : rate);

        var extremes = new Queue<(Side Side, double Rate)>(from rate in RecordedStudy.ExtremeRates from side in sides.Where(IsPlain) select (side, rate));
        foreach (var design in StageSampler.Draw(problem, Stage.AnyDesign, Math.Max(1, count - list.Count))[0].Designs)
        {
            var rates = RecordedStudy.Rates;
            Add(FormattableString.Invariant($"random {design.Sample + 1}"), CandidateKind.Random, design.Plan, rates[design.Sample % rates.Count]);
            if ((design.Sample + 1) % RandomPerExtreme == 0 && extremes.TryDequeue(out var extreme)) Add(extreme.Side.Name, CandidateKind.Plain, extreme.Side.Plan, extreme.Rate);
        }

        return [.. list.Take(count)];

        bool IsPlain(Side side) => problem.Space.Strategies.Contains(side.Name);

        void Add(string name, CandidateKind kind, TuningPlan? plan, double rate) => list.Add(new(list.Count, name, kind, (TuningPlan.Sized)plan!, rate));
    }
}
