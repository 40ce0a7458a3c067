using Spindle.Search.Explanations;
using Spindle.Search.Policies;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Explanations;

/// <summary>How often explanations are right, over many simulated searches with known effects.</summary>
public sealed class ExplanationSimulationTests
{
    [Theory]
    [InlineData(60, 1, 0, 0.0, false)]
    [InlineData(60, 3, 3, 0.0, false)]
    [InlineData(60, 3, 3, 1.5, false)]
    [InlineData(120, 4, 5, 1.0, false)]
    [InlineData(30, 2, 3, 0.0, true)]
    [InlineData(30, 2, 3, 2.0, true)]
    public void Known_effects_are_inside_their_intervals_in_about_95_of_100_cases(int designs, int rungs, int seeds, double own, bool atEveryRate)
    {
        const int Searches = 60;
        var (inside, all) = (0, 0);
        for (var search = 0; search < Searches; search++)
        {
            var known = new KnownEffects(search) { Own = own, AtEveryRate = atEveryRate };
            var explanation = Explain(known.Search(designs, rungs, seeds));
            foreach (var effect in explanation.MainEffects)
            {
                var truth = known.Truth(explanation, effect);
                if (effect.Points.Lower <= truth && truth <= effect.Points.Upper) inside++;
                all++;
            }
        }

        Assert.InRange(all, 10 * Searches, 40 * Searches);
        Assert.InRange((double)inside / all, 0.925, 0.975);
    }

    [Theory]
    [InlineData(60, 3, 3, 0.0)]
    [InlineData(60, 3, 3, 1.5)]
    public void In_at_most_one_of_twenty_searches_over_equal_choices_is_an_effect_or_an_interaction_significant(int designs, int rungs, int seeds, double own)
    {
        const int Searches = 200;
        var (effects, interactions) = (0, 0);
        for (var search = 0; search < Searches; search++)
        {
            var explanation = Explain(new KnownEffects(1_000 + search) { Effect = 0, Own = own }.Search(designs, rungs, seeds));
            Assert.Null(explanation.Reason);
            Assert.Equal(3, explanation.Interactions.Count);
            if (explanation.MainEffects.Any(effect => effect.CorrectedProbability < 0.05)) effects++;
            if (explanation.Interactions.Any(effect => effect.CorrectedProbability < 0.05)) interactions++;
        }

        Assert.InRange(effects, 0, Most(Searches));
        Assert.InRange(interactions, 0, Most(Searches));
    }

    [Fact]
    public void A_large_interaction_is_found_and_stands_first()
    {
        const int Searches = 20;
        var found = 0;
        for (var search = 0; search < Searches; search++)
        {
            var explanation = Explain(new KnownEffects(search) { Interaction = 8 }.Search(160, 2, 3));
            if (explanation.Interactions[0] is { Strategy: { Factor: Factor.Strategy, Name: "adapter" }, Other: { Factor: Factor.LearningRate, Name: "0.0005" }, CorrectedProbability: < 0.05 } first && first.Points.Lower < 8 && 8 < first.Points.Upper)
                found++;
        }

        Assert.InRange(found, 17, Searches);
    }

    [Theory]
    [InlineData(ExhaustivePolicy.PolicyName, 6, 40)]
    [InlineData(StagedPolicy.PolicyName, 8, 20)]
    [InlineData(SuccessiveHalvingPolicy.PolicyName, 80, 40)]
    public void The_effects_of_groupings_allocations_and_groups_that_a_search_tried_are_inside_their_intervals(string policy, int samples, int searches)
    {
        var (inside, all) = (0, 0);
        for (var search = 0; search < searches; search++)
        {
            var problem = SimulatedSearch.Problem(policy, search, samples, groups: 3);
            var land = new Landscape(problem.Space, search, 1, 1);
            var result = SimulatedSearch.Run(problem, land.Score);
            var explanation = Explanation.Of(StudyRecord.Of(problem, policy), result.Stages, result.Trials);
            Assert.Null(explanation.Reason);
            foreach (var factor in explanation.MainEffects.Where(effect => effect.Level.Factor <= Factor.TunedGroups).GroupBy(effect => effect.Level.Factor))
            {
                var stage = factor.Key switch { Factor.Grouping => "S1", Factor.Allocation => "S2", _ => "S3" };
                foreach (var effect in factor)
                {
                    var truth = land.Effect(stage, effect.Level.Name) - factor.Average(other => land.Effect(stage, other.Level.Name));
                    if (effect.Points.Lower <= truth && truth <= effect.Points.Upper) inside++;
                    all++;
                }
            }
        }

        Assert.InRange(all, 10 * searches, 20 * searches);
        Assert.InRange((double)inside / all, 0.92, 0.985);
    }

    private static Explanation Explain((StudyRecord Study, IReadOnlyList<StageRecord> Stages, IReadOnlyList<Trial> Trials) search) => Explanation.Of(search.Study, search.Stages, search.Trials);

    // more than three standard deviations above 5%
    private static int Most(int searches) => (int)(0.05 * searches + 3 * Math.Sqrt(0.05 * 0.95 * searches));
}
