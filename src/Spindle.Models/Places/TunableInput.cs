using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place before a block of an encoder: trained vectors put before the tokens there.</summary>
public sealed class TunableInput
{
    /// <summary>Prompts, each <c>[length, hidden]</c>, the first attached first.</summary>
    public Attachment.Additions<TrainedParameter> Prompts { get; } = new();

    /// <summary>The number of vectors.</summary>
    public int Length => Prompts.Sum(prompt => (int)prompt.Shape[0]);

    /// <summary>Puts the prompts before the tokens, replacing the prompts of earlier layers.</summary>
    /// <param name="hidden">The input, tokens last, <c>[batch, prompts + tokens, hidden]</c>.</param>
    /// <param name="tokens">The number of tokens.</param>
    /// <returns><c>[batch, prompts + tokens, hidden]</c>; the input itself where there are no prompts.</returns>
    public Tensor Prepend(Tensor hidden, long tokens)
    {
        if (Prompts.Count == 0) return hidden;
        var own = cat([.. Prompts.Select(prompt => prompt.Value)], 0).to(hidden.dtype).unsqueeze(0).expand(hidden.shape[0], -1, -1);
        return cat([own, hidden.narrow(1, hidden.shape[1] - tokens, tokens)], 1);
    }
}
