using System.Text.RegularExpressions;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Generation;
using Spindle.Models.Interop;
using Spindle.Models.Tuning;
using Spindle.Tests.Checkpoints;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;
using static TorchSharp.torch;

namespace Spindle.Tests.Library;

/// <summary>The code on <c>docs/interop.md</c> and <c>docs/generation.md</c>: it stands here too, is compiled, and runs.</summary>
public sealed partial class ModelPagesTests : IDisposable
{
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("spindle-pages-");

    public static TheoryData<string> EncoderDecoders => TinyCheckpoint.Names(family => family is "bart" or "t5");

    public void Dispose() => temporary.Delete(recursive: true);

    [Theory]
    [InlineData("interop.md")]
    [InlineData("generation.md")]
    public void The_examples_are_those_of_the_page(string name)
    {
        var page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", name));
        var source = Lines(File.ReadAllText(Path.Combine(SharedFiles.Repository, "tests", "Spindle.Tests", "Library", "ModelPagesTests.cs")));
        string[] examples = [.. Example().Matches(page).Select(match => Code(match.Groups["code"].Value))];
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Contains(example, source, StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_of_interop_reads_an_exported_model()
    {
        var (tuned, folder) = (Path.Combine(temporary.FullName, "tuned"), Path.Combine(temporary.FullName, "peft"));
        var options = new TaskTrainingOptions("builtin/sentiment") { Training = new() { Epochs = 1, TrainLimit = 16, ValidationLimit = 16, Head = HeadKind.Joint }, Output = tuned };
        using (var training = TaskTraining.Prepare(options)) training.Run(stop: TestContext.Current.CancellationToken);
        TunedExport.Write(tuned, ExportFormat.HfPeft, folder);
        using var backbone = BackboneCatalogue.Load(options.Backbone, new());
        Interop();

        void Interop()
        {
            using var content = PeftFolder.Read(folder, backbone);
            var registry = StrategyRegistry.Default.Configure(content.Strategies);
            var outputs = content.OutputsOf(backbone.Family)!.Value;
            using var model = TunedModel.Create(backbone, content.Plan, registry, random => backbone.MakeJointHead(outputs, random), seed: 0);
            content.CopyTo(model);
            Assert.Equal(TunedFolder.Read(tuned).Layers, content.Plan.Layers);
        }
    }

    [Theory]
    [MemberData(nameof(EncoderDecoders))]
    public void The_example_of_generation_writes_a_text_for_each_row(string name)
    {
        const int rows = 2;
        using var checkpoint = new TinyCheckpoint(name);
        var folder = checkpoint.Folder;
        using var ids = tensor(new long[] { 5, 6, 7, 8, 9, 7 }, [rows, 3]);
        using var mask = ones(rows, 3, ScalarType.Int64);
        Generation(new(ids, mask, null));

        void Generation(TokenBatch source)
        {
            using var backbone = (ISequenceToSequence)BackboneCatalogue.Load(folder, new());
            var options = GenerationDefaults.Read(folder, backbone) with { MaximumLength = 62 };
            using var decoder = new SequenceDecoder(backbone, source);
            IReadOnlyList<int[]> texts = TokenGenerator.Generate(decoder, rows, options);
            Assert.Equal(rows, texts.Count);
        }
    }

    // lines without their indentation and the page's comments
    private static string Code(string text) => string.Join('\n', text.Split('\n').Select(line => line.Split("  //")[0].Trim())).Trim();

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();
}
