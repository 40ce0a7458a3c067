using System.Diagnostics;
using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Search.Explanations;
using Spindle.Search.Policies;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Explanations;

public sealed class ExplanationTests
{
    private static readonly SearchProblem Problem = SyntheticStudy.Problem(SyntheticStudy.Of(groups: 3, tasks: ["left"]));

    [Fact]
    public void A_level_has_its_difference_from_the_mean_of_its_factor_and_a_strategy_that_from_designs_without_it()
    {
        var noise = new Random(1);
        var explanation = Explain(Designs(200).Select((design, at) => (design, 70
            + (design.Grouping.Pattern == GroupingPattern.Spindle ? 5 : 0)
            + 2 * DesignChoices.Of(design, null, null).ShareOf("lora")
            + noise.NextDouble() - 0.5)));
        Assert.Null(explanation.Reason);
        Assert.Equal((200, 200), (explanation.Scores, explanation.Designs));
        // of five groupings
        Assert.Equal(4, Effect("spindle").Points.Value, 0.3);
        Assert.Equal(-1, Effect("bottleneck").Points.Value, 0.3);
        Assert.Equal(0, explanation.MainEffects.Where(effect => effect.Level.Factor == Factor.Grouping).Sum(effect => effect.Points.Value), 1e-9);
        var lora = Effect("lora");
        Assert.True(lora is { IsAgainstNone: true, Level.Factor: Factor.Strategy, CorrectedProbability: < 0.001 });
        Assert.Equal(2, lora.Points.Value, 0.3);
        Assert.InRange(lora.Designs, 100, 199);
        Assert.Equal(["increasing", "uniform", "decreasing", "spindle", "bottleneck"], explanation.MainEffects.Where(effect => effect.Level.Factor == Factor.Grouping).Select(effect => effect.Level.Name));
        // one rate, and no listed settings
        Assert.DoesNotContain(explanation.MainEffects, effect => effect.Level.Factor is Factor.LearningRate or Factor.Settings);

        MainEffect Effect(string name) => explanation.MainEffects.Single(effect => effect.Level.Name == name && effect.Level.Factor != Factor.Allocation);
    }

    [Fact]
    public void Few_designs_equal_scores_and_equal_choices_are_not_explained_and_say_why()
    {
        Assert.Equal("no design has been trained on every task yet", Explain([]).Reason);
        var few = Explain(Designs(8).Select((design, at) => (design, 70.0 + at)));
        Assert.StartsWith("too few designs to explain their choices: 8 scores of 8 designs leave", few.Reason, StringComparison.Ordinal);
        Assert.Empty(few.MainEffects);
        Assert.Empty(few.Interactions);
        Assert.Equal("designs that make the same choices score the same, so nothing is known about chance", Explain(Designs(120).Select(design => (design, 70.0))).Reason);
        Assert.Equal("all designs make the same choices, so there is nothing to explain", Explain(Enumerable.Repeat(Designs(1)[0], 30).Select((design, at) => (design, 70.0 + at % 7))).Reason);
    }

    [Fact]
    public void Scores_of_a_damaged_store_neither_throw_nor_become_effects_without_end()
    {
        double[] scores = [70, 71, 72.5, -1e9, 1e100, 1e152, 1e154, 1e200, double.MaxValue, double.NaN, double.PositiveInfinity];
        var explained = 0;
        Gen.Int[2, scores.Length].SelectMany(kinds => Gen.Int[0, kinds - 1].Array[90]).Sample(drawn =>
        {
            var explanation = Explain(Designs(90).Zip(drawn.Select(kind => scores[kind])), rates: 2);
            if (explanation.Reason is null) Interlocked.Increment(ref explained);
            Assert.All(explanation.MainEffects.Select(effect => effect.Points).Concat(explanation.Interactions.Select(effect => effect.Points)), points =>
                Assert.True(double.IsFinite(points.Value) && double.IsFinite(points.Lower) && double.IsFinite(points.Upper) && points.Probability is >= 0 and <= 1, points.ToString()));
        }, iter: 100);
        Assert.InRange(explained, 20, 80);
    }

    [Fact]
    public void What_a_seed_adds_to_all_its_designs_is_no_noise_of_their_choices()
    {
        var noise = new Random(3);
        double[] seeds = [.. Enumerable.Range(0, 20).Select(_ => 20 * noise.NextDouble())];
        (Design, double)[] designs = [.. Designs(100).Select((design, at) => (design, 60 + seeds[at / 5] + (design.Grouping.Pattern == GroupingPattern.Spindle ? 2 : 0) + noise.NextDouble()))];
        var paired = Explain(designs, seedOf: at => at / 5).MainEffects.Single(effect => effect.Level.Name == "spindle").Points;
        // of five groupings
        Assert.InRange(1.6, paired.Lower, paired.Upper);
        Assert.InRange(paired.StandardError, 0.01, 0.3);
        Assert.InRange(Explain(designs, seedOf: at => at).MainEffects.Single(effect => effect.Level.Name == "spindle").Points.StandardError, 0.6, 5);
    }

