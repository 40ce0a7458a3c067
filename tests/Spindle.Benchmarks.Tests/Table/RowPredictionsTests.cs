using Spindle.Benchmarks.Recording.Table;

namespace Spindle.Benchmarks.Tests.Table;

public class RowPredictionsTests
{
    [Fact]
    public void A_byte_keeps_the_predicted_label_and_the_probability_within_a_step()
    {
        for (var logit = -7.9; logit < 7.5; logit += 0.013)
        {
            var probability = 1 / (1 + Math.Exp(-logit));
            var step = RowPredictions.OfProbability(probability, logit > 0);
            Assert.Equal(logit > 0 ? 1 : 0, RowPredictions.Predicted("qnli", step));
            var kept = RowPredictions.Probability(step);
            Assert.InRange(Math.Log(kept / (1 - kept)), logit - 0.13, logit + 0.13);
        }

        Assert.Equal((31, -32), (RowPredictions.OfProbability(1, true), RowPredictions.OfProbability(0, false)));
        // rounding may leave both labels at a half
        Assert.Equal((0, -1), (RowPredictions.OfProbability(0.5, true), RowPredictions.OfProbability(0.5, false)));
    }

    [Fact]
    public void A_byte_keeps_a_similarity_to_an_eightieth()
    {
        for (var value = -0.6; value < 5.6; value += 0.007) Assert.InRange(RowPredictions.Predicted("stsb", RowPredictions.OfValue(value)), value - 0.0126, value + 0.0126);
    }
}
