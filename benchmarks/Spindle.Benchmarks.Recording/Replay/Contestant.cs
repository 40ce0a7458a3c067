using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Search.Policies;
using Spindle.Search.Studies;

namespace Spindle.Benchmarks.Recording.Replay;

/// <summary>A policy with what it may spend.</summary>
/// <param name="Name">The policy.</param>
/// <param name="Cost">What decides its cost, in words.</param>
/// <param name="Search">The settings of the search, without the seed.</param>
internal sealed record Contestant(string Name, string Cost, SearchSettings Search)
{
    // as many as there are recorded
    private static readonly SearchSettings Common = new() { FinalSeeds = 2, FinalEpochs = RecordedStudy.Epochs, Baselines = [] };

    /// <summary>The strategies of the space, or null for those that are recorded.</summary>
    public IReadOnlyList<string>? Strategies { get; init; }

    /// <summary>Every policy at several costs.</summary>
    public static IReadOnlyList<Contestant> All { get; } =
    [
        new("lora rates", "3 rates", Common with { Policy = ComparisonPolicy.PolicyName }) { Strategies = ["lora"] },
        new("plain strategies", "3 rates", Common with { Policy = ComparisonPolicy.PolicyName }),
        .. from designs in (int[])[10, 30, 100]
           select new Contestant("random", FormattableString.Invariant($"{designs} designs"), Common with { Policy = ComparisonPolicy.PolicyName, Baselines = [BaselineNames.Random], RandomDesigns = designs }),
        .. from samples in (int[])[3, 10, 30]
           select new Contestant("joint", FormattableString.Invariant($"{samples} designs"), Common with { Policy = JointPolicy.PolicyName, SamplesPerOption = samples }),
        .. from thousands in (int[])[20, 50, 100]
           select new Contestant("joint", FormattableString.Invariant($"{thousands},000 examples"), Common with { Policy = JointPolicy.PolicyName, SamplesPerOption = 30, Limit = new(Examples: 1000L * thousands) }),
        .. from samples in (int[])[1, 3]
           select new Contestant("exhaustive", FormattableString.Invariant($"{samples} for each option"), Common with { Policy = ExhaustivePolicy.PolicyName, SamplesPerOption = samples }),
        .. from samples in (int[])[1, 3, 10]
           select new Contestant("staged", FormattableString.Invariant($"at most {samples} for each option"), Common with { Policy = StagedPolicy.PolicyName, SamplesPerOption = samples }),
    ];

    /// <summary>The problem of a search.</summary>
    /// <param name="recorded">The recorded problem.</param>
    /// <param name="table">The recorded trials.</param>
    /// <param name="seed">The seed of the search.</param>
    public SearchProblem Problem(SearchProblem recorded, ReplayTable table, int seed)
    {
        var study = recorded.Study with { Tasks = table.Tasks, Search = Search with { Seed = seed }, Space = recorded.Study.Space with { Strategies = Strategies ?? recorded.Study.Space.Strategies } };
        return SearchProblem.Of(study, recorded.Shape, recorded.Costs, task => new(task, 0) { TrainingRows = table.Rows[^1], AllRows = table.Rows[^1] });
    }
}
