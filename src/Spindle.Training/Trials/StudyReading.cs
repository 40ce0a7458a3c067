using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Search.Studies;
using Spindle.Training.Tuned;

namespace Spindle.Training.Trials;

/// <summary>How a study's models read its tasks: the head, the lengths, the tokens.</summary>
/// <param name="Study">The study.</param>
/// <param name="Backbone">Its backbone, of which no weight is looked at.</param>
/// <param name="Folder">The backbone's folder.</param>
/// <param name="Tokenizers">What it reads and writes in.</param>
internal sealed record StudyReading(Study Study, IBackbone Backbone, string Folder, TokenizerPair Tokenizers)
{
    /// <summary>A model of a task, nothing tuned.</summary>
    /// <exception cref="InvalidDataException">The task cannot be answered with the study's head or backbone.</exception>
    public TunedDescription Describe(TaskDefinition task)
    {
        var head = HeadOf(task);
        return new()
        {
            Backbone = Study.Backbone,
            Fingerprint = Backbone.Fingerprint,
            Head = head,
            Task = task,
            MaxLength = Math.Min(Study.Training.MaxLength, Backbone.MaximumLength),
            Writing = head == HeadKind.LanguageModel ? new(Study.Training.MaxTargetLength, Study.Training.Beams) : null,
            Numbering = Study.Space.Layers,
        };
    }

    /// <summary>How a described model reads.</summary>
    public TaskReading Of(TunedDescription description) => TaskReading.Of(description, Backbone, Folder, Tokenizers);

    private HeadKind HeadOf(TaskDefinition task)
    {
        var asked = Study.Training.Head;
        if (task.Kind == TaskKind.TextToText && asked is not (null or HeadKind.LanguageModel))
            throw new InvalidDataException($"task '{task.Name}' asks for a text, which a head over the hidden states cannot give; leave out 'head' or write 'head: language-model'");
        var head = asked
            ?? (task.Kind == TaskKind.TextToText || Backbone.Family.GeneratesByDefault ? HeadKind.LanguageModel : HeadDefaults.IsSentenceEncoder(Folder) ? HeadKind.SentenceEncoder : HeadKind.Joint);
        return head != HeadKind.LanguageModel || Backbone is ISequenceToSequence
            ? head
            : throw new InvalidDataException($"task '{task.Name}' is to be answered in writing, where {Backbone.Shape.Name} reads and does not write; use an encoder-decoder (BART, T5)");
    }
}
