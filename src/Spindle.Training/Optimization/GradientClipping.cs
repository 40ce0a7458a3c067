using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Training.Optimization;

/// <summary>Clips a flat gradient to a Euclidean norm, as <c>torch.nn.utils.clip_grad_norm_</c> does.</summary>
public static class GradientClipping
{
    private const double Epsilon = 1e-6;

    /// <summary>Scales the gradient down in place if its norm exceeds the limit. Nothing is read back from the gradient's device.</summary>
    /// <param name="gradients">The flat gradient.</param>
    /// <param name="largestNorm">The largest norm; 0 leaves the gradient unchanged.</param>
    /// <returns>The norm before clipping, a float32 scalar on the gradient's device, in the caller's dispose scope.</returns>
    public static Tensor Clip(Tensor gradients, double largestNorm)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var norm = gradients.norm();
        // on a CPU the norm can be read without waiting, and most gradients need no pass more
        if (largestNorm > 0 && !(norm.device_type == TorchSharp.DeviceType.CPU && norm.item<float>() + Epsilon <= largestNorm))
        {
            var precise = norm.to(ScalarType.Float64);
            var scale = zeros_like(precise).Plus(largestNorm).div(precise.Plus(Epsilon));
            gradients.mul_(TensorArithmetic.WithScalar(1, scale.clamp_max).to(ScalarType.Float32));
        }

        return norm.MoveToOuterDisposeScope();
    }
}
