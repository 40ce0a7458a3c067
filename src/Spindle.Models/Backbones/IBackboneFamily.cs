namespace Spindle.Models.Backbones;

/// <summary>One family of backbones, by <c>model_type</c> of <c>config.json</c>: how its checkpoints are read, and what other programs call its parts. A class
/// with a parameterless constructor in an assembly that <see cref="BackboneFamilies.Discover"/> looks through is found automatically.</summary>
public interface IBackboneFamily
{
    /// <summary>The value of <c>model_type</c>.</summary>
    string ModelType { get; }

    /// <summary>The prefix of weight names in a checkpoint of a whole model (<c>bert.</c>); a checkpoint of the bare backbone has none.</summary>
    string WeightPrefix { get; }

    /// <summary>Whether models answer every task with generated text unless a study asks for another head. Only for an <see cref="ISequenceToSequence"/>.</summary>
    bool GeneratesByDefault => false;

    /// <summary>Whether a source text starts with the name of its task (<c>summarize: </c>), because the backbone was pretrained so.</summary>
    bool UsesTaskPrefixes => false;

    /// <summary>The weights of a separate language-model output. A classifier has none of them, and their names never have a class's prefix.</summary>
    IReadOnlyList<string> OutputWeights => [];

    /// <summary>The buffers of the language-model output, which are never trained. Their names never have a class's prefix.</summary>
    IReadOnlyList<string> OutputBuffers => [];

    /// <summary>Whether its classes of HF transformers take the keys and values of earlier tokens, as HF peft's prefix tuning requires.</summary>
    bool TakesPastKeyValues => true;

    /// <summary>The class of HF transformers without a classifier: the generating model, or the bare encoder.</summary>
    ModelClass BaseClass { get; }

    /// <summary>The class of HF transformers with the head that <see cref="IBackbone.MakeJointHead"/> makes.</summary>
    /// <param name="backbone">A backbone of the family.</param>
    /// <exception cref="InvalidDataException">No class computes what this backbone and its head compute.</exception>
    ModelClass ClassifierClass(IBackbone backbone);

    /// <summary>The name of the last linear map of that head, without <c>.weight</c> (<c>classifier.out_proj</c>).</summary>
    string HeadOutput { get; }

    /// <summary>Builds a backbone.</summary>
    /// <param name="name">The backbone's name.</param>
    /// <param name="configuration">Its <c>config.json</c>.</param>
    /// <param name="source">Where its weights come from.</param>
    /// <param name="options">How to load it.</param>
    /// <exception cref="InvalidDataException">The configuration asks for something unsupported, or the weights do not fit it.</exception>
    IBackbone Build(string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options);
}
