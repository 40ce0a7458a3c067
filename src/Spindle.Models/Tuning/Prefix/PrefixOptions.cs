using System.ComponentModel.DataAnnotations;
using Spindle.Designs.Shapes;

namespace Spindle.Models.Tuning.Prefix;

/// <summary>The options of prefix tuning.</summary>
public sealed record PrefixOptions
{
    /// <summary>The attentions that get a prefix.</summary>
    [MinLength(1)]
    public IReadOnlyList<AttentionPlace> Places { get; init; } = new PrefixCost().Places;

    /// <summary>The inner size of the network that makes keys and values while they are trained, or null where they are trained themselves.</summary>
    [Range(1, 65_536)]
    public int? Network { get; init; }

    /// <summary>Where the prefix stands.</summary>
    public PrefixPositions Positions { get; init; }

    /// <summary>The longest prefix, whatever the budget.</summary>
    [Range(1, 4096)]
    public int MaximumLength { get; init; } = new PrefixCost().MaximumLength;

    /// <summary>Whether a gate scales the keys and values of each attention.</summary>
    public bool Gated { get; init; }
}

/// <summary>Where a prefix stands, for what depends on positions.</summary>
public enum PrefixPositions
{
    /// <summary>Nowhere: tokens keep their positions, and no distance is added to the prefix's scores.</summary>
    None,

    /// <summary>Before the tokens of its stack, whose positions count from its end on, as HF peft's past keys and values do.</summary>
    Before,

    /// <summary>At the first positions of its stack's keys, the tokens' keys behind it, while what asks counts from the first position on: T5's distances to tokens grow by the
    /// length, and BART's decoder sees so many fewer of the nearest tokens. AdapterHub's attentions come out so; it is here for models that were trained there.</summary>
    Aligned,
}
