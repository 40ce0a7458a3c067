using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Compacter;

/// <summary>A linear map whose weight is Σ Aᵢ ⊗ (sᵢ tᵢ) over i from 1 to n (Zhang et al. 2021; low-rank, Karimi Mahabadi et al. 2021).</summary>
/// <param name="Rules">A, <c>[n, n, n]</c>.</param>
/// <param name="Left">s, <c>[n, input / n, rank]</c>.</param>
/// <param name="Right">t, <c>[n, rank, output / n]</c>.</param>
/// <param name="Bias"><c>[output]</c>.</param>
internal sealed record HypercomplexMap(TrainedParameter Rules, TrainedParameter Left, TrainedParameter Right, TrainedParameter Bias)
{
    /// <summary>Applies the map in the input's type.</summary>
    public Tensor Apply(Tensor input)
    {
        var factors = Left.Value.matmul(Right.Value); // [n, input / n, output / n]
        var (n, rows, columns) = (factors.shape[0], factors.shape[1], factors.shape[2]);
        var products = Rules.Value.view(n, n, 1, n, 1) * factors.view(n, 1, rows, 1, columns);
        var weight = products.sum([0L]).view(n * rows, n * columns).to(input.dtype); // [input, output]
        return input.matmul(weight).Plus(Bias.Value.to(input.dtype));
    }
}
