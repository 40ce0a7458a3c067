using Spindle.Designs.Strategies;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Parts;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Prefix;

/// <summary>Prefix tuning (Li and Liang 2021): trained keys and values before those of attentions, trained directly or through a network.</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class PrefixStrategy(PrefixOptions? options = null) : ITuningStrategy
{
    private const double InitialDeviation = 0.02;

    private readonly PrefixOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => Size;

    private PrefixCost Size => new() { Places = options.Places, Network = options.Network, Gated = options.Gated, MaximumLength = options.MaximumLength, HasEqualSizes = options.EqualLengths == true };

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var (attachment, cost) = (new Attachment(), Size);
        foreach (var block in site.Layer.Blocks)
            foreach (var attention in block.Attentions.Where(attention => cost.Has(block.Stack, attention.Cross)))
            {
                var (name, inner) = ($"{site.Name}.{block.Stack}.{(attention.Cross ? "cross" : "self")}", attention.Shape.InnerSize);
                Func<Tensor> keys, values;
                if (cost.Network is { } network)
                {
                    var made = new PrefixNetwork(attachment, name, site.Size, block.HiddenSize, network, inner, site.Random);
                    (keys, values) = (made.Keys, made.Values);
                    attachment.StoreInstead(made.Parameters, [($"{name}.key", keys), ($"{name}.value", values)]);
                }
                else
                {
                    var key = attachment.Declare(new($"{name}.key", [site.Size, inner], site.Random.Normal(InitialDeviation)));
                    var value = attachment.Declare(new($"{name}.value", [site.Size, inner], site.Random.Normal(InitialDeviation)));
                    (keys, values) = (() => key.Value, () => value.Value);
                }
                var gate = cost.Gated ? new Gate(attachment, name, block.HiddenSize, site.Random) : null;
                attachment.Add(attention, new PrefixedKeyValues(site.Size, keys, values, attention.Heads, options.Positions, gate));
            }
        return attachment;
    }
}
