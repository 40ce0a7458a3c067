using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Search.Studies;
using Spindle.Training.Batches;

namespace Spindle.Training.Trials;

/// <summary>Shows rows as a study's models see them, without reading any weight.</summary>
public sealed class RowPreview : IDisposable
{
    private readonly IBackbone backbone;
    private readonly StudyReading reading;

    /// <summary>Looks up the study's backbone and its tokenizer.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such backbone.</exception>
    /// <exception cref="FileNotFoundException">The backbone's folder holds no tokenizer.</exception>
    /// <exception cref="InvalidDataException">The backbone is of an unknown family, or its tokenizer cannot be read.</exception>
    public RowPreview(Study study)
    {
        var folder = BackboneFolder.Locate(study.Backbone);
        var tokenizers = TextTokenizers.LoadPair(folder);
        backbone = BackboneCatalogue.Outline(folder, new() { Layers = study.Space.Layers });
        reading = new(study, backbone, folder, tokenizers);
    }

    /// <summary>The name of the backbone.</summary>
    public string Backbone => backbone.Shape.Name;

    /// <summary>The longest sequence in tokens: the study's, or what the backbone takes where that is less.</summary>
    public int MaxLength => Math.Min(reading.Study.Training.MaxLength, backbone.MaximumLength);

    /// <summary>What turns a task's rows into tokens.</summary>
    /// <param name="task">The task.</param>
    /// <exception cref="InvalidDataException">The study's models cannot answer the task.</exception>
    public Func<Example, RowTokens> Of(TaskDefinition task)
    {
        var description = reading.Describe(task);
        var (cut, whole) = (reading.Of(description).Encoder, reading.Of(description with { MaxLength = int.MaxValue }).Encoder);
        return example =>
        {
            var row = cut.Encode(example);
            var target = row.Reference is { } text ? reading.Tokenizers.Target.Encode(text, null, int.MaxValue).Ids.Length : 0;
            return new(
                Tokens(row.First, reading.Tokenizers.Source)!,
                Tokens(row.Second, reading.Tokenizers.Source),
                row.Target is null ? null : [.. row.Target.Select(id => TokenOf(reading.Tokenizers.Target, id))],
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
/// <param name="Second">The tokens of the second sentence where it is a sequence of its own; null otherwise.</param>
/// <param name="Target">The tokens to be written; null where nothing is.</param>
/// <param name="Cut">The tokens of what is read that are cut off.</param>
/// <param name="TargetCut">The tokens of what is to be written that are cut off.</param>
public sealed record RowTokens(IReadOnlyList<string> First, IReadOnlyList<string>? Second, IReadOnlyList<string>? Target, int Cut, int TargetCut)
{
    /// <summary>The tokens that are read.</summary>
    public int Length => First.Count + (Second?.Count ?? 0);
}
