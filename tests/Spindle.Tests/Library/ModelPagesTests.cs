using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Generation;
using Spindle.Models.Interop;
using Spindle.Models.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Tests.Library;

/// <summary>The code on <c>docs/how-to/interop.md</c> and <c>docs/reference/generation.md</c>.</summary>
public sealed class ModelPagesTests
{
    [Theory]
    [InlineData("how-to/interop.md")]
    [InlineData("reference/generation.md")]
    public void The_examples_are_those_of_the_page(string page) => PageExamples.RequireIn(page, "ModelPagesTests.cs", fewest: 1);

    [Fact]
    public void A_folder_of_peft_is_attached_to_its_backbone()
    {
        var folder = SharedFiles.Fixture("peft", "roberta-tiny--lora");
        using var backbone = BackboneCatalogue.Load(SharedFiles.Fixture("models", "roberta-tiny"), new());
        using var content = PeftFolder.Read(folder, backbone);       // sized strategies, options and values, under Spindle's names
        var registry = StrategyRegistry.Default.Configure(content.Strategies);
        var outputs = content.OutputsOf(backbone.Family)!.Value;
        using var model = TunedModel.Create(backbone, content.Plan, registry, random => backbone.MakeJointHead(outputs, random), seed: 0);
        content.CopyTo(model);
        var (name, stored) = content.Head.First();
        using var same = model.Parameters.Parameters.First(parameter => parameter.Name == name).Value.eq(stored).all();
        Assert.True(same.ToBoolean(), name);
    }

    [Fact]
    public void An_encoder_decoder_generates_text()
    {
        var folder = SharedFiles.Fixture("models", "bart-tiny");
        const int rows = 2;
        var stop = TestContext.Current.CancellationToken;
        using var ids = tensor(new long[,] { { 0, 5, 6, 2 }, { 0, 7, 2, 1 } });
        using var mask = ids.ne(1);
        var source = new TokenBatch(ids, mask, null);
        using var backbone = (ISequenceToSequence)BackboneCatalogue.Load(folder, new());
        var options = GenerationDefaults.Read(folder, backbone) with { MaximumLength = 62 };
        using var decoder = new SequenceDecoder(backbone, source);                 // source: ids and mask, [batch, sequence]
        IReadOnlyList<int[]> texts = TokenGenerator.Generate(decoder, rows, options, stop);
        Assert.Equal(rows, texts.Count);
        Assert.All(texts, text => Assert.InRange(text.Length, 2, 62));
    }
}