    [Fact]
    public void Where_designs_are_too_few_for_their_choices_only_what_changed_within_them_is_explained()
    {
        var noise = new Random(2);
        // what each design has of its own is not an effect of its grouping
        var explanation = Explain(Designs(12).SelectMany((design, own) => Enumerable.Range(0, 4).Select(rate => (design, 70 + 5.0 * (own * 5 % 7) + rate + noise.NextDouble()))), rates: 4, designsPerRate: 1);
        Assert.StartsWith("too few designs to explain their choices: 12 designs leave", explanation.Reason, StringComparison.Ordinal);
        Assert.Equal(["0.001", "0.002", "0.003", "0.004"], explanation.MainEffects.Select(effect => effect.Level.Name));
        Assert.All(explanation.MainEffects.Zip([-1.5, -0.5, 0.5, 1.5]), effect => Assert.InRange(effect.Second, effect.First.Points.Lower, effect.First.Points.Upper));
        Assert.All(explanation.Interactions, effect => Assert.Equal(Factor.LearningRate, effect.Other.Factor));
    }

    [Fact]
    public void Strategies_of_which_each_design_has_one_are_compared_with_each_other()
    {
        // with and without a strategy cannot be told apart where every design has exactly one
        string[] names = ["adapter", "bitfit", "lora"];
        var explanation = Explain(Enumerable.Range(0, 60).Select(at => (Design.Uniform(new StrategySet(names[at % 3]), 6), 70 + 3 * (at % 3) + at * 7 % 5 * 0.2)), rates: 4);
        Assert.All(explanation.MainEffects.Where(effect => effect.Level.Factor == Factor.Strategy), effect => Assert.False(effect.IsAgainstNone));
        Assert.Equal([-3.0, 0, 3], explanation.MainEffects.Where(effect => effect.Level.Factor == Factor.Strategy).Select(effect => Math.Round(effect.Points.Value)));
        Assert.Equal(["0.001", "0.002", "0.003", "0.004"], explanation.MainEffects.Where(effect => effect.Level.Factor == Factor.LearningRate).Select(effect => effect.Level.Name));
        Assert.All(explanation.MainEffects, effect => Assert.InRange(effect.Points.StandardError, 0.01, 0.5));
    }

    [Fact]
    public void A_level_that_only_one_stage_has_is_not_compared_and_choices_that_always_go_together_do_not_blow_up()
    {
        // allocation follows the grouping, and every spindle is in a stage of its own
        var explanation = Explain(Designs(120).Select((design, at) => (
            new Design(design.Grouping, Allocation.Of(design.Grouping.Pattern == GroupingPattern.Uniform ? AllocationPattern.Uniform : AllocationPattern.Increasing, 6), design.Strategies),
            70 + at * 7 % 11 * 0.1)), stageOf: design => design.Grouping.Pattern == GroupingPattern.Spindle ? "second" : "first");
        Assert.Null(explanation.Reason);
        Assert.DoesNotContain(explanation.MainEffects, effect => effect.Level.Name == "spindle");
        Assert.DoesNotContain(explanation.MainEffects, effect => effect.Level.Factor == Factor.Allocation);
        Assert.Contains(explanation.MainEffects, effect => effect.Level.Name == "bottleneck");
        Assert.All(explanation.MainEffects.Concat<object>(explanation.Interactions), effect => Assert.True((effect as MainEffect)?.Points.StandardError < 2 || (effect as InteractionEffect)?.Points.StandardError < 5, effect.ToString()));
    }

    [Fact]
    public void A_design_that_is_trained_again_is_no_further_design_and_trials_without_all_tasks_do_not_count()
    {
        var known = new KnownEffects(4).Search(60, 3, 3);
        var explanation = Explanation.Of(known.Study, known.Stages, known.Trials);
        Assert.Equal((60, 60 + 30 + 15 + 4), (explanation.Designs, explanation.Scores));
        var without = Explanation.Of(known.Study, known.Stages, [.. known.Trials.Where(trial => trial.Spec.Key is not { Stage: "rung 1", Option: "design 7", Task: "left" })]);
        Assert.Equal(explanation.Scores - 1, without.Scores);
        var other = Explanation.Of(known.Study, known.Stages, [.. known.Trials, known.Trials[0] with { Id = 99_999, Spec = new(known.Trials[0].Spec.Key with { Given = "5 epochs" }, known.Trials[0].Spec.Plan) }]);
        Assert.Equal(explanation.Scores, other.Scores);
    }

