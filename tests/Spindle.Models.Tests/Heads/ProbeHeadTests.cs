using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Heads;

/// <summary>What holds for every head that can start from a probe.</summary>
public class ProbeHeadTests
{
    private static readonly Dictionary<string, Func<IBackbone, InitialValues, ISequenceHead>> Apart = new()
    {
        ["sentence-encoder"] = (backbone, random) => new SentenceEncoderHead(backbone.HiddenSize, TinyBackbone.Outputs, pairs: false, random),
        ["sentence-encoder of pairs"] = (backbone, random) => new SentenceEncoderHead(backbone.HiddenSize, TinyBackbone.Outputs, pairs: true, random),
        ["pair-classifier"] = (backbone, random) => new PairClassifierHead(backbone.HiddenSize, TinyBackbone.Outputs, random),
        ["similarity"] = (backbone, _) => new SimilarityHead(backbone.HiddenSize),
    };

    public static TheoryData<string, string> Heads =>
    [
        .. TinyBackbone.Names.Select(name => (name, "joint")),
        .. Apart.Keys.Select(head => ("bert-tiny", head)),
    ];

    [Theory]
    [MemberData(nameof(Heads))]
    public void It_starts_at_the_logits_of_the_probe_under_strategies_that_change_nothing_at_first(string name, string head)
    {
        var tiny = new TinyBackbone(name);
        using var backbone = tiny.Load();
        using var scope = NewDisposeScope();
        var input = Pair(tiny);
        var (start, wanted) = Probe(backbone, head, input);
        using var noGrad = no_grad();
        foreach (var plan in (TuningPlan[])[new TuningPlan.Sized(null, []), tiny.Solve(backbone, Design.Uniform(new("lora"), backbone.Layers.Count), StrategyRegistry.Default)])
        {
            using var model = Attach(backbone, head, plan);
            Assert.NotEqual(wanted, TinyBackbone.Numbers(model.Logits(input)));
            model.StartHead(start);
            var given = TinyBackbone.Numbers(model.Logits(input));
            Assert.Equal(wanted.Length, given.Length);
            for (var at = 0; at < wanted.Length; at++) Assert.Equal(wanted[at], given[at], 1e-5f);
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Gradients_reach_every_parameter_from_the_probe(string name, string head)
    {
        var tiny = new TinyBackbone(name);
        using var backbone = tiny.Load();
        using var scope = NewDisposeScope();
        var input = Pair(tiny);
        using var model = Attach(backbone, head, new TuningPlan.Sized(null, []));
        model.StartHead(Probe(backbone, head, input).Start);
        var logits = model.Logits(input);
        (logits * randn_like(logits)).sum().backward();
        Assert.All(model.Parameters.Parameters, parameter => Assert.Contains(TinyBackbone.Numbers(parameter.Value.grad!), number => number != 0));
    }

    [Fact]
    public void Values_of_another_head_are_refused()
    {
        using var backbone = TinyBert.Load();
        using var model = Attach(backbone, "similarity", new TuningPlan.Sized(null, []));
        Assert.Contains("'classifier.weight'", Assert.Throws<ArgumentException>(() => model.StartHead(new(new Dictionary<string, float[]> { ["classifier.weight"] = [1] }))).Message);
        Assert.Throws<ArgumentException>(() => model.StartHead(new(new Dictionary<string, float[]> { ["similarity.scale"] = [1, 2] })));
    }

    // a linear map that is drawn in place of one that is solved, and what it gives on the features that it is asked for
    private static (HeadValues Start, float[] Wanted) Probe(IBackbone backbone, string head, ModelInput input)
    {
        using var noGrad = no_grad();
        using var model = Attach(backbone, head, new TuningPlan.Sized(null, []));
        float[]? wanted = null;
        var start = model.StartOfHead(model.Features(input), features =>
        {
            using var generator = new Generator(5, CPU);
            var outputs = head == "similarity" ? 1 : TinyBackbone.Outputs;
            var map = new LinearMap(randn([outputs, features.shape[1]], generator: generator) * 0.2, randn([outputs], generator: generator));
            wanted = TinyBackbone.Numbers(nn.functional.linear(features, map.Weight, map.Bias));
            return map;
        });
        return (start, wanted!);
    }

    private static TunedModel Attach(IBackbone backbone, string head, TuningPlan plan) => TunedModel.Create(backbone, plan, StrategyRegistry.Default,
        random => Apart.TryGetValue(head, out var make) ? make(backbone, random) : backbone.MakeJointHead(TinyBackbone.Outputs, random), seed: 1);

    private static ModelInput Pair(TinyBackbone tiny)
    {
        var batch = tiny.Batch();
        return new(batch, new(batch.Ids.flip(0), batch.Mask.flip(0), batch.TypeIds?.flip(0)));
    }
}
