namespace Spindle.Designs;

/// <summary>How the budget is shared among the layers, along depth.</summary>
public enum AllocationPattern
{
    /// <summary>Layer i gets a share proportional to i; the last layer gets the most.</summary>
    Increasing,

    /// <summary>Every layer gets the same number of parameters.</summary>
    Uniform,

    /// <summary>Layer i of L gets a share proportional to L + 1 − i; the first layer gets the most.</summary>
    Decreasing,

    /// <summary>Every layer has a random share (stage S0, no constraint).</summary>
    Drawn,
}
