using Spindle.Models.Backbones;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>A linear layer over a pair of sentences: [u, v, |u−v|, u·v, √(h/2) · cosine(u, v)], where u and v are the means of each sentence's token states and h is
/// their size. The factor, and as many copies of the cosine in a probe, keep one telling feature from being lost among 4h others. Dropout leaves the cosine.</summary>
/// <param name="hidden">The backbone's hidden size.</param>
/// <param name="outputs">The number of logits.</param>
/// <param name="random">The source of initial values.</param>
public sealed class PairClassifierHead(int hidden, int outputs, InitialValues random) : IProbeHead
{
    /// <summary>The head's name.</summary>
    public const string KindName = "pair-classifier";

    private readonly Classifier classifier = new(4 * hidden + 1, outputs, random);
    private readonly int copies = Math.Max(1, hidden / 2); // a ridge regression penalises n equal features n times less than one

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public IReadOnlyList<TrainedParameter> Parameters => classifier.Parameters;

    /// <inheritdoc/>
    public Tensor Logits(IBackbone backbone, ModelInput input)
    {
        var (states, cosine) = Compare(backbone, input);
        return classifier.Forward(backbone, states, kept: cosine);
    }

    /// <inheritdoc/>
    public Tensor Features(IBackbone backbone, ModelInput input)
    {
        var (states, cosine) = Compare(backbone, input);
        return cat([states, cosine], -1);
    }

    /// <summary>The probe is solved with copies of the cosine, whose weights are added up.</summary>
    /// <inheritdoc/>
    public HeadValues Start(Tensor features, Func<Tensor, LinearMap> solve)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (states, cosine) = (features.narrow(1, 0, 4 * hidden), features.narrow(1, 4 * hidden, 1));
        var map = solve(cat([states, cosine.expand(features.shape[0], copies)], -1));
        var sum = map.Weight.narrow(1, 4 * hidden, copies).sum(1, keepdim: true);
        return classifier.Start(map with { Weight = cat([map.Weight.narrow(1, 0, 4 * hidden), sum], -1) });
    }

    // [batch, 4 · hidden] and [batch, 1]
    private (Tensor States, Tensor Cosine) Compare(IBackbone backbone, ModelInput input)
    {
        var (first, second) = MeanPooling.PoolPair(backbone, input);
        var cosine = (nn.functional.normalize(first, dim: -1) * nn.functional.normalize(second, dim: -1)).sum(-1, keepdim: true);
        return (SentenceEncoderHead.Combine(first, second), cosine.Times(Math.Sqrt(copies)));
    }
}
