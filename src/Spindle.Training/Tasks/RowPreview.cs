using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Training.Batches;
using Spindle.Training.Settings;
using Spindle.Training.Specification;

namespace Spindle.Training.Tasks;

/// <summary>Shows rows as models on a backbone see them, without reading weights.</summary>
public sealed class RowPreview : IDisposable
{
    private readonly IBackbone backbone;
    private readonly SpecificationBuilder specifications;

    /// <summary>Looks up a backbone and its tokenizer.</summary>
    /// <param name="backboneName">An embedded backbone's name, a downloaded repository's name, or a folder in the Hub's layout.</param>
    /// <param name="settings">The training settings, of which the head and the longest sequence matter here.</param>
    /// <param name="layers">How the layers of an encoder-decoder are numbered.</param>
    /// <exception cref="DirectoryNotFoundException">The backbone does not exist.</exception>
    /// <exception cref="FileNotFoundException">The backbone's folder has no tokenizer.</exception>
    /// <exception cref="InvalidDataException">The backbone is of an unknown family, or its tokenizer cannot be read.</exception>
    public RowPreview(string backboneName, TrainingSettings settings, LayerNumbering layers = LayerNumbering.Paired)
    {
        var folder = BackboneFolder.Locate(backboneName);
        var tokenizers = TextTokenizers.LoadPair(folder);
        backbone = BackboneCatalogue.Outline(folder, new() { Layers = layers });
        specifications = new(backboneName, settings, layers, backbone, folder, tokenizers);
    }

    /// <summary>The name of the backbone.</summary>
    public string Backbone => backbone.Shape.Name;

    /// <summary>The longest sequence in tokens: the setting, or the backbone's limit if that is smaller.</summary>
    public int MaxLength => specifications.MaxLength;

    /// <summary>Returns a function that turns a task's rows into tokens.</summary>
    /// <param name="task">The task.</param>
    /// <exception cref="InvalidDataException">The head or the backbone cannot answer the task.</exception>
    public Func<Example, RowTokens> CreateTokenizer(TaskDefinition task)
    {
        var specification = specifications.Of(task, new TuningPlan.Full());
        var (cut, whole) = (specifications.PipelineOf(specification).Encoder, specifications.PipelineOf(specification with { MaxLength = int.MaxValue }).Encoder);
        return example =>
        {
            var row = cut.Encode(example);
            var target = row.Reference is { } text ? specifications.Tokenizers.Target.Encode(text, null, int.MaxValue).Ids.Length : 0;
            return new(
                Tokens(row.First, specifications.Tokenizers.Source)!,
                Tokens(row.Second, specifications.Tokenizers.Source),
                row.Target is null ? null : [.. row.Target.Select(id => TokenOf(specifications.Tokenizers.Target, id))],
                SourceLength(whole.Encode(example)) - SourceLength(row),
                target - (row.Target?.Length ?? target));
        };
    }

    /// <inheritdoc/>
    public void Dispose() => backbone.Dispose();

    private static int SourceLength(EncodedExample row) => row.First.Ids.Length + (row.Second?.Ids.Length ?? 0);

    private static string[]? Tokens(Encoding? sequence, ITextTokenizer tokenizer) =>
        sequence is null ? null : [.. sequence.Ids.Select(id => TokenOf(tokenizer, id))];

    private static string TokenOf(ITextTokenizer tokenizer, int id) => tokenizer.TokenOf(id) ?? $"#{id}";
}

/// <summary>A row as a model sees it.</summary>
/// <param name="First">The tokens of the sequence, or of the first sentence.</param>
/// <param name="Second">The tokens of the second sentence if it is encoded separately; null otherwise.</param>
/// <param name="Target">The tokens of the target text; null if there is none.</param>
/// <param name="Cut">The number of input tokens that are cut off.</param>
/// <param name="TargetCut">The number of target tokens that are cut off.</param>
public sealed record RowTokens(IReadOnlyList<string> First, IReadOnlyList<string>? Second, IReadOnlyList<string>? Target, int Cut, int TargetCut)
{
    /// <summary>The number of input tokens.</summary>
    public int Length => First.Count + (Second?.Count ?? 0);
}
