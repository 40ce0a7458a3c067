using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Models.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Tuning;

/// <summary>What holds for every strategy and mixture of strategies.</summary>
public class StrategyTests
{
    public static MatrixTheoryData<string, string> Ways => new(TinyBackbone.Names, Way.Names);

    // differences are costly, and those of a backbone with ReLU cross its kinks: elsewhere all at once, and every place at once
    public static TheoryData<string, string> SmoothWays =>
    [
        .. Way.Names.Where(name => Way.Of(name).HasWholeGradient).Select(name => ("bert-tiny", name)),
        ("roberta-tiny", "all four"), ("bart-tiny", "all four"), ("bart-tiny", "adapter, houlsby"), ("bart-tiny", "lora, every linear map, alpha 3"),
        ("t5-v1_1-tiny", "all four"),
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_new_attachment_changes_no_output_where_the_method_has_that_property(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        using var backbone = tiny.Load();
        var before = tiny.States(backbone);
        using var model = tiny.Attach(backbone, Way.Of(name));
        var after = tiny.States(backbone);
        if (Way.Of(name).StartsWithoutEffect) Assert.Equal(before, after);
        else Assert.NotEqual(before, after);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Disposing_the_model_leaves_outputs_bit_identical_and_nothing_attached(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        using var backbone = tiny.Load();
        var before = tiny.States(backbone);
        var model = tiny.Attach(backbone, Way.Of(name));
        TinyBackbone.Disturb(model, seed: 1);
        Assert.NotEqual(before, tiny.States(backbone));
        model.Dispose();
        Assert.Equal(before, tiny.States(backbone));
        AssertBare(backbone);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_suspended_model_leaves_the_backbone_as_it_was_and_resumes_as_it_had_been(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        using var backbone = tiny.Load();
        var before = tiny.States(backbone);
        using var model = tiny.Attach(backbone, Way.Of(name));
        TinyBackbone.Disturb(model, seed: 1);
        var tuned = tiny.States(backbone);
        for (var round = 0; round < 2; round++)
        {
            model.Suspend();
            Assert.Equal(before, tiny.States(backbone));
            AssertBare(backbone);
            model.Resume();
            Assert.Equal(tuned, tiny.States(backbone));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Attachments_disposed_in_any_order_leave_nothing_attached(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        var way = Way.Of(name);
        using var backbone = tiny.Load();
        using var random = new InitialValues(0);
        var solution = tiny.Solve(backbone, way.Design(backbone.Layers.Count), way.Registry);
        var attachments = solution.Layers.SelectMany(layer => layer.Strategies.Select(strategy =>
            way.Registry.Find(strategy.Name).Attach(new(backbone.Layers[layer.Layer], $"{layer.Layer}.{strategy.Name}", strategy.Size, random)))).ToArray();
        new Random(3).Shuffle(attachments);
        foreach (var attachment in attachments) attachment.Dispose();
        AssertBare(backbone);
        foreach (var attachment in attachments) attachment.Dispose();
        AssertBare(backbone);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Trained_parameters_number_what_the_costs_the_buffer_and_the_solver_say(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        var way = Way.Of(name);
        using var backbone = tiny.Load();
        var solution = tiny.Solve(backbone, way.Design(backbone.Layers.Count), way.Registry);
        using var model = TunedModel.Create(backbone, solution, way.Registry, TinyBackbone.Head(backbone), 0);
        Assert.Equal(solution.Parameters, model.Trained);
        Assert.Equal(solution.Parameters + model.HeadParameters, model.Parameters.Values.numel());
        Assert.Equal(solution.Parameters + model.HeadParameters, model.Parameters.Parameters.Sum(parameter => parameter.Count));
        var (hidden, linear) = (backbone.HiddenSize, backbone.HiddenSize * TinyBackbone.Outputs + TinyBackbone.Outputs);
        Assert.Equal(folder == "bert-tiny" ? linear : hidden * hidden + hidden + linear, model.HeadParameters);
        foreach (var layer in solution.Layers)
            foreach (var strategy in layer.Strategies)
            {
                var declared = model.Parameters.Parameters
                    .Where(parameter => parameter.Name.StartsWith($"layer.{layer.Layer}.{strategy.Name}.", StringComparison.Ordinal)).Sum(parameter => parameter.Count);
                Assert.Equal(strategy.Parameters, declared);
                Assert.Equal(way.Registry.Find(strategy.Name).Cost.Parameters(backbone.Shape.Layers[layer.Layer], strategy.Size), declared);
            }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_size_declares_what_its_cost_says(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        var way = Way.Of(name);
        using var backbone = tiny.Load();
        using var random = new InitialValues(0);
        var layer = backbone.Layers[^1];
        foreach (var strategyName in way.Design(backbone.Layers.Count).Strategies.Groups.SelectMany(set => set).Distinct())
        {
            var strategy = way.Registry.Find(strategyName);
            foreach (var size in new[] { 1, 2, 5, strategy.Cost.MaximumSize(layer.Shape) })
            {
                if (size > strategy.Cost.MaximumSize(layer.Shape)) continue;
                using var attachment = strategy.Attach(new(layer, "it", size, random));
                Assert.Equal(strategy.Cost.Parameters(layer.Shape, size), attachment.Parameters.Sum(parameter => parameter.Count));
            }
        }
    }

    [Theory]
    [MemberData(nameof(SmoothWays))]
    public void Gradients_equal_finite_differences(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        // float32's loss is good to about 1e-7, so a step of 5e-3 leaves about 2e-5 of noise in a difference
        const double Step = 5e-3, Relative = 0.02, Absolute = 2e-4;
        using var backbone = tiny.Load();
        using var model = tiny.Attach(backbone, Way.Of(name));
        TinyBackbone.Disturb(model, seed: 2);
        if (!name.Contains("gelu", StringComparison.Ordinal) && !name.Contains("swish", StringComparison.Ordinal)) TinyBackbone.LeaveKinks(model);
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        var batch = tiny.Batch();
        model.Parameters.ZeroGradients();
        TinyBackbone.Loss(model, batch).backward();

        using var noGrad = no_grad();
        foreach (var parameter in model.Parameters.Parameters.Where(IsLookedAt))
        {
            using var inner = NewDisposeScope();
            var gradient = parameter.Value.grad!.clone();
            var own = parameter.Value.clone();
            Assert.True(gradient.norm().ToDouble() > 0 || IsBlind(parameter), $"{parameter.Name} has no gradient");
            foreach (var (kind, raw) in new[] { ("its gradient", gradient), ("a random direction", randn(gradient.shape, generator: generator)) })
            {
                var length = raw.norm().ToDouble();
                if (length < 1e-6) continue;
                var direction = raw / length;
                var expected = (gradient * direction).sum().ToDouble();
                var difference = (At(Step) - At(-Step)) / (2 * Step);
                parameter.Value.copy_(own);
                Assert.True(Math.Abs(difference - expected) <= Absolute + Relative * Math.Abs(expected),
                    $"{parameter.Name} along {kind}: gradient {expected:G4}, difference {difference:G4}");

                double At(double step)
                {
                    parameter.Value.copy_(own + direction * step);
                    return TinyBackbone.Loss(model, batch).ToDouble();
                }
            }
        }

        // the layers between the first and the last are like them
        bool IsLookedAt(TrainedParameter parameter) => folder == "bert-tiny" || !parameter.Name.StartsWith("layer.", StringComparison.Ordinal)
            || parameter.Name.StartsWith("layer.0.", StringComparison.Ordinal)
            || parameter.Name.StartsWith($"layer.{backbone.Layers.Count - 1}.", StringComparison.Ordinal);

        // a key's bias shifts all scores of a query alike, which a softmax does not see
        static bool IsBlind(TrainedParameter parameter) => parameter.Name.EndsWith("self.key.bias", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_step_changes_every_trained_parameter_and_no_frozen_weight(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        using var backbone = tiny.Load();
        var frozen = TinyBackbone.FrozenBytes(backbone);
        using var model = tiny.Attach(backbone, Way.Of(name));
        TinyBackbone.Disturb(model, seed: 2);
        TinyBackbone.LeaveKinks(model);
        var before = model.Parameters.Parameters.ToDictionary(parameter => parameter.Name, parameter => TinyBackbone.Numbers(parameter.Value));
        using (var scope = NewDisposeScope())
        {
            model.Training = true;
            TinyBackbone.Loss(model, tiny.Batch()).backward();
            using var noGrad = no_grad();
            model.Parameters.Values.sub_(model.Parameters.Gradients.sign() * 0.01);
        }
        foreach (var parameter in model.Parameters.Parameters) Assert.NotEqual(before[parameter.Name], TinyBackbone.Numbers(parameter.Value));
        Assert.Equal(frozen, TinyBackbone.FrozenBytes(backbone));
        Assert.All(backbone.Weights, weight => Assert.False(weight.Frozen.requires_grad));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Frozen_weights_in_bfloat16_give_the_loss_of_float32_nearly(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        var exact = LossOf(ScalarType.Float32);
        var rounded = LossOf(ScalarType.BFloat16);
        Assert.InRange(rounded, exact - 2e-2, exact + 2e-2);
        Assert.NotEqual(exact, rounded);

        double LossOf(ScalarType type)
        {
            using var backbone = tiny.Load(type);
            using var model = tiny.Attach(backbone, Way.Of(name));
            TinyBackbone.Disturb(model, seed: 4, deviation: 0.05);
            using var scope = NewDisposeScope();
            var loss = TinyBackbone.Loss(model, tiny.Batch());
            loss.backward();
            Assert.True(model.Parameters.Gradients.isfinite().all().ToBoolean());
            Assert.All(model.Parameters.Parameters, parameter => Assert.Equal(ScalarType.Float32, parameter.Value.dtype));
            return loss.ToDouble();
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_same_seed_gives_the_same_initial_values_and_another_seed_others(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        using var backbone = tiny.Load();
        var first = Initial(1);
        Assert.Equal(first, Initial(1));
        Assert.NotEqual(first, Initial(2));

        float[] Initial(long seed)
        {
            // what the process drew before must not matter
            manual_seed(Environment.TickCount64);
            using var model = tiny.Attach(backbone, Way.Of(name), seed);
            return TinyBackbone.Numbers(model.Parameters.Values);
        }
    }

    [Theory]
    [InlineData("bitfit")]
    [InlineData("prefix")]
    public void Two_strategies_at_one_place_add_up_and_leave_in_any_order(string name)
    {
        var tiny = new TinyBackbone("t5-tiny");
        using var backbone = tiny.Load();
        using var random = new InitialValues(0);
        var before = tiny.States(backbone);
        var strategy = StrategyRegistry.Default.Find(name);
        var (first, second) = (strategy.Attach(new(backbone.Layers[0], "a", 2, random)), strategy.Attach(new(backbone.Layers[0], "b", 3, random)));
        using var parameters = new ParameterBuffer([.. first.Parameters, .. second.Parameters], CPU);
        Move(first, 0.3f);
        Move(second, -0.3f);
        var both = tiny.States(backbone);
        first.Dispose();
        var alone = tiny.States(backbone);
        Assert.NotEqual(both, alone);
        Assert.NotEqual(before, alone);
        second.Dispose();
        Assert.Equal(before, tiny.States(backbone));
        AssertBare(backbone);

        static void Move(Attachment attachment, float by)
        {
            using var noGrad = no_grad();
            foreach (var parameter in attachment.Parameters) parameter.Value.add_(by);
        }
    }

    [Fact]
    public void An_unknown_strategy_is_named_beside_the_known_and_leaves_nothing_attached()
    {
        using var backbone = TinyBert.Load();
        var solution = TinyBert.Solve(backbone, Design.Uniform(new("lora"), backbone.Layers.Count), StrategyRegistry.Default);
        var broken = solution with { Layers = [.. solution.Layers.SkipLast(1), new(5, [new("ia4", 1, 1)])] };
        var error = Assert.Throws<InvalidDataException>(
            () => TunedModel.Create(backbone, broken, StrategyRegistry.Default, TinyBert.Head(backbone), 0));
        Assert.Contains("'ia4'", error.Message);
        Assert.Contains("adapter, prefix, bitfit, lora", error.Message);
        AssertBare(backbone);
    }

    [Fact]
    public void Full_tuning_trains_every_weight_without_changing_one_and_gives_them_back()
    {
        using var backbone = TinyBert.Load();
        var (before, frozen) = (TinyBert.States(backbone), TinyBert.FrozenBytes(backbone));
        using (var model = TunedModel.Create(backbone, new TuningPlan.Full(), StrategyRegistry.Default, TinyBert.Head(backbone), 0))
        {
            Assert.Equal(backbone.Shape.Parameters, model.Trained);
            Assert.Equal(before, TinyBert.States(backbone));
            TinyBert.Disturb(model, seed: 1);
            Assert.NotEqual(before, TinyBert.States(backbone));
        }
        Assert.Equal(before, TinyBert.States(backbone));
        Assert.Equal(frozen, TinyBert.FrozenBytes(backbone));
        AssertBare(backbone);
    }

    private static void AssertBare(Spindle.Models.Backbones.IBackbone backbone)
    {
        Assert.All(backbone.Weights, weight => Assert.False(weight.IsTrained));
        foreach (var block in backbone.Layers.SelectMany(layer => layer.Blocks))
        {
            Assert.All(block.Linears, linear => Assert.Empty(linear.Deltas));
            Assert.All(block.Linears, linear => Assert.Empty(linear.AddedBiases));
            Assert.All(block.Linears, linear => Assert.Empty(linear.Inputs));
            Assert.All(block.Attentions, attention => Assert.Empty(attention.Prefixes));
            Assert.All(block.AfterAttentions, sublayer => Assert.Empty(sublayer.Insertions));
            Assert.Empty(block.AfterFeedForward.Insertions);
            Assert.Empty(block.Input.Prompts);
        }
    }
}
