using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using Spindle.Models.Lanes;
using Spindle.Models.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Lanes;

/// <summary>Models that share a pass, against the same models alone.</summary>
public sealed class TunedLanesTests
{
    // without a prefix, the encoder leaves padding out
    [Theory]
    [InlineData("lora bitfit adapter")]
    [InlineData("lora prefix bitfit adapter lora+bitfit")]
    public void Every_loss_and_gradient_of_a_common_pass_is_within_1e_4_of_that_of_a_pass_alone(string strategies)
    {
        var names = strategies.Split(' ');
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load(BackboneFolder.Locate("minilm-l6"), new());
        TunedModel[] models = [.. names.Select((strategy, lane) => Model(backbone, strategy, lane))];
        var batch = Batch();
        (Tensor Logits, Tensor Gradient)[] alone = [.. models.Select(model =>
        {
            model.Resume();
            var result = Read(model, () => Loss(model, batch).Loss.backward(), batch);
            model.Suspend();
            return result;
        })];

        using (var shared = new TunedLanes(backbone, models))
        {
            shared.BeginStep();
            foreach (var model in models) model.Parameters.ZeroGradients();
            var together = models.Select(model => Loss(model, batch)).ToArray();
            together.Select(one => one.Loss).Aggregate((sum, loss) => sum + loss).backward();
            foreach (var (lane, (model, expected)) in models.Zip(alone).Index())
            {
                Assert.True((together[lane].Logits - expected.Logits).abs().max().ToSingle() < 1e-4, names[lane]);
                var largest = expected.Gradient.abs().max().ToSingle();
                Assert.True(largest > 1e-3, $"{names[lane]}: the gradients are almost zero");
                Assert.True((model.Parameters.Gradients - expected.Gradient).abs().max().ToSingle() < 1e-4 * Math.Max(1, largest), names[lane]);
            }
        }

        foreach (var model in models) model.Dispose();
    }

    private static (Tensor Logits, Tensor Gradient) Read(TunedModel model, Action backward, ModelInput batch)
    {
        model.Parameters.ZeroGradients();
        backward();
        using var noGrad = no_grad();
        return (model.Logits(batch).detach(), model.Parameters.Gradients.clone());
    }

    private static (Tensor Loss, Tensor Logits) Loss(TunedModel model, ModelInput batch)
    {
        var logits = model.Logits(batch);
        return (nn.functional.cross_entropy(logits, tensor(new long[] { 0, 1, 0, 1 })), logits);
    }

    private static TunedModel Model(IBackbone backbone, string strategy, int seed)
    {
        var design = Design.Uniform(new(strategy.Split('+')), backbone.Layers.Count);
        var solution = BudgetSolver.Solve(design, backbone.Shape.Parameters / 100, backbone.Shape, StrategyRegistry.Default.Costs).Require();
        var model = TunedModel.Create(backbone, solution, StrategyRegistry.Default, random => new SentenceEncoderHead(backbone.HiddenSize, 2, pairs: false, random), seed);
        TinyBackbone.Disturb(model, seed, 0.02);
        model.Suspend();
        return model;
    }

    private static ModelInput Batch()
    {
        int[] lengths = [9, 3, 17, 5];
        var (ids, mask) = (new long[4, 17], new long[4, 17]);
        foreach (var (row, length) in lengths.Index())
            for (var token = 0; token < length; token++) (ids[row, token], mask[row, token]) = (1000 + (row * 100) + token, 1);
        return new(new(tensor(ids), tensor(mask), null), null);
    }
}
