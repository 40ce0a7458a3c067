using Spindle.Models.Backbones;

namespace Spindle.Models.Interop;

/// <summary>The class of HF transformers that a backbone is part of, as far as names of modules and files depend on it.</summary>
/// <param name="Name">The class.</param>
/// <param name="Prefix">What its modules' names put before the backbone's own.</param>
/// <param name="Task">HF peft's name for what it does, or null where there is none.</param>
internal sealed record ModelClass(string Name, string Prefix, string? Task)
{
    private const string Classification = "SEQ_CLS", Generation = "SEQ_2_SEQ_LM", Features = "FEATURE_EXTRACTION";

    /// <summary>The class with the family's own head over a sequence.</summary>
    /// <exception cref="InvalidDataException">There is none that computes what the backbone with such a head does.</exception>
    public static ModelClass OfClassifier(IBackbone backbone) => backbone switch
    {
        Bert when !backbone.Weights.Any(weight => weight.Name.StartsWith("pooler.", StringComparison.Ordinal)) =>
            throw new InvalidDataException($"{backbone.Shape.Name}: has no pooler, and every classifier of its family in HF transformers has one"),
        Bert => new("BertForSequenceClassification", "bert.", Classification),
        Roberta => new("RobertaForSequenceClassification", "roberta.", Classification),
        MPNet => new("MPNetForSequenceClassification", "mpnet.", Classification),
        Bart => new("BartForSequenceClassification", "model.", Classification),
        T5 => new("T5ForSequenceClassification", "transformer.", Classification),
        _ => throw Unknown(backbone),
    };

    /// <summary>The class without a head of its own: the one that writes, or the bare encoder.</summary>
    public static ModelClass OfBackbone(IBackbone backbone) => backbone switch
    {
        Bert => new("BertModel", "", Features),
        Roberta => new("RobertaModel", "", Features),
        MPNet => new("MPNetModel", "", Features),
        Bart => new("BartForConditionalGeneration", "model.", Generation),
        T5 => new("T5ForConditionalGeneration", "", Generation),
        _ => throw Unknown(backbone),
    };

    private static InvalidDataException Unknown(IBackbone backbone) =>
        new($"{backbone.Shape.Name}: is of a family whose classes in HF transformers are not known here");
}
