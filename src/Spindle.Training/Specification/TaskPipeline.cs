using Spindle.Data.Tasks;
using Spindle.Data.Templates;
using Spindle.Data.Text;
using Spindle.Models.Backbones;
using Spindle.Models.Generation;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;

namespace Spindle.Training.Specification;

/// <summary>How a specified model reads a task's rows, and its training objective.</summary>
/// <param name="Encoder">Turns rows into token ids.</param>
/// <param name="Objective">The loss, and the predictions.</param>
internal sealed record TaskPipeline(IExampleEncoder Encoder, IObjective Objective)
{
    /// <summary>Creates the pipeline of a specification.</summary>
    /// <param name="specification">The specification of the model.</param>
    /// <param name="backbone">The model's backbone.</param>
    /// <param name="folder">The backbone's folder.</param>
    /// <param name="tokenizers">The tokenizers of sources and targets.</param>
    /// <exception cref="InvalidDataException">The longest sequence is too short for the task; or the model must generate text, but the backbone cannot, or its folder has generation settings that are not supported.</exception>
    public static TaskPipeline Of(ModelSpecification specification, IBackbone backbone, string folder, TokenizerPair tokenizers)
    {
        SequenceLimits.RequireLongEnough(specification.MaxLength, tokenizers.Source, specification.Task, specification.Head, backbone.Shape.Name);
        if (specification.Generation is not { } settings)
            return new(
                new ExampleEncoder(tokenizers.Source, specification.MaxLength, specification.Head.IsSentenceEncoder(), backbone.VocabularySize),
                new LabelObjective(LabelLogits.Of(specification.Task), tokenizers.Source.PaddingId));
        var template = TextTemplates.Of(specification.Task, prefixed: backbone.Family.UsesTaskPrefixes);
        var generation = GenerationDefaults.Read(folder, (ISequenceToSequence)backbone);
        var longest = (int)Math.Min(settings.MaxLength + 1L, backbone.MaximumLength); // the start token counts
        generation = generation with
        {
            MaximumLength = longest,
            // labels do not use the checkpoint's settings for the length and variety of texts
            MinimumLength = specification.Task.Kind == TaskKind.TextToText ? Math.Min(generation.MinimumLength, longest) : 0,
            NoRepeatNgram = specification.Task.Kind == TaskKind.TextToText ? generation.NoRepeatNgram : 0,
            Beams = settings.Beams,
            Sampling = null,
        };
        return new(
            new TextEncoder(template, tokenizers, specification.MaxLength, Math.Min(settings.MaxLength, backbone.MaximumLength), backbone.VocabularySize),
            new TextObjective(template, tokenizers, generation));
    }

    /// <summary>Rows as token ids.</summary>
    public IReadOnlyList<EncodedExample> Encode(IReadOnlyList<Example> examples) => [.. examples.Select(Encoder.Encode)];
}
