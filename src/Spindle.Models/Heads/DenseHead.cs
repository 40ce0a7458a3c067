using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>Dropout, a linear layer, tanh, dropout and a linear layer over the state of one token; a pair is one sequence. The head that RoBERTa, BART and
/// T5 have in HF transformers' <c>ForSequenceClassification</c> models.</summary>
/// <param name="name">The prefix of its parameters' names.</param>
/// <param name="hidden">The backbone's hidden size.</param>
/// <param name="outputs">The number of logits.</param>
/// <param name="random">The source of initial values.</param>
public sealed class DenseHead(string name, int hidden, int outputs, InitialValues random) : ISequenceHead
{
    private const double InitialDeviation = 0.02;

    private readonly TrainedParameter denseWeight = new($"{name}.dense.weight", [hidden, hidden], random.Normal(InitialDeviation));
    private readonly TrainedParameter denseBias = new($"{name}.dense.bias", [hidden], InitialValues.Zero);
    private readonly TrainedParameter weight = new($"{name}.out_proj.weight", [outputs, hidden], random.Normal(InitialDeviation));
    private readonly TrainedParameter bias = new($"{name}.out_proj.bias", [outputs], InitialValues.Zero);

    /// <inheritdoc/>
    public string Name => JointHead.KindName;

    /// <inheritdoc/>
    public IReadOnlyList<TrainedParameter> Parameters => [denseWeight, denseBias, weight, bias];

    /// <inheritdoc/>
    public Tensor Logits(IBackbone backbone, ModelInput input)
    {
        var features = Drop(backbone.Pool(backbone.Encode(input.First), input.First).to(ScalarType.Float32));
        var activated = Drop(nn.functional.linear(features, denseWeight.Value, denseBias.Value).tanh());
        return nn.functional.linear(activated, weight.Value, bias.Value);

        Tensor Drop(Tensor states) => nn.functional.dropout(states, backbone.HeadDropout, backbone.Training);
    }
}
