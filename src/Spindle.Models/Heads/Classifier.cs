using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>Dropout and a linear layer in float32, as in HF transformers' classifiers: weights drawn from N(0, 0.02²), biases zero.</summary>
internal sealed class Classifier(int inputs, int outputs, InitialValues random)
{
    private const double InitialDeviation = 0.02;

    private readonly TrainedParameter weight = new("classifier.weight", [outputs, inputs], random.Normal(InitialDeviation));
    private readonly TrainedParameter bias = new("classifier.bias", [outputs], InitialValues.Zero);

    public IReadOnlyList<TrainedParameter> Parameters => [weight, bias];

    // [batch, inputs] → [batch, outputs]; the last features may be ones that dropout leaves
    public Tensor Forward(IBackbone backbone, Tensor features, Tensor? kept = null)
    {
        features = nn.functional.dropout(features.to(ScalarType.Float32), backbone.HeadDropout, backbone.Training);
        return nn.functional.linear(kept is null ? features : cat([features, kept], -1), weight.Value, bias.Value);
    }

    public HeadValues Start(LinearMap map) => HeadValues.Of((weight.Name, map.Weight), (bias.Name, map.Bias));
}
