using Spindle.Designs.Strategies;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning.Prompt;

/// <summary>Prompt tuning: trained vectors before the word embeddings (Lester et al. 2021), where the layer is the encoder's first; in a layer above they stand in
/// place of those that came from below (deep prompts, Jia et al. 2022).</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class PromptStrategy(PromptOptions? options = null) : ITuningStrategy
{
    private readonly PromptOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => new PromptCost(options.MaximumLength);

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var block in site.Layer.Blocks.Where(block => block.Stack == PromptCost.Stack))
            attachment.Add(block.Input, attachment.Declare(new($"{site.Name}.{block.Stack}.vectors", [site.Size, block.HiddenSize], site.Random.Normal(options.Deviation))));
        return attachment;
    }
}
