using System.Globalization;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>The options of a stage race against each other: their designs are trained in rounds, and after each round the options that cannot be the best are dropped. The level is divided
/// evenly over all looks of all stages (Bonferroni), so that the best option of any stage is dropped in at most one search of twenty, see <see cref="Spindle.Metrics.Comparisons.SubsetSelection"/>.</summary>
/// <param name="problem">The problem.</param>
/// <param name="stage">The stage.</param>
/// <param name="given">The decisions of earlier stages, and the conditions.</param>
/// <param name="plan">The most designs of each option, and the conditions.</param>
/// <param name="numbers">The numbers of all plans of the search.</param>
internal sealed class StageRace(SearchProblem problem, Stage stage, string given, StagePlan plan, PlanNumbers numbers)
{
    // what is drawn and trained is named after it, so that stages share it
    private const string Stream = "staged";

    private readonly Dictionary<int, (IReadOnlyList<OptionDesigns> Designs, IReadOnlyList<IReadOnlyList<TrainedDesign>> ByOption)> drawn = [];
    private readonly SharedDraws draws = Draws(problem, stage);
    private readonly Dictionary<int, (double[][] Scores, RaceLook Look)> looked = [];
    private readonly int[] rounds = [.. Rounds(plan.Samples)];

    // every stage may look as often as this one
    private double Looks => (double)rounds.Length * (StageSequence.Names(problem.Space).Count - 1);

    /// <summary>How far the race has come.</summary>
    /// <param name="trained">The trials of earlier stages; those of this one are added.</param>
    /// <param name="finished">The finished trials.</param>
    public (StageRecord Record, IReadOnlyList<TrialSpec> Waiting) Next(TrialReuse trained, FinishedTrials finished)
    {
        Entrant[] all = [.. stage.Options.Select(_ => new Entrant())], left = all;
        for (var round = 0; round < rounds.Length; round++)
        {
            var (designs, asked) = Drawn(rounds[round]);
            left = [.. left.Where(entrant => designs[Array.IndexOf(all, entrant)].IsFeasible)];
            foreach (var entrant in left) entrant.Designs = [.. asked[Array.IndexOf(all, entrant)].Select(trained.FindOrAdd)];
            var waiting = finished.Waiting(left.SelectMany(entrant => entrant.Designs).SelectMany(design => design.Trials)).DistinctBy(spec => spec.Key).ToArray();
            if (waiting.Length > 0 || left.Length == 0) return (Record(designs, all, null, RaceEnd.None, null), waiting);

            foreach (var entrant in left) entrant.Score(finished);
            Entrant[] scored = [.. left.Where(entrant => entrant.Scores.Count > 0)];
            int[] shared = [.. scored.SelectMany(entrant => entrant.Scores.Keys).Distinct().Where(sample => scored.All(entrant => entrant.Scores.ContainsKey(sample))).Order()];
            var isLast = round == rounds.Length - 1 || stage.Options.Count == 1;
            if (shared.Length == 0)
            {
                // no sample could be run for every option
                if (isLast) return (Record(designs, all, scored.MaxBy(entrant => entrant.Scores.Values.Average()), RaceEnd.AllDesigns, null), []);
                continue;
            }

            var look = Look(round, [.. scored.Select(entrant => shared.Select(sample => entrant.Scores[sample]).ToArray())]);
            foreach (var (index, p) in look.Dropped) scored[index].Dropped = new(rounds[round], Corrected(p));
            left = [.. left.Where(entrant => entrant.Dropped is null)];
            var end = left.Length == 1 ? RaceEnd.OneLeft : look.ExpectedLoss <= Race.Margin ? RaceEnd.Equal : look.IsConstant ? RaceEnd.Constant : isLast ? RaceEnd.AllDesigns : RaceEnd.None;
            if (end != RaceEnd.None) return (Record(designs, all, scored[look.Leader], end, look.Probability is { } known ? Corrected(known) : null), []);
        }

        throw new InvalidOperationException("a race ends with its last round");
    }

    /// <summary>The designs of each option after each round: two, and then half as many again.</summary>
    /// <param name="samples">The designs of each option in the end.</param>
    public static IEnumerable<int> Rounds(int samples)
    {
        for (var next = Math.Min(2, samples); next < samples; next = Math.Max(next + 1, next * 3 / 2))
        {
            // a last round of few designs would be a look for little
            if (next * 5 >= samples * 4) break;
            yield return next;
        }

        yield return samples;
    }

    /// <summary>The draws of a stage. S0 has nothing that later stages could use.</summary>
    public static SharedDraws Draws(SearchProblem problem, Stage stage) => new(problem, stage, stage.MayBeInfeasible ? null : Stream);

    private double Corrected(double probability) => Math.Min(1, probability * Looks);

    private RaceLook Look(int round, double[][] scores)
    {
        if (looked.TryGetValue(round, out var before) && before.Scores.Length == scores.Length && before.Scores.Zip(scores).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))) return before.Look;
        var look = RaceLook.At(scores, Race.Level / Looks);
        looked[round] = (scores, look);
        return look;
    }

    private (IReadOnlyList<OptionDesigns> Designs, IReadOnlyList<IReadOnlyList<TrainedDesign>> ByOption) Drawn(int samples)
    {
        if (drawn.TryGetValue(samples, out var known)) return known;
        var designs = draws.Take(samples);
        drawn.Add(samples, known = (designs, [.. designs.Select(option => option.Designs.Select(design => Trained(option.Option.Name, design)).ToArray())]));
        return known;
    }

    private TrainedDesign Trained(string option, SampledDesign design) => new(numbers.Of(design.Plan), [.. problem.Tasks.Select(task => new TrialSpec(
        new(stage.Name, option, design.Sample, task.Name, plan.Epochs, Seed(design.Sample, task.Name)) { Given = given, TrainingRows = plan.Rows }, design.Plan))]);

    // the same in every stage, so that a later one finds the same training
    private int Seed(int sample, string task) => DerivedSeed.Derive(problem.Study.Search.Seed, "trial", Stream, sample.ToString(CultureInfo.InvariantCulture), task);

    private StageRecord Record(IReadOnlyList<OptionDesigns> designs, Entrant[] entrants, Entrant? chosen, RaceEnd end, double? probability)
    {
        var record = StageRecord.Of(stage, designs, given);
        return record with
        {
            IsDecided = end != RaceEnd.None,
            Chosen = chosen is null ? null : stage.Options[Array.IndexOf(entrants, chosen)].Name,
            Race = stage.Options.Count < 2 ? null : new(end, end == RaceEnd.None ? null : probability),
            Options = [.. record.Options.Zip(entrants, (option, entrant) => option with
            {
                Designs = entrant.Designs.Count,
                Dropped = entrant.Dropped,
                Reused = [.. entrant.Designs.Select(design => design.Reused).Where(reused => reused.Stage != stage.Name || reused.Option != option.Name)],
            }).Select(option => option with { IsRequired = option.Reused.Count == 0 })],
        };
    }

    // an option in the race
    private sealed class Entrant
    {
        public IReadOnlyList<TrainedDesign> Designs { get; set; } = [];

        public IReadOnlyDictionary<int, double> Scores { get; private set; } = new Dictionary<int, double>();

        public OptionDrop? Dropped { get; set; }

        public void Score(FinishedTrials finished) => Scores = new OrderedDictionary<int, double>(
            from design in Designs
            let score = design.Score(finished)
            where score is not null
            select KeyValuePair.Create(design.Sample, score.Value));
    }
}
