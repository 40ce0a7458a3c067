using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Models.Tuning.Prompt;

/// <summary>Prompts: hidden·length parameters before an encoder's block (Lester et al. 2021).</summary>
/// <param name="MaximumLength">The longest prompt.</param>
internal sealed record PromptCost(int MaximumLength) : IStrategyCost
{
    /// <summary>The stack whose blocks can have prompts.</summary>
    public const string Stack = "encoder";

    public string Name => "prompt";

    public string SizeName => "prompt length";

    public string? Absence(LayerShape layer) => layer.Blocks.Any(block => block.Stack == Stack) ? null : "a prompt needs a block of the encoder, and the layer has none";

    public int MaximumSize(LayerShape layer) => MaximumLength;

    public long Parameters(LayerShape layer, int size) => layer.Blocks.Where(block => block.Stack == Stack).Sum(block => (long)block.HiddenSize * size);
}
