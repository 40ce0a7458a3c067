using Spindle.Designs.Text;
using Spindle.Search.Studies;

namespace Spindle.Search.Policies;

/// <summary>The policies that a study can name.</summary>
public static class SearchPolicies
{
    private static readonly OrderedDictionary<string, Func<SearchProblem, ISearchPolicy>> ByName = new(StringComparer.Ordinal)
    {
        [ExhaustivePolicy.PolicyName] = problem => new ExhaustivePolicy(problem),
        [StagedPolicy.PolicyName] = problem => new StagedPolicy(problem),
        [JointPolicy.PolicyName] = problem => new JointPolicy(problem),
        [ComparisonPolicy.PolicyName] = problem => new ComparisonPolicy(problem),
        [SuccessiveHalvingPolicy.PolicyName] = problem => new SuccessiveHalvingPolicy(problem),
    };

    /// <summary>The names of the policies.</summary>
    public static IReadOnlyList<string> Names => ByName.Keys;

    /// <summary>Creates the policy that a problem's study names.</summary>
    /// <exception cref="InvalidDataException">The policy does not exist. The message lists the known ones.</exception>
    public static ISearchPolicy Create(SearchProblem problem)
    {
        var name = problem.Study.Search.Policy;
        if (ByName.TryGetValue(name, out var create)) return create(problem);
        throw new InvalidDataException(NearestName.Find(name, Names) is { } nearest
            ? $"unknown policy '{name}'; did you mean '{nearest}'?"
            : $"unknown policy '{name}'; the policies are {string.Join(", ", Names)}");
    }
}
