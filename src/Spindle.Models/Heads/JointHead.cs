using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>The pair in one sequence, the backbone's own pooling over the first token, dropout and a linear layer: the head of HF transformers'
/// <c>ForSequenceClassification</c> models.</summary>
/// <param name="hidden">The backbone's hidden size.</param>
/// <param name="outputs">The number of logits.</param>
/// <param name="random">Where initial values come from.</param>
public sealed class JointHead(int hidden, int outputs, InitialValues random) : ISequenceHead
{
    /// <summary>The head's name.</summary>
    public const string KindName = "joint";

    private readonly Classifier classifier = new(hidden, outputs, random);

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public IReadOnlyList<TrainedParameter> Parameters => classifier.Parameters;

    /// <inheritdoc/>
    public Tensor Logits(IBackbone backbone, ModelInput input) =>
        classifier.Forward(backbone, backbone.Pool(backbone.Encode(input.First), input.First));
}
