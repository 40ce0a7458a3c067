namespace Spindle.Search.Studies;

/// <summary>Which sets of tuned groups stage S3 compares.</summary>
public enum TunableGroupOptions
{
    /// <summary>Each group alone, the first and last two and three groups, and all groups, as in the paper.</summary>
    Runs,

    /// <summary>Every non-empty subset.</summary>
    AllSubsets,
}
