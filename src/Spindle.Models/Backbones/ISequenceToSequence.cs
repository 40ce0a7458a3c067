using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>An encoder-decoder, which generates a target from a source. As an <see cref="IBackbone"/> it feeds the same tokens to both stacks, shifted
/// right for the decoder, and its hidden states are the decoder's.</summary>
public interface ISequenceToSequence : IBackbone
{
    /// <summary>The special tokens of a target.</summary>
    TargetTokens Tokens { get; }

    /// <summary>The encoder's hidden states after the embeddings and after each block, each <c>[batch, source, hidden]</c>.</summary>
    IReadOnlyList<Tensor> EncodeSource(TokenBatch source);

    /// <summary>The decoder's hidden states after the embeddings and after each block, each <c>[batch, target, hidden]</c>.</summary>
    /// <param name="target">The decoder's tokens, beginning with the start token, <c>[batch, target]</c>.</param>
    /// <param name="memory">The encoder's last hidden states, <c>[batch, source, hidden]</c>.</param>
    /// <param name="sourceMask">1 for a token of the source, 0 for padding, <c>[batch, source]</c>.</param>
    IReadOnlyList<Tensor> Decode(Tensor target, Tensor memory, Tensor sourceMask);

    /// <summary>Creates the decoder's cache for a source, before any target token is read.</summary>
    /// <param name="memory">The encoder's last hidden states, <c>[batch, source, hidden]</c>.</param>
    /// <param name="sourceMask">1 for a token of the source, 0 for padding, <c>[batch, source]</c>.</param>
    DecoderCache CreateCache(Tensor memory, Tensor sourceMask);

    /// <summary>The decoder's last hidden states for one more token per row, <c>[batch, 1, hidden]</c>. The token is added to the cache.</summary>
    /// <param name="tokens">The tokens, <c>[batch, 1]</c>.</param>
    /// <param name="cache">The cache.</param>
    Tensor DecodeNext(Tensor tokens, DecoderCache cache);

    /// <summary>The language model's logits, <c>[batch, target, vocabulary]</c>, float32.</summary>
    /// <param name="hidden">The decoder's last hidden states, <c>[batch, target, hidden]</c>.</param>
    Tensor LanguageLogits(Tensor hidden);
}
