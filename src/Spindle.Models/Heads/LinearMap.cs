using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>A linear map from features to logits.</summary>
/// <param name="Weight">The weights, <c>[outputs, features]</c>.</param>
/// <param name="Bias">The biases, <c>[outputs]</c>.</param>
public sealed record LinearMap(Tensor Weight, Tensor Bias);
