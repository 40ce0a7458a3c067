using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using Spindle.Models.Tuning;
using Spindle.Tests;
using static TorchSharp.torch;

namespace Spindle.Models.Tests;

/// <summary>One of the fixtures' tiny backbones with its inputs, and what tests do with it.</summary>
/// <param name="name">Its folder.</param>
internal sealed class TinyBackbone(string name)
{
    public const int Outputs = 3;

    /// <summary>One of every family, and of every shape within.</summary>
    public static IReadOnlyList<string> Names { get; } = ["bert-tiny", "roberta-tiny", "bart-tiny", "t5-tiny", "t5-v1_1-tiny"];

    // enough for every strategy at its smallest in every layer
    private const long Plenty = 40_000, OfBert = 10_000;

    public string Folder => SharedFiles.Fixture("models", name);

    public long Budget => name == "bert-tiny" ? OfBert : Plenty;

    public IBackbone Load(ScalarType frozen = ScalarType.Float32) => BackboneCatalogue.Load(Folder, new() { FrozenType = frozen });

    /// <summary>The fixture's inputs, some of them padded; they belong to the caller's dispose scope.</summary>
    public TokenBatch Batch()
    {
        using var expected = SafetensorsFile.Open(Path.Combine(Folder, "expected.safetensors"));
        return new(expected.Read("input_ids"), expected.Read("attention_mask"),
            expected.Tensors.ContainsKey("token_type_ids") ? expected.Read("token_type_ids") : null);
    }

    public TuningPlan.Sized Solve(IBackbone backbone, Design design, StrategyRegistry registry, long? budget = null) =>
        BudgetSolver.Solve(design, budget ?? Budget, backbone.Shape, registry.Costs).Require();

    public TunedModel Attach(IBackbone backbone, Way way, long seed = 7) =>
        TunedModel.Create(backbone, Solve(backbone, way.Design(backbone.Layers.Count), way.Registry), way.Registry, Head(backbone), seed);

    public static Func<InitialValues, ISequenceHead> Head(IBackbone backbone) => random => backbone.MakeJointHead(Outputs, random);

    /// <summary>The mean cross-entropy over the batch, with labels 0, 1, 2, 0, …</summary>
    public static Tensor Loss(TunedModel model, TokenBatch batch)
    {
        var labels = tensor(Enumerable.Range(0, (int)batch.Ids.shape[0]).Select(row => (long)(row % Outputs)).ToArray());
        return nn.functional.cross_entropy(model.Logits(new(batch, null)), labels);
    }

    /// <summary>Moves every trained value off its initial one, so that no gradient is zero by construction.</summary>
    public static void Disturb(TunedModel model, long seed, double deviation = 0.1)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        model.Parameters.Values.add_(randn(model.Parameters.Values.shape, generator: generator) * deviation);
    }

    /// <summary>Makes half of every bottleneck's units surely active and half surely not: a difference across ReLU's kink is no derivative,
    /// and a unit that is off learns nothing.</summary>
    public static void LeaveKinks(TunedModel model)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var parameter in model.Parameters.Parameters.Where(parameter => parameter.Name.EndsWith("down.bias", StringComparison.Ordinal)))
            parameter.Value.add_(tensor([.. Enumerable.Range(0, (int)parameter.Count).Select(unit => unit % 2 == 0 ? 3f : -3f)]));
    }

    public static float[] Numbers(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray();
    }

    /// <summary>The last layer's hidden states, without gradients.</summary>
    public float[] States(IBackbone backbone)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Numbers(backbone.Encode(Batch()));
    }

    public float[] Logits(TunedModel model)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Numbers(model.Logits(new(Batch(), null)));
    }

    /// <summary>The bytes of every frozen weight.</summary>
    public static byte[][] FrozenBytes(IBackbone backbone) => [.. backbone.Weights.Select(weight => weight.Frozen.bytes.ToArray())];
}
