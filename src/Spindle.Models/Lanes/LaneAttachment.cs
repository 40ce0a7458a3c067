using Spindle.Models.Places;

namespace Spindle.Models.Lanes;

/// <summary>Attaches what several lanes have attached, so that each changes its rows of a common pass only.</summary>
internal static class LaneAttachment
{
    /// <summary>Attaches all lanes to a backbone to which nothing is attached now.</summary>
    /// <param name="layers">The layers of the backbone.</param>
    /// <param name="lanes">What each lane attaches.</param>
    public static Attachment Attach(IReadOnlyList<Layer> layers, IReadOnlyList<LanePlaces> lanes)
    {
        var attachment = new Attachment();
        foreach (var block in layers.SelectMany(layer => layer.Blocks))
        {
            foreach (var linear in block.LinearsAndPooler) Attach(attachment, linear, lanes);
            foreach (var norm in block.Norms.Concat(block.OuterNorms)) Attach(attachment, norm, lanes);
            foreach (var sublayer in block.AfterAttentions.Append(block.AfterFeedForward))
                if (Given(sublayer.Insertions) is { } insertions) attachment.Add(sublayer, new LaneInsertion(insertions));
            foreach (var attention in block.Attentions)
                if (Given(attention.Prefixes) is { } prefixes) attachment.Add(attention, prefixes);
        }

        return attachment;

        IReadOnlyList<IReadOnlyList<T>>? Given<T>(Attachment.Additions<T> point) => Of(point, lanes);
    }

    private static void Attach(Attachment attachment, TunableLinear linear, IReadOnlyList<LanePlaces> lanes)
    {
        if (Of(linear.Inputs, lanes) is { } inputs) attachment.Add(linear, new LaneInput(inputs));
        LaneOutput[] outputs = [.. lanes.Select(lane => new LaneOutput(linear.Bias is { } bias ? lane.At(bias.Trained) : [], lane.At(linear.AddedBiases), lane.At(linear.Deltas)))];
        if (outputs.Any(output => output.HasBias || output.Deltas.Count > 0)) attachment.Add(linear, new LaneDelta(outputs));
    }

    private static void Attach(Attachment attachment, TunableNorm norm, IReadOnlyList<LanePlaces> lanes)
    {
        if (Of(norm.Weight.Trained, lanes) is null && (norm.Bias is null || Of(norm.Bias.Trained, lanes) is null)) return;
        attachment.Add(norm, [.. lanes.Select(lane => norm.WithSlots(Slot(norm.Weight, lane), norm.Bias is { } bias ? Slot(bias, lane) : null))]);

        WeightSlot Slot(WeightSlot slot, LanePlaces lane)
        {
            var own = slot.Borrow();
            foreach (var trained in lane.At(slot.Trained)) attachment.Train(own, trained);
            return own;
        }
    }

    // null where no lane has attached anything
    private static IReadOnlyList<IReadOnlyList<T>>? Of<T>(Attachment.Additions<T> point, IReadOnlyList<LanePlaces> lanes)
    {
        IReadOnlyList<T>[] items = [.. lanes.Select(lane => lane.At(point))];
        return items.All(lane => lane.Count == 0) ? null : items;
    }
}
