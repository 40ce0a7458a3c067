namespace Spindle.Search.Studies;

/// <summary>Which sets of tuned groups stage S3 compares.</summary>
public enum TunableGroupOptions
{
    /// <summary>Each group alone, the first and the last two and three groups, all: the paper's.</summary>
    Runs,

    /// <summary>Every non-empty subset.</summary>
    AllSubsets,
}