    [Fact]
    public void Each_rung_is_correlated_with_the_one_before_and_the_final_comparison_with_the_last_and_survivors_are_named()
    {
        var known = new KnownEffects(4) { Effect = 3 }.Search(60, 3, 5);
        var correlations = Explanation.Of(known.Study, known.Stages, known.Trials).Correlations;
        Assert.Equal(
            [("rung 1", "rung 2", 60, 30), ("rung 2", "rung 3", 30, 15), ("rung 3", "Final", 15, 4)],
            correlations.Select(found => (found.Cheap.Stage, found.Full.Stage, found.Trained, found.Ranks.Count)));
        Assert.Equal([(1, 2), (2, 4), (4, 8)], correlations.Select(found => (found.Cheap.Epochs, found.Full.Epochs)));
        Assert.Equal(5, correlations[2].Full.Runs);
        Assert.All(correlations, found => Assert.True(found.IsOfSurvivors));
        Assert.InRange(correlations[0].Ranks.Value, 0.7, 1);
        Assert.Empty(Explanation.Of(known.Study, [known.Stages[0]], known.Trials).Correlations);
    }

    [Theory]
    [InlineData("joint", true)]
    [InlineData("successive-halving", true)]
    [InlineData("staged", false)]
    [InlineData("exhaustive", false)]
    [InlineData("comparison", false)]
    public void Every_policy_has_an_explanation_with_what_was_chosen_for_each_side(string policy, bool hasRegimes)
    {
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(samples: 40, groups: 3, policy: policy, epochs: 4));
        if (policy is "staged" or "exhaustive") problem = SyntheticStudy.Problem(SyntheticStudy.Of(samples: 4, groups: 3, policy: policy));
        var land = new Landscape(problem.Space, 2, 1, 1);
        var (search, finished, trials) = (SearchPolicies.Create(problem), new FinishedTrials(), new List<Trial>());
        var step = search.Next(finished);
        for (; !step.IsDone; step = search.Next(finished))
            foreach (var spec in step.Trials)
            {
                trials.Add(new(trials.Count + 1, spec, TrialState.Completed) { Outcome = SyntheticRunner.Outcome(land.Score(new(spec.Key, spec.Plan)), spec.Key.Epochs) });
                finished.Add(trials[^1]);
            }

        var explanation = Explanation.Of(StudyRecord.Of(problem, policy), step.Stages, trials);
        Assert.Equal(policy == "comparison", explanation.Reason?.StartsWith("too few designs to explain their choices", StringComparison.Ordinal) ?? false);
        Assert.Equal(hasRegimes, explanation.Correlations.Count > 0);
        Assert.Equal(policy != "comparison", explanation.Sides.ContainsKey("found"));
        Assert.Equal(1, explanation.Sides["lora"].ShareOf("lora"));
        Assert.Contains(new FactorLevel(Factor.Grouping, "one group"), explanation.Sides["lora"].Levels);
        Assert.All(explanation.MainEffects, effect => Assert.InRange(effect.Points.StandardError, 1e-3, 10));
    }

    [Theory]
    [InlineData("joint")]
    [InlineData("exhaustive")]
    public void Five_thousand_trials_are_explained_in_a_moment(string policy)
    {
        var (study, stages, trials) = new KnownEffects(4).Search(1_400, 4, 5);
        if (policy == "exhaustive")
        {
            var problem = SimulatedSearch.Problem(policy, 1, 160);
            var result = SimulatedSearch.Run(problem, new Landscape(problem.Space, 1, 1, 1).Score);
            (study, stages, trials) = (StudyRecord.Of(problem, policy), result.Stages, result.Trials);
        }

        Assert.InRange(trials.Count, 5_000, 8_000);
        // other tests run beside this one
        var fastest = Enumerable.Range(0, 5).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            Assert.Null(Explanation.Of(study, stages, trials).Reason);
            return watch.Elapsed;
        });
        Assert.InRange(fastest.TotalSeconds, 0, 2);
    }

    private static Design[] Designs(int count)
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, 2 * count).Select(_ => DesignSampler.Draw(Problem.Space, DesignConstraints.None, random)).Distinct().Take(count)];
    }

    // each design trained once on one task, where nothing else is said all with the same seed
    private static Explanation Explain(IEnumerable<(Design Design, double Score)> designs, int rates = 1, Func<Design, string>? stageOf = null, int designsPerRate = 3, Func<int, int>? seedOf = null)
    {
        Trial[] trials = [.. designs.Select((design, at) => new Trial(at + 1, new(new(stageOf?.Invoke(design.Design) ?? "first", $"design {at}", 0, "left", 3, seedOf?.Invoke(at) ?? stageOf?.Invoke(design.Design).Length ?? 1)
            { LearningRate = rates == 1 ? null : 0.001 * (1 + at / designsPerRate % rates) }, new TuningPlan.Sized(design.Design, [])), TrialState.Completed) { Outcome = SyntheticRunner.Outcome(design.Score, 3) })];
        return Explanation.Of(StudyRecord.Of(Problem, "joint"),
            [.. trials.GroupBy(trial => trial.Spec.Key.Stage).Select(stage => new StageRecord(stage.Key, true, [.. stage.Select(trial => new OptionRecord(trial.Spec.Key.Option, "", true, 1, 0, 0, null))], true, null))], trials);
    }
}
