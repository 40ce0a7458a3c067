using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>The backbone's own language-model output, frozen: text is generated from text.</summary>
public sealed class LanguageHead : ISequenceHead
{
    /// <summary>The head's name.</summary>
    public const string KindName = "language-model";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <summary>None: the backbone generates.</summary>
    public IReadOnlyList<TrainedParameter> Parameters => [];

    /// <summary>The logits of every target token given the tokens before it, <c>[batch, target, vocabulary]</c>, float32.</summary>
    /// <param name="backbone">An encoder-decoder.</param>
    /// <param name="input">The source and the target.</param>
    /// <exception cref="ArgumentException">The backbone is not an encoder-decoder, or there is no target.</exception>
    public Tensor Logits(IBackbone backbone, ModelInput input)
    {
        var writer = backbone as ISequenceToSequence ?? throw new ArgumentException($"{backbone.Shape.Name} is not an encoder-decoder and cannot generate text", nameof(backbone));
        var target = input.Target ?? throw new ArgumentException("there is no target", nameof(input));
        var memory = writer.EncodeSource(input.First)[^1];
        return writer.LanguageLogits(writer.Decode(writer.Tokens.ShiftRight(target), memory, input.First.Mask)[^1]);
    }
}
