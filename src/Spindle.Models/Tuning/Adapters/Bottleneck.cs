using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>hidden → bottleneck → hidden with biases. The way up starts at zero, so that a new adapter changes nothing.</summary>
internal sealed record Bottleneck(
    TrainedParameter DownWeight, TrainedParameter DownBias, TrainedParameter UpWeight, TrainedParameter UpBias, AdapterOptions Options, TrainingMode Mode)
{
    private const double InitialDeviation = 0.02;

    public static Bottleneck Declare(Attachment attachment, TuningSite site, string place, int hidden, AdapterOptions options) => new(
        attachment.Declare(new($"{site.Name}.{place}.down.weight", [site.Size, hidden], site.Random.Normal(InitialDeviation))),
        attachment.Declare(new($"{site.Name}.{place}.down.bias", [site.Size], InitialValues.Zero)),
        attachment.Declare(new($"{site.Name}.{place}.up.weight", [hidden, site.Size], InitialValues.Zero)),
        attachment.Declare(new($"{site.Name}.{place}.up.bias", [hidden], InitialValues.Zero)),
        options,
        site.Mode);

    /// <summary>What the adapter adds, <c>[batch, sequence, hidden]</c>.</summary>
    public Tensor Forward(Tensor input)
    {
        var type = input.dtype;
        var reduced = Bend(nn.functional.linear(input, DownWeight.Value.to(type), DownBias.Value.to(type)));
        var added = nn.functional.linear(reduced, UpWeight.Value.to(type), UpBias.Value.to(type));
        if (Mode.IsOn && Options.Dropout > 0) added = nn.functional.dropout(added, Options.Dropout, true);
        return Options.Scaling == 1 ? added : added.Times(Options.Scaling);
    }

    private Tensor Bend(Tensor input) => Options.Activation switch
    {
        AdapterActivation.Relu => nn.functional.relu(input),
        AdapterActivation.Gelu => nn.functional.gelu(input),
        AdapterActivation.Swish => nn.functional.silu(input),
        _ => throw new InvalidOperationException($"no activation {Options.Activation}"),
    };
}
