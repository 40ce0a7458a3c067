using Spindle.Models.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Optimization;

/// <summary>Clips a flat gradient to a Euclidean norm, as <c>torch.nn.utils.clip_grad_norm_</c> does.</summary>
public static class GradientClipping
{
    private const double Epsilon = 1e-6;

    /// <summary>Scales the gradient down in place if its norm exceeds the limit.</summary>
    /// <param name="gradients">The flat gradient.</param>
    /// <param name="largestNorm">The largest norm; 0 leaves the gradient unchanged.</param>
    /// <returns>The norm before clipping.</returns>
    public static double Clip(Tensor gradients, double largestNorm)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var norm = gradients.norm().ToDouble();
        var scale = largestNorm / (norm + Epsilon);
        if (largestNorm > 0 && scale < 1) TensorArithmetic.WithScalar(scale, gradients.mul_);
        return norm;
    }
}
