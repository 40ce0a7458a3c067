using System.Text.Json;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Prefix;
using Spindle.Models.Tuning.Prompt;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Conformance.Models;

/// <summary>Prompts and prefixes that HF peft trained give its logits, loss and gradients.</summary>
public class PrefixParityTests
{
    private const double OutputTolerance = 1e-4;
    private const double GradientTolerance = 1e-3;

    public static TheoryData<string> Cases() =>
    [
        .. SharedFiles.FixtureNames("peft").Where(name => name.Split("--") is [_, "prompt" or "prefix" or "prefix-projection"]).DefaultIfEmpty("absent"),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trained_vectors_give_the_references_logits_loss_and_gradients(string name)
    {
        var folder = SharedFiles.Fixture("peft", name);
        var model = FixtureModel.Folder(name.Split("--")[0]);
        using var scope = NewDisposeScope();
        using var backbone = BackboneCatalogue.Load(model, new());
        using var inputs = SafetensorsFile.Open(Path.Combine(model, "expected.safetensors"));
        using var expected = SafetensorsFile.Open(SharedFiles.Fixture("peft", name, "expected.safetensors"));
        using var trained = SafetensorsFile.Open(Path.Combine(folder, "adapter_model.safetensors"));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "adapter_config.json")));
        var length = json.RootElement.GetProperty("num_virtual_tokens").GetInt32();
        var vectors = trained.Read("prompt_embeddings");
        using var random = new InitialValues(0);
        var sequence = backbone as ISequenceToSequence;
        var prompt = name.EndsWith("--prompt", StringComparison.Ordinal);
        ITuningStrategy strategy = prompt ? new PromptStrategy() : new PrefixStrategy(new()
        {
            Places = [sequence is null ? AttentionPlace.EncoderSelf : AttentionPlace.DecoderSelf],
            Positions = PrefixPositions.Before,
        });
        var attachments = (prompt ? backbone.Layers.Take(1) : backbone.Layers)
            .Select((layer, index) => strategy.Attach(new(layer, $"{index}", length, random))).ToArray();
        var labels = inputs.Read("labels");
        var head = sequence is null ? backbone.MakeJointHead((int)expected.Tensors["logits"].Shape[1], random) : null;
        using var buffer = new ParameterBuffer([.. attachments.SelectMany(attachment => attachment.Parameters), .. head?.Parameters ?? []], CPU);
        using (no_grad())
        {
            foreach (var parameter in head?.Parameters ?? []) parameter.Value.copy_(trained.Read($"base_model.{parameter.Name}"));
            foreach (var parameter in attachments.SelectMany(attachment => attachment.Parameters)) parameter.Value.copy_(PartOf(vectors, parameter.Name));
        }

        var batch = new TokenBatch(inputs.Read("input_ids"), inputs.Read("attention_mask"), null);
        var logits = head?.Logits(backbone, new(batch, null))
            ?? sequence!.LanguageLogits(sequence.Decode(sequence.Tokens.ShiftRight(labels), sequence.EncodeSource(batch)[^1], batch.Mask)[^1]);
        AssertNear(expected.Read("logits"), logits, OutputTolerance, "logits");
        var loss = head is null ? nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index: -100) : nn.functional.cross_entropy(logits, labels);
        AssertNear(expected.Read("loss").squeeze(), loss, OutputTolerance, "loss");
        loss.backward();

        // what several layers read of one vector adds up
        var gradient = zeros_like(vectors);
        foreach (var parameter in attachments.SelectMany(attachment => attachment.Parameters)) PartOf(gradient, parameter.Name).add_(parameter.Value.grad!);
        if (expected.Tensors.ContainsKey("grad.prompt_encoder.default.transform.2.bias"))
            (gradient, vectors) = (gradient.sum([0L]), expected.Read("grad.prompt_encoder.default.transform.2.bias")); // of the network's last bias: a position's is every position's
        else vectors = expected.Read("grad.prompt_encoder.default.embedding.weight");
        AssertNear(vectors, gradient, GradientTolerance * vectors.abs().max().ToDouble(), "gradient of the vectors");

        // the reference cuts its keys and values, doubled for an encoder-decoder, into four a layer and reads the first two of these
        Tensor PartOf(Tensor all, string parameter)
        {
            if (prompt) return all.narrow(0, 0, length);
            var width = backbone.Layers[0].Blocks[0].Attentions[0].Shape.InnerSize;
            var layer = int.Parse(parameter.Split('.')[0]);
            var at = (sequence is null ? 2 : 4) * layer + (parameter.EndsWith(".value", StringComparison.Ordinal) ? 1 : 0);
            return all.narrow(1, at * width % all.shape[1], width);
        }
    }

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: [{string.Join(", ", actual.shape)}] for [{string.Join(", ", expected.shape)}]");
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= tolerance, $"{what}: off by {difference:G3}, where {tolerance:G3} is allowed");
    }
}
