using Spindle.Models.Places;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>Attaches bottlenecks to the blocks of a layer.</summary>
internal static class AdapterPlaces
{
    /// <summary>Attaches a bottleneck at every point of a placement.</summary>
    /// <param name="attachment">The attachment that makes the changes.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="placement">The placement.</param>
    /// <param name="declare">Makes the bottleneck for a named point of a block.</param>
    public static void Attach(Attachment attachment, Layer layer, AdapterPlacement placement, Func<string, Block, Bottleneck> declare)
    {
        foreach (var block in layer.Blocks)
        {
            // in a decoder, the Houlsby adapter follows the self-attention, as in AdapterHub
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
