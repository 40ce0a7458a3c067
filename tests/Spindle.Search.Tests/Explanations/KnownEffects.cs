using MathNet.Numerics.Distributions;
using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Search.Explanations;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Explanations;

/// <summary>Trials of random designs with known effects: in rungs, each of which trains the better half of the one before, and over seeds at the end.</summary>
internal sealed class KnownEffects
{
    private static readonly DesignSpace Space = SyntheticStudy.Problem(SyntheticStudy.Of(groups: 3)).Space;
    private static readonly string[] Rates = ["0.0005", "0.001", "0.002"];

    private readonly Random random;
    private readonly Dictionary<FactorLevel, double> effects = [];
    private readonly Dictionary<Design, double> own = [];

    public KnownEffects(int seed) => random = new(seed);

    /// <summary>The standard deviation of a level's effect in points.</summary>
    public double Effect { get; init; } = 1;

    /// <summary>The standard deviation of what a design has of its own.</summary>
    public double Own { get; init; }

    /// <summary>What the first strategy and the lowest rate gain together.</summary>
    public double Interaction { get; init; }

    /// <summary>Whether each design is trained at every rate, and not at a random one.</summary>
    public bool AtEveryRate { get; init; }

    /// <summary>The true effect of a level.</summary>
    public double Of(FactorLevel level)
    {
        if (!effects.TryGetValue(level, out var drawn)) effects.Add(level, drawn = Effect * Normal.Sample(random, 0, 1));
        return drawn;
    }

    /// <summary>The true difference that a reported effect estimates.</summary>
    public double Truth(Explanation explanation, MainEffect effect) => effect.IsAgainstNone
        ? Of(effect.Level)
        : Of(effect.Level) - explanation.MainEffects.Where(other => other.Level.Factor == effect.Level.Factor && !other.IsAgainstNone).Average(other => Of(other.Level));

    public (StudyRecord Study, IReadOnlyList<StageRecord> Stages, IReadOnlyList<Trial> Trials) Search(int designs, int rungs, int finalSeeds)
    {
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(groups: 3));
        (Design Design, string Rate)[] remaining = [.. Enumerable.Range(0, designs).Select(_ => DesignSampler.Draw(Space, DesignConstraints.None, random))
            .SelectMany(design => AtEveryRate ? Rates.Select(rate => (design, rate)) : [(design, Rates[random.Next(Rates.Length)])])];
        var (stages, trials) = (new List<StageRecord>(), new List<Trial>());
        for (var rung = 0; rung < rungs; rung++)
        {
            double[] shared = [Normal.Sample(random, 0, 2), Normal.Sample(random, 0, 2)];
            var scores = remaining.Index().Select(side => Train($"rung {rung + 1}", $"design {side.Index}", 0, side.Item, 1 << rung, shared)).ToArray();
            stages.Add(Stage($"rung {rung + 1}", remaining.Length));
            remaining = [.. remaining.Zip(scores).OrderByDescending(side => side.Second).Take((remaining.Length + 1) / 2).Select(side => side.First)];
        }

        if (finalSeeds > 0)
        {
            remaining = [.. remaining.Take(4)];
            stages.Add(Stage(FinalComparison.StageName, remaining.Length) with { IsFinalComparison = true });
            for (var seed = 0; seed < finalSeeds; seed++)
            {
                double[] shared = [Normal.Sample(random, 0, 2), Normal.Sample(random, 0, 2)];
                foreach (var (index, side) in remaining.Index()) Train(FinalComparison.StageName, $"design {index}", seed, side, 1 << rungs, shared);
            }
        }

        return (StudyRecord.Of(problem, "joint"), stages, trials);

        double Train(string stage, string option, int sample, (Design Design, string Rate) side, int epochs, double[] shared)
        {
            var rate = double.Parse(side.Rate, System.Globalization.CultureInfo.InvariantCulture);
            var choices = DesignChoices.Of(side.Design, rate, null);
            if (!own.TryGetValue(side.Design, out var extra)) own.Add(side.Design, extra = Own * Normal.Sample(random, 0, 1));
            var truth = 70 + extra + choices.Levels.Sum(Of) + choices.Shares.Sum(share => share.Value * Of(new(Factor.Strategy, share.Key)))
                + (side.Rate == Rates[0] ? Interaction * choices.ShareOf("adapter") : 0);
            var points = 0.0;
            foreach (var (index, task) in problem.Tasks.Index())
            {
                var score = truth + shared[index] + Normal.Sample(random, 0, 1);
                points += score / problem.Tasks.Count;
                trials.Add(new(trials.Count + 1, new(new(stage, option, sample, task.Name, epochs, 1000 * stages.Count + 10 * sample + index) { LearningRate = rate }, new TuningPlan.Sized(side.Design, [])), TrialState.Completed)
                {
                    Outcome = SyntheticRunner.Outcome(score, epochs),
                });
            }

            return points;
        }
    }

    private static StageRecord Stage(string name, int options) => new(name, true, [.. Enumerable.Range(0, options).Select(option => new OptionRecord($"design {option}", "", true, 1, 0, 0, null))], true, "design 0");
}
