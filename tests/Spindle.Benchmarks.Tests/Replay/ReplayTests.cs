using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Benchmarks.Recording.Recording;
using Spindle.Benchmarks.Recording.Replay;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Search.Policies;
using Spindle.Search.Trials;
using Spindle.Tests;
using Spindle.Yaml;

namespace Spindle.Benchmarks.Tests.Replay;

public class ReplayTests
{
    private static readonly IReadOnlyList<Candidate> Listed = CandidateList.Of(MadeUp.Problem, 60);

    // noise-free: the parallel adapter at 1e-3 is the best of all, and few rows or epochs cost points
    private static readonly ReplayTable Clear = Table((candidate, id) => candidate is { Name: "parallel", Rate: 1e-3 } ? 90 : 60 + (candidate.Index % 10));

    [Fact]
    public void Every_policy_finds_the_best_recorded_candidate_where_it_is_among_its_own_and_nothing_is_noise()
    {
        foreach (var contestant in Contestant.All.Where(contestant => contestant is { Name: "plain strategies" or "random" or "joint", Search.Limit.IsLimited: false }))
        {
            var result = ReplayedSearch.Run(Clear, contestant.Problem(MadeUp.Problem, Clear, 1));
            Assert.True(result.Winner == "parallel at 0.001", $"{contestant.Name} {contestant.Cost}: {result}");
            Assert.Equal(result.Plain, result.Truth);
        }

        var lora = ReplayedSearch.Run(Clear, Contestant.All[0].Problem(MadeUp.Problem, Clear, 1));
        Assert.StartsWith("lora at", lora.Winner, StringComparison.Ordinal);
        Assert.Equal(lora.Trials, lora.Exact);
    }

    [Fact]
    public void A_search_on_one_task_starts_from_one_on_the_other_and_finds_better_candidates_where_they_are_alike()
    {
        // the share of the parameters that LoRA in every linear map has is worth the same on both tasks; single trainings are noisy
        var tables = WarmReplay.Tables([.. Trials((candidate, id) => 70 + (10 * Share(candidate)) + (DerivedSeed.Derive(candidate.Index, id.ToString()) % 1000 / 200.0))], MadeUp.Rows, Halves.Tuning, MadeUp.Problem);
        Assert.Equal(["sst2", "qqp"], tables.Select(table => Assert.Single(table.Tasks)));
        var (replay, contestant) = (new WarmReplay(tables, MadeUp.Problem), WarmReplay.Contestants.First());
        ReplayedSearch[] cold = [.. Enumerable.Range(1, 10).Select(seed => replay.Run(contestant, false, seed))];
        ReplayedSearch[] warm = [.. Enumerable.Range(1, 10).Select(seed => replay.Run(contestant, true, seed))];
        var again = new WarmReplay(tables, MadeUp.Problem);
        Assert.Equal(warm, Enumerable.Range(1, 10).Select(seed => again.Run(contestant, true, seed)));
        Assert.True(warm.Average(result => result.Truth) > cold.Average(result => result.Truth), $"{warm.Average(result => result.Truth):F2}, {cold.Average(result => result.Truth):F2}");
        Assert.Equal(cold.Select(result => result.Trials), warm.Select(result => result.Trials));

        static double Share(Candidate candidate) => candidate.Plan.Layers.SelectMany(layer => layer.Strategies).Where(strategy => strategy.Name == "lora-all").Sum(strategy => (double)strategy.Parameters) / Math.Max(1, candidate.Plan.Parameters);
    }

    [Fact]
    public void The_staged_policy_of_the_paper_runs_to_its_end_on_recorded_trials()
    {
        var contestant = Contestant.All.First(contestant => contestant.Search.Policy == ExhaustivePolicy.PolicyName);
        var result = ReplayedSearch.Run(Clear, contestant.Problem(MadeUp.Problem, Clear, 1));
        Assert.InRange(result.Truth, 30, result.Plain);
        Assert.True(result.Exact < result.Trials);
    }

    [Fact]
    public void A_search_is_the_same_again_with_the_same_seed_and_seeds_matter()
    {
        var noisy = Table((candidate, id) => 70 + (DerivedSeed.Derive(candidate.Index, id.ToString()) % 1000 / 100.0));
        var contestant = Contestant.All.First(contestant => contestant.Search is { Policy: JointPolicy.PolicyName, Limit.IsLimited: true });
        ReplayedSearch[] results = [.. Enumerable.Range(1, 20).Select(seed => ReplayedSearch.Run(noisy, contestant.Problem(MadeUp.Problem, noisy, seed)))];
        Assert.Equal(results, Enumerable.Range(1, 20).Select(seed => ReplayedSearch.Run(noisy, contestant.Problem(MadeUp.Problem, noisy, seed))));
        Assert.True(results.Select(result => result.Winner).Distinct().Count() > 1);
        Assert.All(results, result => Assert.True(result.Examples <= contestant.Search.Limit.Examples, $"{result}"));
    }

