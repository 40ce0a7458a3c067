using Spindle.Designs.Strategies;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.Parts;

namespace Spindle.Models.Tuning.Compacter;

/// <summary>Compacter (Karimi Mahabadi et al. 2021): bottleneck adapters whose weights are sums of n Kronecker products. The first factor of a product, a rule, is shared by
/// the bottlenecks of the layer; the second is a low-rank matrix.</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class CompacterStrategy(CompacterOptions? options = null) : ITuningStrategy
{
    private readonly CompacterOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => new CompacterCost(options);

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        var (n, width) = (options.Dimension, options.Dimension * site.Size);
        // so that a new weight has the variance of a linear map's
        var rules = attachment.Declare(new($"{site.Name}.rules", [n, n, n], site.Random.Normal(1 / Math.Sqrt(n))));
        var bending = new AdapterOptions { Activation = options.Activation, Scaling = options.Scaling, Dropout = options.Dropout };
        AdapterPlaces.Attach(attachment, site.Layer, options.Placement, (place, block) => new(
            Map($"{site.Name}.{place}.down", block.HiddenSize, width, site.Random.Normal(1)).Apply,
            // the up-projection starts at zero, so that a new adapter has no effect
            Map($"{site.Name}.{place}.up", width, block.HiddenSize, InitialValues.Zero).Apply,
            bending,
            site.Mode,
            options.Gated ? new Gate(attachment, $"{site.Name}.{place}", block.HiddenSize, site.Random) : null));
        return attachment;

        HypercomplexMap Map(string name, int inputs, int outputs, Action<TorchSharp.torch.Tensor> right) => new(
            rules,
            attachment.Declare(new($"{name}.left", [n, inputs / n, options.Rank], site.Random.KaimingUniform(inputs))),
            attachment.Declare(new($"{name}.right", [n, options.Rank, outputs / n], right)),
            attachment.Declare(new($"{name}.bias", [outputs], InitialValues.Zero)));
    }
}
