namespace Spindle.Search.Trials;

/// <summary>What a trial is for; a store has one trial for each.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Option">The option's name.</param>
/// <param name="Sample">The zero-based sample; in the final comparison the seed's index.</param>
/// <param name="Task">The task's name.</param>
public sealed record TrialKey(string Stage, string Option, int Sample, string Task)
{
    /// <summary>The key in one line: <c>S1 spindle #3 sst2</c>.</summary>
    public override string ToString() => $"{Stage} {Option} #{Sample + 1} {Task}";
}
