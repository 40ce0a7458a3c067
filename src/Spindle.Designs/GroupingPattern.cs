namespace Spindle.Designs;

/// <summary>How the sizes of consecutive groups relate (paper, section 3).</summary>
public enum GroupingPattern
{
    /// <summary>Each group is larger than the one before it.</summary>
    Increasing,

    /// <summary>All groups are of one size.</summary>
    Uniform,

    /// <summary>Each group is smaller than the one before it.</summary>
    Decreasing,

    /// <summary>Groups grow to the middle and shrink after it.</summary>
    Spindle,

    /// <summary>Groups shrink to the middle and grow after it.</summary>
    Bottleneck,

    /// <summary>Every layer is a group of its own: stage S0, no constraint.</summary>
    EveryLayer,

    /// <summary>Sizes given by hand, which follow no pattern.</summary>
    Custom,
}
