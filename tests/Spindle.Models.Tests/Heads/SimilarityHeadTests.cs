using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Heads;

public class SimilarityHeadTests
{
    [Fact]
    public void The_first_values_are_the_cosines_of_the_mean_states_from_the_smallest_value_at_0_to_the_largest_at_1()
    {
        using var backbone = TinyBert.Load();
        using var model = Attach(backbone, new TuningPlan.Sized(null, []));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var pair = Pair();
        var logits = model.Logits(pair);
        Assert.Equal([pair.First.Ids.shape[0], 1], logits.shape);
        Assert.Equal(ScalarType.Float32, logits.dtype);
        var (first, second) = (Means(backbone, pair.First), Means(backbone, pair.Second!));
        for (var row = 0; row < first.Length; row++)
            Assert.Equal(2 * Cosine(first[row], second[row]) - 1, logits[row, 0].ToDouble(), 1e-5);
    }

    [Fact]
    public void Equal_sentences_have_the_largest_value_before_and_a_learnable_one_after_training_has_begun()
    {
        using var backbone = TinyBert.Load();
        using var model = Attach(backbone, new TuningPlan.Sized(null, []));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var batch = TinyBert.Batch();
        Assert.All(TinyBert.Numbers(model.Logits(new(batch, batch))), value => Assert.Equal(1, value, 1e-5f));
        TinyBert.Disturb(model, seed: 4);
        Assert.All(TinyBert.Numbers(model.Logits(new(batch, batch))), value => Assert.NotEqual(1, value, 1e-3f));
    }

    [Fact]
    public void The_order_of_the_sentences_does_not_matter()
    {
        using var backbone = TinyBert.Load();
        using var model = Attach(backbone, TinyBert.Solve(backbone, Design.Uniform(new("lora"), backbone.Layers.Count), StrategyRegistry.Default));
        TinyBert.Disturb(model, seed: 5);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var pair = Pair();
        var (there, back) = (TinyBert.Numbers(model.Logits(pair)), TinyBert.Numbers(model.Logits(new(pair.Second!, pair.First))));
        for (var row = 0; row < there.Length; row++) Assert.Equal(there[row], back[row], 1e-5f);
    }

    [Fact]
    public void Gradients_reach_every_parameter_of_the_head_and_the_strategies_from_the_first_step()
    {
        using var backbone = TinyBert.Load();
        using var model = Attach(backbone, TinyBert.Solve(backbone, Design.Uniform(new("lora"), backbone.Layers.Count), StrategyRegistry.Default));
        using var scope = NewDisposeScope();
        var pair = Pair();
        var wanted = zeros(pair.First.Ids.shape[0], 1);
        nn.functional.mse_loss(model.Logits(pair), wanted).backward();
        var still = model.Parameters.Parameters.Where(parameter => TinyBert.Numbers(parameter.Value.grad!).All(number => number == 0)).Select(parameter => parameter.Name);
        // LoRA's A has no gradient while its B is zero
        Assert.All(still, name => Assert.StartsWith("layer.", name));
        Assert.Contains(model.Parameters.Parameters, parameter => parameter.Name.StartsWith("layer.", StringComparison.Ordinal) && TinyBert.Numbers(parameter.Value.grad!).Any(number => number != 0));
        Assert.Equal(["similarity.scale", "similarity.offset", "similarity.features.weight"],
            model.Parameters.Parameters.Select(parameter => parameter.Name).Where(name => !name.StartsWith("layer.", StringComparison.Ordinal)));
        Assert.Equal(2 + 2 * backbone.HiddenSize, model.HeadParameters);
    }

    [Fact]
    public void A_row_without_a_second_sentence_is_refused()
    {
        using var backbone = TinyBert.Load();
        using var model = Attach(backbone, new TuningPlan.Sized(null, []));
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => model.Logits(new(TinyBert.Batch(), null)));
    }

    private static TunedModel Attach(IBackbone backbone, TuningPlan plan) =>
        TunedModel.Create(backbone, plan, StrategyRegistry.Default, _ => new SimilarityHead(backbone.HiddenSize), seed: 1);

    // the fixture's rows beside themselves in reverse
    private static ModelInput Pair()
    {
        var batch = TinyBert.Batch();
        return new(batch, new(batch.Ids.flip(0), batch.Mask.flip(0), batch.TypeIds?.flip(0)));
    }

    private static double[][] Means(IBackbone backbone, TokenBatch batch)
    {
        var (states, mask) = (backbone.Encode(batch), batch.Mask);
        return
        [
            .. Enumerable.Range(0, (int)states.shape[0]).Select(row =>
            {
                int[] tokens = [.. Enumerable.Range(0, (int)states.shape[1]).Where(token => mask[row, token].ToInt64() == 1)];
                var own = tokens.Select(token => TinyBert.Numbers(states[row, token])).ToArray();
                return Enumerable.Range(0, backbone.HiddenSize).Select(at => own.Average(state => (double)state[at])).ToArray();
            }),
        ];
    }

    private static double Cosine(double[] left, double[] right) => Dot(left, right) / Math.Sqrt(Dot(left, left) * Dot(right, right));

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
