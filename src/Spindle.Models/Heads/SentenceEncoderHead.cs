using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>Dropout and a linear layer over the mean of each sentence's token states. The sentences u and v of a pair are encoded separately and
/// combined as [u, v, |u−v|, u·v] (Reimers and Gurevych 2019).</summary>
/// <param name="hidden">The backbone's hidden size.</param>
/// <param name="outputs">The number of logits.</param>
/// <param name="pairs">Whether the rows are pairs.</param>
/// <param name="random">The source of initial values.</param>
public sealed class SentenceEncoderHead(int hidden, int outputs, bool pairs, InitialValues random) : IProbeHead
{
    /// <summary>The head's name.</summary>
    public const string KindName = "sentence-encoder";

    private readonly Classifier classifier = new(pairs ? 4 * hidden : hidden, outputs, random);

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public IReadOnlyList<TrainedParameter> Parameters => classifier.Parameters;

    /// <inheritdoc/>
    public Tensor Logits(IBackbone backbone, ModelInput input) => classifier.Forward(backbone, Features(backbone, input));

    /// <inheritdoc/>
    public Tensor Features(IBackbone backbone, ModelInput input)
    {
        if (!pairs) return MeanPooling.Pool(backbone, input.First);
        var (first, second) = MeanPooling.PoolPair(backbone, input);
        return Combine(first, second);
    }

    /// <inheritdoc/>
    public HeadValues Start(Tensor features, Func<Tensor, LinearMap> solve) => classifier.Start(solve(features));

    // [batch, hidden] each → [batch, 4 · hidden]
    internal static Tensor Combine(Tensor first, Tensor second) => cat([first, second, (first - second).abs(), first * second], -1);
}
