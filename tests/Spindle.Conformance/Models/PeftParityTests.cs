using System.Text.RegularExpressions;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using Spindle.Models.Interop;
using Spindle.Models.Parameters;
using Spindle.Models.Peft;
using Spindle.Models.Tuning;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Conformance.Models;

/// <summary>Folders that HF peft wrote, read by their own configuration and weights, give its logits, loss and gradients, merged too; written again they hold what they held.</summary>
public sealed partial class PeftParityTests : IDisposable
{
    private const double OutputTolerance = 1e-4;
    private const double GradientTolerance = 1e-3;
    private const int Ignored = -100;

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("spindle-peft-");

    public static TheoryData<string> Cases() => [.. SharedFiles.FixtureNames("peft").DefaultIfEmpty("absent")];

    public void Dispose() => temporary.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_folder_gives_the_references_logits_loss_and_gradients(string name)
    {
        var (folder, model) = (SharedFiles.Fixture("peft", name), FixtureModel.Folder(name.Split("--")[0]));
        using var expected = SafetensorsFile.Open(SharedFiles.Fixture("peft", name, "expected.safetensors"));
        using var scope = NewDisposeScope();
        using var backbone = Load(model);
        using var content = PeftFolder.Read(folder, backbone);
        using var tuned = Attach(backbone, content);
        using var inputs = SafetensorsFile.Open(Path.Combine(model, "expected.safetensors"));
        var labels = inputs.Read("labels");

        var logits = Logits(backbone, tuned, inputs);
        AssertNear(expected.Read("logits"), logits, OutputTolerance, "logits");
        var loss = content.OutputsOf(backbone.Family) is null
            ? nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index: Ignored)
            : nn.functional.cross_entropy(logits, labels);
        AssertNear(expected.Read("loss").squeeze(), loss, OutputTolerance, "loss");
        loss.backward();
        if (content.Values.Count > 0 && !expected.Tensors.ContainsKey("grad.prompt_encoder.default.embedding.weight")) AssertGradients(backbone, content, tuned, expected);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_merged_checkpoint_gives_the_references_merged_logits(string name)
    {
        var (folder, model) = (SharedFiles.Fixture("peft", name), FixtureModel.Folder(name.Split("--")[0]));
        using var expected = SafetensorsFile.Open(SharedFiles.Fixture("peft", name, "expected.safetensors"));
        Assert.SkipUnless(expected.Tensors.ContainsKey("merged_logits"), "the reference does not merge it");
        using var scope = NewDisposeScope();
        var merged = Path.Combine(temporary.FullName, "merged");
        int? outputs;
        using (var backbone = Load(model))
        using (var content = PeftFolder.Read(folder, backbone))
        using (var tuned = Attach(backbone, content))
        {
            outputs = content.OutputsOf(backbone.Family);
            MergedCheckpoint.Write(merged, model, backbone, tuned, outputs is { } count ? new([.. Enumerable.Range(0, count).Select(label => $"label {label}")], false) : null);
        }
        using var plain = Load(merged);
        using var bare = TunedModel.Create(plain, new TuningPlan.Sized(null, []), StrategyRegistry.Default, Head(plain, outputs), 0);
        if (outputs is not null) CheckpointHead.Read(merged, new Parameters(bare));
        using var inputs = SafetensorsFile.Open(Path.Combine(model, "expected.safetensors"));
        AssertNear(expected.Read("merged_logits"), Logits(plain, bare, inputs), OutputTolerance, "merged logits");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_folder_that_was_read_and_written_holds_what_it_held(string name)
    {
        var folder = SharedFiles.Fixture("peft", name);
        var again = Path.Combine(temporary.FullName, "again");
        using var scope = NewDisposeScope();
        using var backbone = Load(FixtureModel.Folder(name.Split("--")[0]));
        using var content = PeftFolder.Read(folder, backbone);
        var config = PeftConfig.Read(folder);
        PeftFolder.Write(again, content, backbone, config.BaseModel!);

        var written = PeftConfig.Read(again);
        Assert.Equal((config.PeftType, config.TaskType, config.BaseModel), (written.PeftType, written.TaskType, written.BaseModel));
        using (var before = SafetensorsFile.Open(Path.Combine(folder, "adapter_model.safetensors")))
        using (var after = SafetensorsFile.Open(Path.Combine(again, "adapter_model.safetensors")))
        {
            Assert.Equal(before.Tensors.Keys.Order(StringComparer.Ordinal), after.Tensors.Keys.Order(StringComparer.Ordinal));
            foreach (var (tensor, entry) in before.Tensors)
            {
                Assert.Equal(entry.Shape, after.Tensors[tensor].Shape);
                // of a prompt's or a prefix's table a part is never read
                if (tensor != "prompt_embeddings") Assert.True(before.Read(tensor).eq(after.Read(tensor)).all().ToBoolean(), tensor);
            }
        }
        using var same = PeftFolder.Read(again, backbone);
        Assert.Equal(content.Layers, same.Layers);
        Assert.Equal(content.Strategies, same.Strategies);
        Assert.Equal(content.Values.Keys.Order(), same.Values.Keys.Order());
        foreach (var (parameter, value) in content.Values) Assert.True(value.eq(same.Values[parameter]).all().ToBoolean(), parameter);
    }

    // one layer after the other: a folder may tune the stacks differently
    private static IBackbone Load(string folder) => BackboneCatalogue.Load(folder, new() { Layers = LayerNumbering.Sequential });

    private static TunedModel Attach(IBackbone backbone, TunedContent content)
    {
        var model = TunedModel.Create(backbone, content.Plan, StrategyRegistry.Default.Configure(content.Strategies), Head(backbone, content.OutputsOf(backbone.Family)), 0);
        content.CopyTo(model);
        return model;
    }

    private static Func<InitialValues, ISequenceHead> Head(IBackbone backbone, int? outputs) =>
        random => outputs is { } count ? backbone.MakeJointHead(count, random) : new LanguageHead();

    private static Tensor Logits(IBackbone backbone, TunedModel model, SafetensorsFile inputs)
    {
        var batch = new TokenBatch(inputs.Read("input_ids"), inputs.Read("attention_mask"), null);
        return model.Logits(new(batch, null) { Target = model.HeadParameters > 0 ? null : inputs.Read("labels") });
    }

    // gradients written as if they were values have the reference's names
    private void AssertGradients(IBackbone backbone, TunedContent content, TunedModel model, SafetensorsFile expected)
    {
        var gradients = model.Parameters.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.grad!.clone());
        var folder = Path.Combine(temporary.FullName, "gradients");
        PeftFolder.Write(folder, content with
        {
            Values = content.Values.Keys.ToDictionary(parameter => parameter, parameter => gradients[parameter]),
            Head = content.Head.Keys.ToDictionary(parameter => parameter, parameter => gradients[parameter]),
        }, backbone, "backbone");
        using var file = SafetensorsFile.Open(Path.Combine(folder, "adapter_model.safetensors"));
        string[] references = [.. expected.Tensors.Keys.Where(key => key.StartsWith("grad.", StringComparison.Ordinal))];
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var wanted = expected.Read(reference);
            AssertNear(wanted, file.Read(NameInFile(reference)), GradientTolerance * wanted.abs().max().ToDouble(), reference);
        }
    }

    // in memory the reference puts its adapter's name into a parameter's, and a module around a magnitude
    private static string NameInFile(string gradient) =>
        Adapter().Replace(gradient["grad.".Length..], "").Replace("lora_magnitude_vector.weight", "lora_magnitude_vector", StringComparison.Ordinal);

    [GeneratedRegex(@"(\.modules_to_save)?\.default(?=\.|$)")]
    private static partial Regex Adapter();

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: [{string.Join(", ", actual.shape)}] for [{string.Join(", ", expected.shape)}]");
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= tolerance, $"{what}: off by {difference:G3}, where {tolerance:G3} is allowed");
    }

    // a model's head, to be filled
    private sealed class Parameters(TunedModel model) : ISequenceHead
    {
        public string Name => model.Head;

        IReadOnlyList<TrainedParameter> ISequenceHead.Parameters => model.Parameters.Parameters;

        public Tensor Logits(IBackbone backbone, ModelInput input) => model.Logits(input);
    }
}
