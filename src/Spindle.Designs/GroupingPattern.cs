namespace Spindle.Designs;

/// <summary>How the sizes of consecutive groups relate (paper, section 3).</summary>
public enum GroupingPattern
{
    /// <summary>Each group is larger than the one before it.</summary>
    Increasing,

    /// <summary>All groups have the same size.</summary>
    Uniform,

    /// <summary>Each group is smaller than the one before it.</summary>
    Decreasing,

    /// <summary>Groups grow towards the middle and then shrink.</summary>
    Spindle,

    /// <summary>Groups shrink towards the middle and then grow.</summary>
    Bottleneck,

    /// <summary>Every layer is its own group (stage S0, no constraint).</summary>
    EveryLayer,

    /// <summary>Explicit sizes that follow no pattern.</summary>
    Custom,
}