    [Fact]
    public void A_recorded_design_answers_for_itself_and_another_one_for_the_most_similar_at_its_rate()
    {
        foreach (var candidate in Listed.Where(candidate => candidate.Kind != CandidateKind.Baseline))
        {
            var (found, distance) = Clear.Find(candidate.Plan, candidate.Rate);
            Assert.Equal(0, distance);
            Assert.Equal(candidate.Rate, found.First.Rate);
            // two designs may train the same
            Assert.Equal(candidate.Plan.Layers, Listed[found.First.Key.Candidate].Plan.Layers);
        }

        var lora = Listed.First(candidate => candidate is { Name: "lora", Rate: 2e-3 }).Plan;
        var almost = lora with { Design = null, Layers = [.. lora.Layers.Skip(1)] };
        var (nearest, moved) = Clear.Find(almost, 2e-3);
        Assert.Equal("lora", nearest.First.Name);
        Assert.Equal(lora.Layers[0].Parameters / 2, moved);
    }

    [Theory]
    [InlineData(null, 3, 512, 3)]
    [InlineData(512, 1, 512, 1)]
    [InlineData(511, 2, 128, 2)]
    [InlineData(128, 3, 128, 3)]
    [InlineData(2000, 5, 512, 3)]
    public void A_trial_learns_from_no_more_rows_and_epochs_than_it_pays_for(int? rows, int epochs, int recordedRows, int recordedEpochs)
    {
        var table = Table((candidate, id) => candidate.Index + (id.Rows / 1000.0));
        var draw = table.Draw(5);
        var runner = new RecordedRunner(table, draw, MadeUp.Problem.Study);
        var candidate = Listed.First(candidate => candidate is { Name: "lora", Rate: 2e-3 });
        var outcome = runner.Run(new(new("rung 1", "lora", 0, "sst2", epochs, 4) { TrainingRows = rows }, candidate.Plan) { ScoresValidation = true }, null, TestContext.Current.CancellationToken);
        var trial = table.Find(candidate.Plan, 2e-3).Candidate.Trial("sst2", 1, recordedRows);
        Assert.Equal((draw.Selection(trial, recordedEpochs), recordedEpochs < 3 ? null : draw.Report(trial)), (outcome.Score, outcome.Validation));
        Assert.Equal((long)epochs * Math.Min(rows ?? 512, 512), outcome.ExampleSteps);
        Assert.Equal(outcome.ExampleSteps, runner.Examples);
    }

    [Fact]
    public void A_half_without_every_plain_strategy_is_refused()
    {
        var trials = Trials((_, _) => 50).Where(trial => trial.Name != "bitfit");
        Assert.Contains("'bitfit' at 0.002", Assert.Throws<InvalidDataException>(() => new ReplayTable(trials, MadeUp.Rows, Halves.Tuning, MadeUp.Problem)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_committed_table_can_be_searched_by_every_policy_in_well_under_a_second_each()
    {
        var path = Path.Combine(SharedFiles.Repository, "benchmarks", "recorded", "trials.parquet");
        Assert.SkipUnless(File.Exists(path), $"{path} is not recorded yet");
        Assert.InRange(new FileInfo(path).Length, 1, 5_000_000);
        var (recorded, rows) = (PackedTable.Read(path), ScoredRows.Read(ScoredRows.Beside(path)));
        foreach (var half in (string[])[Halves.Tuning, Halves.Reporting])
        {
            var table = new ReplayTable(recorded, rows, half, MadeUp.Problem);
            foreach (var contestant in Contestant.All)
            {
                var result = ReplayedSearch.Run(table, contestant.Problem(MadeUp.Problem, table, 1));
                Assert.InRange(result.Truth, 30, 100);
            }
        }
    }

    private static ReplayTable Table(Func<Candidate, TrialId, double> score) => new(Trials(score), MadeUp.Rows, Halves.Tuning, MadeUp.Problem);

    private static IEnumerable<RecordedTrial> Trials(Func<Candidate, TrialId, double> score) =>
        from candidate in Listed
        from id in RecordingPlan.Of(candidate.Index)
        let points = score(candidate, id)
        select new RecordedTrial(
            id, candidate.Name, candidate.Kind.ToString().ToLowerInvariant(), candidate.Rate, candidate.Plan.Design is { } design ? DesignYaml.Write(design) : null, ["", "", "", "", "", ""],
            candidate.Plan.Parameters, 770, [points - 2, points - 1, points], [MadeUp.Right(points - 2), MadeUp.Right(points - 1), MadeUp.Right(points)], 3L * id.Rows, 10);
}
