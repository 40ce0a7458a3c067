using Spindle.Data.Tasks;
using Spindle.Data.Templates;
using Spindle.Data.Text;
using Spindle.Models.Backbones;
using Spindle.Models.Generation;
using Spindle.Search.Studies;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;

namespace Spindle.Training.Tuned;

/// <summary>How a described model reads a task's rows and what it is trained to say of them.</summary>
/// <param name="Encoder">Turns rows into token ids.</param>
/// <param name="Objective">The loss, and the predictions.</param>
internal sealed record TaskReading(IExampleEncoder Encoder, IObjective Objective)
{
    /// <summary>The reading of a description.</summary>
    /// <param name="description">What the model is.</param>
    /// <param name="backbone">Its backbone.</param>
    /// <param name="folder">The backbone's folder.</param>
    /// <param name="tokenizers">What it reads and writes in.</param>
    /// <exception cref="InvalidDataException">It is to write, and the backbone cannot, or its folder says how in a way that is not followed.</exception>
    public static TaskReading Of(TunedDescription description, IBackbone backbone, string folder, TokenizerPair tokenizers)
    {
        if (description.Writing is not { } writing)
            return new(
                new ExampleEncoder(tokenizers.Source, description.MaxLength, description.Head == HeadKind.SentenceEncoder, backbone.VocabularySize),
                new LabelObjective(LabelLogits.Of(description.Task), tokenizers.Source.PaddingId));
        var template = TextTemplates.Of(description.Task, prefixed: backbone.Family.UsesTaskPrefixes);
        var generation = GenerationDefaults.Read(folder, (ISequenceToSequence)backbone);
        var longest = (int)Math.Min(writing.MaxLength + 1L, backbone.MaximumLength); // the start token counts
        generation = generation with
        {
            MaximumLength = longest,
            // how long and how varied a text is to be is no matter of a label
            MinimumLength = description.Task.Kind == TaskKind.TextToText ? Math.Min(generation.MinimumLength, longest) : 0,
            NoRepeatNgram = description.Task.Kind == TaskKind.TextToText ? generation.NoRepeatNgram : 0,
            Beams = writing.Beams,
            Sampling = null,
        };
        return new(
            new TextEncoder(template, tokenizers, description.MaxLength, Math.Min(writing.MaxLength, backbone.MaximumLength), backbone.VocabularySize),
            new TextObjective(template, tokenizers, generation));
    }

    /// <summary>Rows as token ids.</summary>
    public IReadOnlyList<EncodedExample> Encode(IReadOnlyList<Example> examples) => [.. examples.Select(Encoder.Encode)];
}
