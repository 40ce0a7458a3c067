using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Tests.Costs;

/// <summary>Costs for tests that see no strategy: with a size or none, with a small or a large maximum. Their numbers are those of the default strategies.</summary>
internal static class TestCosts
{
    public static StrategyCosts All { get; } = StrategyCosts.Of(
        new Cost("adapter", "bottleneck", layer => layer.Blocks.Min(block => block.HiddenSize), (block, size) => 2L * block.HiddenSize * size + size + block.HiddenSize),
        new Cost("prefix", "prefix length", _ => 512, (block, size) => block.Attentions.Sum(attention => 2L * attention.InnerSize * size)),
        new Cost("bitfit", null, _ => 1, (block, _) =>
            block.Linears.Sum(linear => (long)linear.OutputSize) + block.Norms.Sum(norm => norm.HasBias ? (long)norm.Size : 0)),
        new Cost("lora", "rank", layer => layer.Blocks.SelectMany(QueriesAndValues).Min(linear => Math.Min(linear.InputSize, linear.OutputSize)), (block, size) =>
            QueriesAndValues(block).Sum(linear => (long)(linear.InputSize + linear.OutputSize) * size)));

    private static IEnumerable<LinearShape> QueriesAndValues(BlockShape block) => block.Linears.Where(linear =>
        linear.Place is LinearPlace.AttentionQuery or LinearPlace.AttentionValue or LinearPlace.CrossAttentionQuery or LinearPlace.CrossAttentionValue);

    /// <summary>A cost that is a sum over the blocks of a layer.</summary>
    internal sealed record Cost(string Name, string? SizeName, Func<LayerShape, int> Maximum, Func<BlockShape, int, long> OfBlock) : IStrategyCost
    {
        public int MaximumSize(LayerShape layer) => Maximum(layer);

        public long Parameters(LayerShape layer, int size) => layer.Blocks.Sum(block => OfBlock(block, size));
    }
}
