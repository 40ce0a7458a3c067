using Spindle.Models.Backbones;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>A sentence's vector: the mean of its token states (Reimers and Gurevych 2019).</summary>
internal static class MeanPooling
{
    /// <summary>The vector of each sentence, <c>[batch, hidden]</c>, float32.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="batch">The sentences, <c>[batch, sequence]</c>.</param>
    public static Tensor Pool(IBackbone backbone, TokenBatch batch)
    {
        var hidden = backbone.Encode(batch).to(ScalarType.Float32);
        var mask = batch.Mask.unsqueeze(-1).to(ScalarType.Float32);
        hidden = hidden.narrow(1, hidden.shape[1] - mask.shape[1], mask.shape[1]); // without prompts
        return (hidden * mask).sum(1) / mask.sum(1);
    }
}
