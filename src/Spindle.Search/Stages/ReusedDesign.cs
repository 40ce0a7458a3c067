using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>A design that an earlier stage trained, and that counts for an option of a later one under the same sample.</summary>
/// <param name="Stage">The stage that trained it.</param>
/// <param name="Option">Its option there.</param>
/// <param name="Given">The decisions before that stage, see <see cref="TrialKey.Given"/>.</param>
/// <param name="Sample">The zero-based sample.</param>
public sealed record ReusedDesign(string Stage, string Option, string Given, int Sample)
{
    /// <summary>The design of a trial.</summary>
    /// <param name="key">The trial's key.</param>
    public static ReusedDesign Of(TrialKey key) => new(key.Stage, key.Option, key.Given, key.Sample);

    /// <summary>Whether a trial is one of the design.</summary>
    /// <param name="key">The trial's key.</param>
    public bool Has(TrialKey key) => (key.Stage, key.Option, key.Given, key.Sample) == (Stage, Option, Given, Sample);
}
