namespace Spindle.Designs;

/// <summary>How the budget is shared out over the layers, along depth.</summary>
public enum AllocationPattern
{
    /// <summary>Layer i gets a share proportional to i: the last the most.</summary>
    Increasing,

    /// <summary>Every layer gets the same number of parameters.</summary>
    Uniform,

    /// <summary>Layer i of L gets a share proportional to L + 1 − i: the first the most.</summary>
    Decreasing,

    /// <summary>Every layer has drawn a share of its own: stage S0, no constraint.</summary>
    Drawn,
}
