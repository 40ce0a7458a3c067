using Spindle.Models.Backbones;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>Dropout, a linear layer, tanh, dropout and a linear layer over the state of one token; a pair is one sequence. The head that RoBERTa, BART and
/// T5 have in HF transformers' <c>ForSequenceClassification</c> models.</summary>
/// <param name="name">The prefix of its parameters' names.</param>
/// <param name="hidden">The backbone's hidden size.</param>
/// <param name="outputs">The number of logits.</param>
/// <param name="random">The source of initial values.</param>
public sealed class DenseHead(string name, int hidden, int outputs, InitialValues random) : IProbeHead
{
    private const double InitialDeviation = 0.02;
    private const double SmallestDeviation = 1e-4; // of the largest: a feature that hardly varies would need huge weights

    private static readonly Scalar Two = 2;

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
        var features = Drop(Features(backbone, input));
        var activated = Drop(nn.functional.linear(features, denseWeight.Value, denseBias.Value).tanh());
        return nn.functional.linear(activated, weight.Value, bias.Value);

        Tensor Drop(Tensor states) => nn.functional.dropout(states, backbone.HeadDropout, backbone.Training);
    }

    /// <inheritdoc/>
    public Tensor Features(IBackbone backbone, ModelInput input) => backbone.EncodePooled(input.First).to(ScalarType.Float32);

    /// <summary>The values that make the head give the logits of a probe: the dense layer standardises each feature, and the probe reads the tanh of that.</summary>
    /// <inheritdoc/>
    public HeadValues Start(Tensor features, Func<Tensor, LinearMap> solve)
    {
        using var scope = NewDisposeScope();
        var mean = features.mean([0]);
        var deviation = (features - mean).pow(Two).mean([0]).sqrt();
        var largest = deviation.max().ToDouble();
        var inverse = TensorArithmetic.WithScalar(largest > 0 ? largest * SmallestDeviation : 1, deviation.clamp_min).reciprocal();
        var standardise = inverse.diag();
        var shift = (mean * inverse).neg();
        var map = solve(nn.functional.linear(features, standardise, shift).tanh());
        return HeadValues.Of((denseWeight.Name, standardise), (denseBias.Name, shift), (weight.Name, map.Weight), (bias.Name, map.Bias));
    }
}
