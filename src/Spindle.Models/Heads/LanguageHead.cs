using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>The language model's own output, frozen: a text is written in answer to a text.</summary>
public sealed class LanguageHead : ISequenceHead
{
    /// <summary>The head's name.</summary>
    public const string KindName = "language-model";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <summary>None: what writes is the backbone.</summary>
    public IReadOnlyList<TrainedParameter> Parameters => [];

    /// <summary>The logits of every token of the target, <c>[batch, target, vocabulary]</c>, float32, given those before it.</summary>
    /// <param name="backbone">A backbone that writes.</param>
    /// <param name="input">What is read, and what is to be written.</param>
    /// <exception cref="ArgumentException">The backbone does not write, or there is no target.</exception>
    public Tensor Logits(IBackbone backbone, ModelInput input)
    {
        var writer = backbone as ISequenceToSequence ?? throw new ArgumentException($"{backbone.Shape.Name} reads and does not write", nameof(backbone));
        var target = input.Target ?? throw new ArgumentException("there is no target to write", nameof(input));
        var memory = writer.EncodeSource(input.First)[^1];
        return writer.LanguageLogits(writer.Decode(writer.Tokens.ShiftRight(target), memory, input.First.Mask)[^1]);
    }
}
