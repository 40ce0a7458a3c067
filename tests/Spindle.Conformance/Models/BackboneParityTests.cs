using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning.Full;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Conformance.Models;

/// <summary>Every checkpoint under the fixtures' <c>models</c> whose family exists computes what HF transformers computes.</summary>
public class BackboneParityTests
{
    private const double OutputTolerance = 1e-4;
    private const double GradientTolerance = 1e-3;

    public static TheoryData<string> Folders() => [.. SharedFiles.FixtureNames("models").DefaultIfEmpty("absent")];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Hidden_states_logits_loss_and_gradients_equal_those_of_transformers(string name)
    {
        var folder = FixtureModel.Folder(name);
        using var scope = NewDisposeScope();
        using var expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        using var backbone = BackboneCatalogue.Load(folder, new() { Dropout = 0 });
        var batch = new TokenBatch(expected.Read("input_ids"), expected.Read("attention_mask"),
            expected.Tensors.ContainsKey("token_type_ids") ? expected.Read("token_type_ids") : null);
        var labels = expected.Read("labels");
        var wanted = expected.Read("logits");
        using var full = FullTuning.Attach(backbone);
        using var random = new InitialValues(0);
        var head = labels.dim() == 1 ? backbone.MakeJointHead((int)wanted.shape[1], random) : null;
        using var buffer = new ParameterBuffer([.. full.Parameters, .. head?.Parameters ?? []], CPU);

        var real = batch.Mask.unsqueeze(-1).to(ScalarType.Float32);
        if (backbone is ISequenceToSequence sequence)
        {
            var target = sequence.Tokens.ShiftRight(head is null ? labels : batch.Ids);
            var source = sequence.EncodeSource(batch);
            AssertStates(expected, expected.Tensors.ContainsKey("encoder_hidden.0") ? "encoder_hidden" : "hidden", source, real);
            AssertStates(expected, "decoder_hidden", sequence.Decode(target, source[^1], batch.Mask), null);
        }
        else
        {
            AssertStates(expected, "hidden", backbone.EncodeAll(batch), real);
        }

        if (head is not null) LoadHead(folder, head);
        var logits = head?.Logits(backbone, new(batch, null)) ?? LanguageLogits((ISequenceToSequence)backbone, batch, labels);
        AssertNear(wanted, logits, OutputTolerance, "logits");
        var loss = labels.is_floating_point() ? nn.functional.mse_loss(logits.squeeze(-1), labels)
            : head is not null ? nn.functional.cross_entropy(logits, labels)
            : nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index: -100);
        AssertNear(expected.Read("loss").squeeze(), loss, OutputTolerance, "loss");

        loss.backward();
        var gradients = expected.Tensors.Keys.Where(key => key.StartsWith("grad.", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(gradients);
        foreach (var key in gradients)
        {
            var parameter = buffer.Parameters.Single(parameter => key.EndsWith("." + parameter.Name, StringComparison.Ordinal));
            var want = expected.Read(key);
            AssertNear(want, parameter.Value.grad!, GradientTolerance * want.abs().max().ToDouble(), key);
        }
    }

    [Fact]
    public void The_real_minilm_gives_the_reference_states_of_real_sentences()
    {
        var path = SharedFiles.Fixture("real", "minilm-l6.safetensors");
        var folder = SharedFiles.BesideFixtures("models", "minilm-l6");
        using var scope = NewDisposeScope();
        using var expected = SafetensorsFile.Open(path);
        using var backbone = BackboneCatalogue.Load(folder, new());
        var states = backbone.EncodeAll(new(expected.Read("input_ids"), expected.Read("attention_mask"), expected.Read("token_type_ids")));
        for (var index = 0; index < states.Count; index++)
            AssertNear(expected.Read($"first_token.{index}"), states[index].select(1, 0), OutputTolerance, $"first token of state {index}");
        AssertNear(expected.Read("pooled"), backbone.Pool(states[^1], new(expected.Read("input_ids"), expected.Read("attention_mask"), null)), OutputTolerance, "pooled");
    }

    private static Tensor LanguageLogits(ISequenceToSequence backbone, TokenBatch batch, Tensor labels) =>
        backbone.LanguageLogits(backbone.Decode(backbone.Tokens.ShiftRight(labels), backbone.EncodeSource(batch)[^1], batch.Mask)[^1]);

    // padded positions are nobody's business
    private static void AssertStates(SafetensorsFile expected, string name, IReadOnlyList<Tensor> states, Tensor? real)
    {
        Assert.Equal(expected.Tensors.Keys.Count(key => key.StartsWith(name + ".", StringComparison.Ordinal)), states.Count);
        for (var index = 0; index < states.Count; index++)
        {
            var wanted = expected.Read($"{name}.{index}");
            AssertNear(real is null ? wanted : wanted * real, real is null ? states[index] : states[index] * real, OutputTolerance, $"{name}.{index}");
        }
    }

    private static void LoadHead(string folder, ISequenceHead head)
    {
        using var weights = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        using var noGrad = no_grad();
        foreach (var parameter in head.Parameters) parameter.Value.copy_(weights.Read(parameter.Name));
    }

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: [{string.Join(", ", actual.shape)}] for [{string.Join(", ", expected.shape)}]");
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= tolerance, $"{what}: off by {difference:G3}, where {tolerance:G3} is allowed");
    }
}
