using System.ComponentModel.DataAnnotations;

namespace Spindle.Models.Tuning.Unipelt;

/// <summary>Options of UniPELT. The default proportions are close to AdapterHub's at a hidden size of 768: rank 8, prefix length 10, bottleneck 48.</summary>
public sealed record UnipeltOptions
{
    /// <summary>The prefix length per rank of LoRA.</summary>
    [Range(1, 64)]
    public int PrefixPerRank { get; init; } = 1;

    /// <summary>The width of the adapter's bottleneck per rank of LoRA.</summary>
    [Range(1, 64)]
    public int BottleneckPerRank { get; init; } = 6;

    /// <summary>The inner size of the prefix's network; null for a flat prefix.</summary>
    [Range(1, 65_536)]
    public int? Network { get; init; }
}
