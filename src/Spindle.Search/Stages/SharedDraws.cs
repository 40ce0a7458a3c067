using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>The designs of all options of a stage, drawn together.</summary>
internal sealed class SharedDraws
{
    private readonly OptionDraws[] all;
    private OptionDraws[] open;
    private int sample;

    /// <param name="problem">Space, budget, costs and the study's seed.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="stream">What the draws are named after. Stages with the same name share whatever both leave free; null for the stage's own name.</param>
    public SharedDraws(SearchProblem problem, Stage stage, string? stream = null) =>
        open = all = [.. stage.Options.Select(option => new OptionDraws(problem, stream ?? stage.Name, option))];

    /// <summary>Draws the designs of every option, or draws on to a larger number than before.</summary>
    public IReadOnlyList<OptionDesigns> Take(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, sample);
        for (; sample < samples; sample++)
        {
            foreach (var option in open) option.Begin(sample);
            // an option that does not fit at first would not fit later either, and must not hold up the others
            if (sample == 0) open = [.. open.Where(option => option.FirstThatFits() is not null)];
            if (Together(open) is { } draw) foreach (var option in open) option.Accept(draw);
            // no draw fits them all: each takes the first that fits it
            else foreach (var option in open) if (option.FirstThatFits() is { } first) option.Accept(first);
        }

        return [.. all.Select(option => option.Designs)];
    }

    // the first draw that fits all options and repeats no design
    private static int? Together(OptionDraws[] open)
    {
        for (var (draw, repeats) = (0, 0); draw < StageSampler.MostDraws; draw++)
        {
            if (!open.All(option => option.Fits(draw))) continue;
            if (!open.Any(option => option.IsRepeated(draw)) || repeats++ == StageSampler.MostRepeats) return draw;
        }

        return null;
    }

    private sealed class OptionDraws(SearchProblem problem, string stream, StageOption option)
    {
        private readonly bool isSingle = problem.Space.Count(option.Constraints).IsOne;
        private readonly HashSet<Design> seen = [];
        private readonly List<SampledDesign> sampled = [];
        private readonly Dictionary<int, BudgetResult> drawn = [];
        private readonly HashSet<int> repeated = [];
        private int sample, infeasible, duplicates;
        private string? reason;

        public OptionDesigns Designs => new(option, [.. sampled], infeasible, duplicates, reason);

        public void Begin(int number)
        {
            sample = number;
            drawn.Clear();
            repeated.Clear();
        }

        public int? FirstThatFits()
        {
            for (var draw = 0; draw < (isSingle ? 1 : StageSampler.MostDraws); draw++)
                if (Fits(draw)) return draw;
            return null;
        }

        public bool Fits(int draw) => Solve(draw).IsFeasible;

        public bool IsRepeated(int draw)
        {
            if (isSingle || !seen.Contains(Solve(draw).Require().Design!)) return false;
            if (repeated.Add(draw)) duplicates++;
            return true;
        }

        public void Accept(int draw)
        {
            var plan = Solve(draw).Require();
            seen.Add(plan.Design!);
            sampled.Add(new(sample, plan));
        }

        private BudgetResult Solve(int draw)
        {
            if (drawn.TryGetValue(draw, out var known)) return known;
            var result = BudgetSolver.Solve(DesignSampler.Draw(problem.Space, option.Constraints, part => Stream(draw, part)), problem.Budget, problem.Shape, problem.Costs);
            if (result is BudgetResult.Infeasible unfit)
            {
                infeasible++;
                reason ??= unfit.Reason;
            }

            drawn.Add(draw, result);
            return result;
        }

        // the seed does not contain the option's name, so that options share the draws
        private Random Stream(int draw, string part) => new(DerivedSeed.Derive(
            problem.Study.Search.Seed, "design", stream, sample.ToString(CultureInfo.InvariantCulture), draw.ToString(CultureInfo.InvariantCulture), part));
    }
}
