namespace Spindle.Data.Tasks.Rows;

/// <summary>What becomes of rows that cannot be read.</summary>
/// <param name="LargestShare">The share of bad rows beyond which a part is refused; 0 refuses the first.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="DropsDuplicates">Whether a training row that is also in the validation rows is a bad one; otherwise it is kept and reported.</param>
internal sealed record BadRowPolicy(double LargestShare, string Remedy, bool DropsDuplicates)
{
    /// <summary>Whether a row without an answer is a good one, as a row to be labelled is.</summary>
    public bool AllowsUnlabelled { get; init; }
}
