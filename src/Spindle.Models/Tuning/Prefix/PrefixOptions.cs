using System.ComponentModel.DataAnnotations;
using Spindle.Designs.Shapes;

namespace Spindle.Models.Tuning.Prefix;

/// <summary>Options of prefix tuning.</summary>
public sealed record PrefixOptions
{
    /// <summary>The attentions with a prefix.</summary>
    [MinLength(1)]
    public IReadOnlyList<AttentionPlace> Places { get; init; } = new PrefixCost().Places;

    /// <summary>The inner size of the network that makes keys and values during training; null to train keys and values directly.</summary>
    [Range(1, 65_536)]
    public int? Network { get; init; }

    /// <summary>Which positions the prefix takes.</summary>
    public PrefixPositions Positions { get; init; }

    /// <summary>The longest prefix for any budget.</summary>
    [Range(1, 4096)]
    public int MaximumLength { get; init; } = new PrefixCost().MaximumLength;

    /// <summary>Whether a gate scales the prefix of each attention.</summary>
    public bool Gated { get; init; }

    /// <summary>Whether every layer has the same length, whatever the allocation, as HF peft needs it.</summary>
    public bool? EqualLengths { get; init; }
}

/// <summary>Which positions a prefix takes.</summary>
public enum PrefixPositions
{
    /// <summary>None: tokens keep their positions, and prefix scores get no relative-position bias.</summary>
    None,

    /// <summary>The first positions of its stack, with the tokens after it, like past keys and values in HF peft.</summary>
    Before,

    /// <summary>The first positions of its stack's keys, with the tokens' keys after it, while queries still count from the first position. T5's distances to tokens grow by
    /// the length, and each position of BART's decoder sees that many fewer of the nearest tokens. AdapterHub's attentions behave like this; the option is for models trained there.</summary>
    Aligned,
}
