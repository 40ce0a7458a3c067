using Spindle.Models.Backbones;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>A value over a pair of sentences: scale · cosine(u, v) + offset, where u and v are the means of each sentence's token states, and a linear map over
/// [|û−v̂|, û·v̂] of the unit vectors. The linear map starts at zero, so the first values are those of the backbone's own cosine.</summary>
/// <param name="hidden">The backbone's hidden size.</param>
public sealed class SimilarityHead(int hidden) : IProbeHead
{
    /// <summary>The head's name.</summary>
    public const string KindName = "similarity";

    // on the scale from −1 to 1 of a trained value, a cosine of 0 is the smallest value and a cosine of 1 the largest: sentence encoders are trained so
    // that unrelated sentences are orthogonal, not opposite
    private const double InitialScale = 2;
    private const double InitialOffset = -1;

    private readonly TrainedParameter scale = new("similarity.scale", [1], value => value.copy_(TensorArithmetic.Full([1], InitialScale, CPU)));
    private readonly TrainedParameter offset = new("similarity.offset", [1], value => value.copy_(TensorArithmetic.Full([1], InitialOffset, CPU)));
    private readonly TrainedParameter weight = new("similarity.features.weight", [1, 2 * hidden], InitialValues.Zero);

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public IReadOnlyList<TrainedParameter> Parameters => [scale, offset, weight];

    /// <inheritdoc/>
    public Tensor Logits(IBackbone backbone, ModelInput input)
    {
        var (difference, product) = Compare(backbone, input);
        var cosine = product.sum(-1, keepdim: true);
        var features = nn.functional.dropout(cat([difference, product], -1), backbone.HeadDropout, backbone.Training);
        return (cosine * scale.Value).Plus(offset.Value).Plus(nn.functional.linear(features, weight.Value));
    }

    /// <summary>The cosines, <c>[batch, 1]</c>.</summary>
    /// <inheritdoc/>
    public Tensor Features(IBackbone backbone, ModelInput input) => Compare(backbone, input).Product.sum(-1, keepdim: true);

    /// <summary>The scale and the offset that fit the training rows best; the linear map still starts at zero.</summary>
    /// <inheritdoc/>
    public HeadValues Start(Tensor features, Func<Tensor, LinearMap> solve)
    {
        var map = solve(features);
        return HeadValues.Of((scale.Name, map.Weight), (offset.Name, map.Bias));
    }

    // each [batch, hidden]; the products of a row sum to its cosine
    private static (Tensor Difference, Tensor Product) Compare(IBackbone backbone, ModelInput input)
    {
        var (left, right) = MeanPooling.PoolPair(backbone, input);
        var (first, second) = (nn.functional.normalize(left, dim: -1), nn.functional.normalize(right, dim: -1));
        return ((first - second).abs(), first * second);
    }
}
