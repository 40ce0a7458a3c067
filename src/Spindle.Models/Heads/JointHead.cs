using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>Dropout and a linear layer over the backbone's own pooling; a pair is one sequence. The head that BERT has in HF transformers'
/// <c>ForSequenceClassification</c> models.</summary>
/// <param name="hidden">The backbone's hidden size.</param>
/// <param name="outputs">The number of logits.</param>
/// <param name="random">The source of initial values.</param>
public sealed class JointHead(int hidden, int outputs, InitialValues random) : IProbeHead
{
    /// <summary>The head's name.</summary>
    public const string KindName = "joint";

    private readonly Classifier classifier = new(hidden, outputs, random);

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public IReadOnlyList<TrainedParameter> Parameters => classifier.Parameters;

    /// <inheritdoc/>
    public Tensor Logits(IBackbone backbone, ModelInput input) => classifier.Forward(backbone, backbone.EncodePooled(input.First));

    /// <inheritdoc/>
    public Tensor Features(IBackbone backbone, ModelInput input) => backbone.EncodePooled(input.First).to(ScalarType.Float32);

    /// <inheritdoc/>
    public HeadValues Start(Tensor features, Func<Tensor, LinearMap> solve) => classifier.Start(solve(features));
}
