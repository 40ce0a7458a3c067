using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Word embeddings plus embeddings of positions and segments, then a normalisation and dropout.</summary>
/// <param name="name">The backbone's name, for errors.</param>
/// <param name="words">The word embeddings, <c>[vocabulary, hidden]</c>.</param>
/// <param name="norm">The normalisation.</param>
/// <param name="dropout">The dropout probability.</param>
/// <param name="maximumLength">The most positions that a sequence may take.</param>
public sealed class SummedEmbeddings(string name, WeightSlot words, TunableNorm norm, double dropout, int maximumLength)
{
    /// <summary>Embeds tokens, after the prompts of the encoder's first block.</summary>
    /// <param name="ids">The tokens, <c>[batch, tokens]</c>.</param>
    /// <param name="encoder">The encoder that reads the embeddings.</param>
    /// <param name="addends">What is added to the words, given the number of positions that prefixes take and the length (prompts + tokens).</param>
    /// <param name="training">Whether dropout is applied.</param>
    /// <returns><c>[batch, prompts + tokens, hidden]</c>.</returns>
    /// <exception cref="ArgumentException">The sequence is too long.</exception>
    public Tensor Embed(Tensor ids, PostNormEncoder encoder, Func<int, long, IEnumerable<Tensor>> addends, bool training)
    {
        var entered = encoder.Layers[0].Blocks[0].Input.Prepend(words.Rows(ids), ids.shape[1]);
        var (before, length) = (encoder.PositionsTaken, entered.shape[1]);
        if (before + length > maximumLength) throw new ArgumentException($"{before + length} tokens, where {name} reads at most {maximumLength}", nameof(ids));
        var sum = addends(before, length).Aggregate(entered, (sum, addend) => sum.Plus(addend));
        return HashedDropout.Forward(norm.Forward(sum), dropout, training);
    }
}
