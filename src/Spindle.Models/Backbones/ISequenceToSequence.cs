using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>A backbone that reads a source and writes a target. As an <see cref="IBackbone"/> it reads the same tokens into both stacks, the decoder's
/// shifted right, and its hidden states are the decoder's.</summary>
public interface ISequenceToSequence : IBackbone
{
    /// <summary>The tokens with a meaning of their own.</summary>
    TargetTokens Tokens { get; }

    /// <summary>The encoder's hidden states after the embeddings and after each block, each <c>[batch, source, hidden]</c>.</summary>
    IReadOnlyList<Tensor> EncodeSource(TokenBatch source);

    /// <summary>The decoder's hidden states after the embeddings and after each block, each <c>[batch, target, hidden]</c>.</summary>
    /// <param name="target">The decoder's tokens, from the start token on, <c>[batch, target]</c>.</param>
    /// <param name="memory">The encoder's last hidden states, <c>[batch, source, hidden]</c>.</param>
    /// <param name="sourceMask">1 for a token of the source, 0 for padding, <c>[batch, source]</c>.</param>
    IReadOnlyList<Tensor> Decode(Tensor target, Tensor memory, Tensor sourceMask);

    /// <summary>What the decoder remembers of a source before it has read a token.</summary>
    /// <param name="memory">The encoder's last hidden states, <c>[batch, source, hidden]</c>.</param>
    /// <param name="sourceMask">1 for a token of the source, 0 for padding, <c>[batch, source]</c>.</param>
    DecoderCache CreateCache(Tensor memory, Tensor sourceMask);

    /// <summary>The decoder's last hidden states of one token more a row, <c>[batch, 1, hidden]</c>; the cache is grown by it.</summary>
    /// <param name="tokens">The tokens, <c>[batch, 1]</c>.</param>
    /// <param name="cache">What the decoder remembers.</param>
    Tensor DecodeNext(Tensor tokens, DecoderCache cache);

    /// <summary>The language model's logits, <c>[batch, target, vocabulary]</c>, float32.</summary>
    /// <param name="hidden">The decoder's last hidden states, <c>[batch, target, hidden]</c>.</param>
    Tensor LanguageLogits(Tensor hidden);
}
