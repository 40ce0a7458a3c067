using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Tests;

/// <summary>The fixtures' tiny BERT, for what any backbone shows as well.</summary>
internal static class TinyBert
{
    public const int Outputs = TinyBackbone.Outputs;

    private static readonly TinyBackbone Tiny = new("bert-tiny");

    public static string Folder => Tiny.Folder;

    public static IBackbone Load(ScalarType frozen = ScalarType.Float32) => Tiny.Load(frozen);

    public static TokenBatch Batch() => Tiny.Batch();

    public static TuningPlan.Sized Solve(IBackbone backbone, Design design, StrategyRegistry registry, long? budget = null) =>
        Tiny.Solve(backbone, design, registry, budget);

    public static TunedModel Attach(IBackbone backbone, Way way, long seed = 7) => Tiny.Attach(backbone, way, seed);

    public static Func<InitialValues, ISequenceHead> Head(IBackbone backbone) => TinyBackbone.Head(backbone);

    public static Tensor Loss(TunedModel model, TokenBatch batch) => TinyBackbone.Loss(model, batch);

    public static void Disturb(TunedModel model, long seed, double deviation = 0.1) => TinyBackbone.Disturb(model, seed, deviation);

    public static float[] Numbers(Tensor values) => TinyBackbone.Numbers(values);

    public static float[] States(IBackbone backbone) => Tiny.States(backbone);

    public static float[] Logits(TunedModel model) => Tiny.Logits(model);

    public static byte[][] FrozenBytes(IBackbone backbone) => TinyBackbone.FrozenBytes(backbone);
}
