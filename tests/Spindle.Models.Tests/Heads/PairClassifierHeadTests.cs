using System.Text.Json.Nodes;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Heads;

public sealed class PairClassifierHeadTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-pairs-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Its_features_are_those_of_a_sentence_encoder_and_the_cosine_times_the_root_of_half_the_hidden_size()
    {
        using var backbone = TinyBert.Load();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var input = Pair();
        var (features, others) = (Features(backbone, pairs: true), Features(backbone, pairs: false));
        var hidden = backbone.HiddenSize;
        Assert.Equal([input.First.Ids.shape[0], 4 * hidden + 1], features.shape);
        Assert.Equal(TinyBert.Numbers(others), TinyBert.Numbers(features.narrow(1, 0, 4 * hidden)));
        var (u, v) = (others.narrow(1, 0, hidden), others.narrow(1, hidden, hidden));
        var cosines = TinyBert.Numbers((u * v).sum(1) / (u.norm(1) * v.norm(1)));
        var last = TinyBert.Numbers(features.narrow(1, 4 * hidden, 1));
        for (var row = 0; row < last.Length; row++) Assert.Equal(Math.Sqrt(hidden / 2.0) * cosines[row], last[row], 1e-4);

        Tensor Features(IBackbone of, bool pairs)
        {
            using var model = pairs
                ? Attach(of)
                : TunedModel.Create(of, new TuningPlan.Sized(null, []), StrategyRegistry.Default, random => new SentenceEncoderHead(of.HiddenSize, 2, pairs: true, random), seed: 1);
            return model.Features(input);
        }
    }

    [Fact]
    public void The_probe_reads_half_as_many_cosines_as_the_hidden_size_and_their_weights_are_added_up()
    {
        using var backbone = TinyBert.Load();
        using var model = Attach(backbone);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (hidden, features) = (backbone.HiddenSize, model.Features(Pair()));
        var start = model.StartOfHead(features, read =>
        {
            Assert.Equal(4 * hidden + hidden / 2, read.shape[1]);
            for (var copy = 0; copy < hidden / 2; copy++)
                Assert.Equal(TinyBert.Numbers(features.narrow(1, 4 * hidden, 1)), TinyBert.Numbers(read.narrow(1, 4 * hidden + copy, 1)));
            return new(ones(TinyBert.Outputs, read.shape[1]), zeros(TinyBert.Outputs));
        });
        Assert.Equal([.. Enumerable.Repeat(1f, 4 * hidden), hidden / 2], start.Values["classifier.weight"][..(4 * hidden + 1)]);
        Assert.Equal(TinyBert.Outputs * (4 * hidden + 1), start.Values["classifier.weight"].Length);
    }

    [Fact]
    public void Dropout_leaves_the_cosine()
    {
        using var backbone = Load(headDropout: 0.9);
        using var model = Attach(backbone);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var weights = zeros(TinyBert.Outputs, 4 * backbone.HiddenSize + 1);
        weights.narrow(1, 4 * backbone.HiddenSize, 1).copy_(ones(TinyBert.Outputs, 1));
        AssertSteady(weights, steady: true);
        AssertSteady(ones_like(weights), steady: false);

        void AssertSteady(Tensor weight, bool steady)
        {
            model.StartHead(HeadValues.Of(("classifier.weight", weight), ("classifier.bias", zeros(TinyBert.Outputs))));
            model.Training = false;
            var wanted = TinyBert.Numbers(model.Logits(Pair()));
            model.Training = true;
            var given = TinyBert.Numbers(model.Logits(Pair()));
            Assert.Equal(steady, wanted.Zip(given).All(pair => Math.Abs(pair.First - pair.Second) < 1e-4));
        }
    }

    [Fact]
    public void A_row_without_a_second_sentence_is_refused()
    {
        using var backbone = TinyBert.Load();
        using var model = Attach(backbone);
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => model.Logits(new(TinyBert.Batch(), null)));
    }

    private static TunedModel Attach(IBackbone backbone) => TunedModel.Create(
        backbone, new TuningPlan.Sized(null, []), StrategyRegistry.Default, random => new PairClassifierHead(backbone.HiddenSize, TinyBert.Outputs, random), seed: 1);

    // the fixture's rows beside themselves in reverse
    private static ModelInput Pair()
    {
        var batch = TinyBert.Batch();
        return new(batch, new(batch.Ids.flip(0), batch.Mask.flip(0), batch.TypeIds?.flip(0)));
    }

    // a copy whose hidden states have no dropout
    private IBackbone Load(double headDropout)
    {
        foreach (var file in Directory.EnumerateFiles(TinyBert.Folder)) File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        var path = Path.Combine(folder.FullName, "config.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        (json["attention_probs_dropout_prob"], json["hidden_dropout_prob"], json["classifier_dropout"]) = (0, 0, headDropout);
        File.WriteAllText(path, json.ToJsonString());
        return BackboneCatalogue.Load(folder.FullName, new());
    }
}
