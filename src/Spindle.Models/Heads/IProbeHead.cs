using Spindle.Models.Backbones;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>A head that can start from a probe: a linear map that is solved on the features of the frozen backbone.</summary>
public interface IProbeHead : ISequenceHead
{
    /// <summary>The features that the head computes its logits from, <c>[batch, features]</c>, float32, before dropout.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="input">What it reads.</param>
    Tensor Features(IBackbone backbone, ModelInput input);

    /// <summary>The values that make the head, without dropout, give the logits of a probe.</summary>
    /// <param name="features">The features of the training rows, <c>[rows, features]</c>.</param>
    /// <param name="solve">Solves the probe on features that a linear map of the head reads.</param>
    HeadValues Start(Tensor features, Func<Tensor, LinearMap> solve);
}
