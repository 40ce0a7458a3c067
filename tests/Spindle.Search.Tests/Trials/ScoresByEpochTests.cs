using Spindle.Designs.Plans;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Trials;

/// <summary>The epochs of a trial's scores.</summary>
public class ScoresByEpochTests
{
    [Fact]
    public void The_only_score_of_a_trial_is_that_after_its_last_epoch() => Assert.Equal([(3, 80.0)], Trial(3, 80).ScoresByEpoch);

    [Fact]
    public void Scores_after_every_epoch_count_from_the_first_also_where_patience_ended_the_training()
    {
        Assert.Equal([(1, 60.0), (2, 70.0), (3, 80.0)], Trial(3, 60, 70, 80).ScoresByEpoch);
        Assert.Equal([(1, 60.0), (2, 55.0)], Trial(12, 60, 55).ScoresByEpoch);
        Assert.Equal([(1, 60.0)], Trial(1, 60).ScoresByEpoch);
    }

    [Fact]
    public void A_training_that_diverged_after_its_first_score_has_it_at_the_first_epoch()
    {
        var diverged = Trial(3, 60);
        Assert.Equal([(1, 60.0)], (diverged with { Outcome = diverged.Outcome! with { Failure = "the loss was not finite" } }).ScoresByEpoch);
    }

    [Fact]
    public void The_score_of_an_initial_model_stands_before_the_first_epoch_and_no_outcome_has_no_score()
    {
        Assert.Equal([(0, 50.0)], Trial(0).ScoresByEpoch);
        Assert.Empty((Trial(0) with { Outcome = null }).ScoresByEpoch);
    }

    private static Trial Trial(int epochs, params double[] scores) => new(1, new(new("Final", "lora", 0, "builtin/sentiment", epochs, 7), new TuningPlan.Full()), TrialState.Completed)
    {
        Outcome = new(scores.Append(50).First(), new Dictionary<string, double>(), scores, 1, 1, 1, 1, null),
    };
}
