using Spindle.Models.Places;

namespace Spindle.Models.Lanes;

/// <summary>What one lane has attached to the places of a backbone.</summary>
internal sealed class LanePlaces
{
    private readonly Dictionary<object, object> additions = [];

    /// <summary>Notes what is attached to a backbone now.</summary>
    /// <param name="layers">The layers of the backbone.</param>
    public LanePlaces(IReadOnlyList<Layer> layers)
    {
        foreach (var block in layers.SelectMany(layer => layer.Blocks))
        {
            foreach (var linear in block.LinearsAndPooler)
            {
                Note(linear.Inputs);
                Note(linear.Deltas);
                Note(linear.AddedBiases);
                if (linear.Bias is { } bias) Note(bias.Trained);
            }

            foreach (var norm in block.Norms.Concat(block.OuterNorms))
            {
                Note(norm.Weight.Trained);
                if (norm.Bias is { } bias) Note(bias.Trained);
            }

            foreach (var sublayer in block.AfterAttentions.Append(block.AfterFeedForward)) Note(sublayer.Insertions);
            foreach (var attention in block.Attentions) Note(attention.Prefixes);
        }
    }

    /// <summary>What the lane has attached at one point of a place.</summary>
    public IReadOnlyList<T> At<T>(Attachment.Additions<T> point) => additions.TryGetValue(point, out var items) ? (IReadOnlyList<T>)items : [];

    /// <summary>Why what is attached to a backbone now cannot share a pass with others, or null if it can.</summary>
    /// <param name="layers">The layers of the backbone.</param>
    public static string? Obstacle(IReadOnlyList<Layer> layers)
    {
        foreach (var block in layers.SelectMany(layer => layer.Blocks))
        {
            if (block.Input.Prompts.Count > 0) return "prompts lengthen the rows";
            if (block.Attentions.Any(attention => attention.PositionsTaken + attention.KeyShift > 0)) return "prefixes take positions";
            if (block.LinearsAndPooler.Any(linear => linear.Weight.IsTrained)) return "the weight of a linear map is trained";
        }

        return null;
    }

    private void Note<T>(Attachment.Additions<T> point)
    {
        if (point.Count > 0) additions[point] = (IReadOnlyList<T>)[.. point];
    }
}
