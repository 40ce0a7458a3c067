using Spindle.Models.Places;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>Puts bottlenecks into the blocks of a layer.</summary>
internal static class AdapterPlaces
{
    /// <summary>Puts them where a placement says.</summary>
    /// <param name="attachment">What takes the places.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="placement">The placement.</param>
    /// <param name="declare">Makes the bottleneck of a place, named so, in a block.</param>
    public static void Attach(Attachment attachment, Layer layer, AdapterPlacement placement, Func<string, Block, Bottleneck> declare)
    {
        foreach (var block in layer.Blocks)
        {
            // with several attentions (a decoder's), the Houlsby adapter follows the self-attention, as AdapterHub places it
            if (placement == AdapterPlacement.Houlsby)
                attachment.Add(block.AfterAttentions[0], new SequentialAdapter(declare($"{block.Stack}.after-attention", block), readsNormed: false));
            attachment.Add(block.AfterFeedForward, placement switch
            {
                AdapterPlacement.Pfeiffer => new SequentialAdapter(declare($"{block.Stack}.after-feed-forward", block), readsNormed: true),
                AdapterPlacement.Houlsby => new SequentialAdapter(declare($"{block.Stack}.after-feed-forward", block), readsNormed: false),
                AdapterPlacement.Parallel => new ParallelAdapter(declare($"{block.Stack}.beside-feed-forward", block)),
                _ => throw new InvalidOperationException($"no placement {placement}"),
            });
        }
    }
}
