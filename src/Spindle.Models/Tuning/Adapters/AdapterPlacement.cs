namespace Spindle.Models.Tuning.Adapters;

/// <summary>Where adapters are placed in a block.</summary>
public enum AdapterPlacement
{
    /// <summary>One after the feed-forward part (Pfeiffer et al. 2021).</summary>
    Pfeiffer,

    /// <summary>One beside the feed-forward part (He et al. 2022).</summary>
    Parallel,

    /// <summary>One after the attention and one after the feed-forward part (Houlsby et al. 2019).</summary>
    Houlsby,
}
