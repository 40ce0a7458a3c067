using Spindle.Designs.Strategies;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Prefix;

/// <summary>Prefix tuning (Li and Liang 2021), flat: trained keys and values before those of every attention of the layer.</summary>
public sealed class PrefixStrategy : ITuningStrategy
{
    private const double InitialDeviation = 0.02;

    /// <inheritdoc/>
    public IStrategyCost Cost { get; } = new PrefixCost();

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var block in site.Layer.Blocks)
            foreach (var attention in block.Attentions)
            {
                var name = $"{site.Name}.{block.Stack}.{(attention.Cross ? "cross" : "self")}";
                long[] shape = [site.Size, attention.Shape.InnerSize];
                var keys = attachment.Declare(new($"{name}.key", shape, site.Random.Normal(InitialDeviation)));
                var values = attachment.Declare(new($"{name}.value", shape, site.Random.Normal(InitialDeviation)));
                attachment.Add(attention, new FlatPrefix(keys, values, attention.Heads));
            }
        return attachment;
    }

    private sealed class FlatPrefix(TrainedParameter keys, TrainedParameter values, int heads) : IKeyValuePrefix
    {
        public KeyValues KeysAndValues(Tensor hidden, ScalarType type) => new(Spread(keys, hidden.shape[0], type), Spread(values, hidden.shape[0], type));

        // [length, heads · head size] → [batch, heads, length, head size]
        private Tensor Spread(TrainedParameter parameter, long batch, ScalarType type) =>
            parameter.Value.to(type).view(parameter.Shape[0], heads, -1).transpose(0, 1).unsqueeze(0).expand(batch, -1, -1, -1);
    }
}
