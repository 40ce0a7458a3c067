using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Prompt;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Tuning;

public class PromptTests
{
    [Fact]
    public void A_prompt_stands_before_the_tokens_of_every_layer_and_a_deeper_one_takes_its_place()
    {
        using var backbone = new TinyBackbone("bert-tiny").Load();
        using var random = new InitialValues(0);
        using var scope = NewDisposeScope();
        var batch = new TinyBackbone("bert-tiny").Batch();
        var tokens = batch.Ids.shape[1];
        using var first = new PromptStrategy().Attach(new(backbone.Layers[0], "a", 3, random));
        using var deeper = new PromptStrategy().Attach(new(backbone.Layers[2], "b", 5, random));
        using var buffer = new ParameterBuffer([.. first.Parameters, .. deeper.Parameters], CPU);
        var states = backbone.EncodeAll(batch);
        Assert.Equal([3, 3, 3, .. Enumerable.Repeat(5L, backbone.Layers.Count - 2)], states.Select(state => state.shape[1] - tokens));
        Assert.Equal(tokens, backbone.EncodeAll(batch)[0].shape[1] - 3);
    }

    [Theory]
    [InlineData("bert-tiny")]
    [InlineData("roberta-tiny")]
    [InlineData("mpnet-tiny")]
    [InlineData("bart-tiny")]
    [InlineData("t5-tiny")]
    public void Padding_changes_no_output_beneath_a_prompt(string folder)
    {
        var tiny = new TinyBackbone(folder);
        using var backbone = tiny.Load();
        using var model = tiny.Attach(backbone, Way.Of("prompt"));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var batch = tiny.Batch();
        var row = (int)Enumerable.Range(0, (int)batch.Ids.shape[0]).MinBy(index => batch.Mask[index].sum().item<long>());
        var length = batch.Mask[row].sum().item<long>();
        Assert.True(length < batch.Ids.shape[1], "the fixture has no padded row");
        var padded = model.Logits(new(batch, null))[row];
        var bare = model.Logits(new(new(Cut(batch.Ids), Cut(batch.Mask), batch.TypeIds is { } types ? Cut(types) : null), null))[0];
        Assert.True((padded - bare).abs().max().item<float>() < 1e-4, "padding shows");

        Tensor Cut(Tensor rows) => rows.narrow(0, row, 1).narrow(1, 0, length);
    }

    [Fact]
    public void A_layer_without_an_encoders_block_makes_a_design_infeasible_and_says_why()
    {
        using var backbone = BackboneCatalogue.Load(new TinyBackbone("t5-tiny").Folder, new() { Layers = LayerNumbering.Sequential });
        var result = BudgetSolver.Solve(Design.Uniform(new("prompt"), backbone.Layers.Count), 1_000_000, backbone.Shape, StrategyRegistry.Default.Costs);
        var infeasible = Assert.IsType<BudgetResult.Infeasible>(result);
        Assert.Equal(backbone.Layers.Count / 2, infeasible.Layer);
        Assert.Equal($"layer {infeasible.Layer + 1} cannot be tuned by prompt: a prompt needs a block of the encoder, and the layer has none", infeasible.Reason);
    }
}
