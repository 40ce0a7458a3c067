using System.ComponentModel.DataAnnotations;

namespace Spindle.Models.Tuning.Mam;

/// <summary>Options of the mix-and-match adapter. The default proportion is close to the paper's, prefix length 30 and bottleneck 512 (He et al. 2022, section 4.6).</summary>
public sealed record MamOptions
{
    /// <summary>The width of the adapter's bottleneck per position of the prefix.</summary>
    [Range(1, 256)]
    public int BottleneckPerPosition { get; init; } = 16;

    /// <summary>The factor of the adapter's output.</summary>
    public double Scaling { get; init; } = 4;

    /// <summary>The inner size of the prefix's network; null for a flat prefix.</summary>
    [Range(1, 65_536)]
    public int? Network { get; init; }
}
