using Spindle.Designs.Strategies;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>Bottleneck adapters: after the feed-forward part (Pfeiffer et al. 2021), after both parts (Houlsby et al. 2019), or beside the
/// feed-forward part (He et al. 2022).</summary>
/// <param name="options">The options; the defaults where null.</param>
public sealed class AdapterStrategy(AdapterOptions? options = null) : ITuningStrategy
{
    private readonly AdapterOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => new AdapterCost { Placement = options.Placement };

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var block in site.Layer.Blocks)
        {
            // with several attentions (a decoder's), the Houlsby adapter follows the self-attention, as AdapterHub places it
            if (options.Placement == AdapterPlacement.Houlsby)
                attachment.Add(block.AfterAttentions[0], new SequentialAdapter(Declare("after-attention", block), readsNormed: false));
            attachment.Add(block.AfterFeedForward, options.Placement switch
            {
                AdapterPlacement.Pfeiffer => new SequentialAdapter(Declare("after-feed-forward", block), readsNormed: true),
                AdapterPlacement.Houlsby => new SequentialAdapter(Declare("after-feed-forward", block), readsNormed: false),
                AdapterPlacement.Parallel => new ParallelAdapter(Declare("beside-feed-forward", block)),
                _ => throw new InvalidOperationException($"no placement {options.Placement}"),
            });
        }
        return attachment;

        Bottleneck Declare(string place, Block block) =>
            Bottleneck.Declare(attachment, site, $"{block.Stack}.{place}", block.HiddenSize, options);
    }
}
