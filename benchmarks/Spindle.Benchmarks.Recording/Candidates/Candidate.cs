using Spindle.Designs.Plans;

namespace Spindle.Benchmarks.Recording.Candidates;

/// <summary>A design at a learning rate, which is recorded on every task, with every seed and number of training rows.</summary>
/// <param name="Index">The zero-based position in the list. It never changes.</param>
/// <param name="Name">The strategy, <c>head</c>, <c>paper</c> or <c>all</c>, or <c>random</c> with the number of the draw.</param>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Plan">The design with its sizes.</param>
/// <param name="Rate">The learning rate of everything but the head.</param>
internal sealed record Candidate(int Index, string Name, CandidateKind Kind, TuningPlan.Sized Plan, double Rate);

/// <summary>Where a candidate comes from.</summary>
internal enum CandidateKind
{
    /// <summary>One strategy in every layer.</summary>
    Plain,

    /// <summary>The head alone, the paper's design, or all strategies everywhere.</summary>
    Baseline,

    /// <summary>A random design of the space.</summary>
    Random,
}
