using Spindle.Designs.Text;

namespace Spindle.Search.Policies;

/// <summary>The policies by name.</summary>
public static class SearchPolicies
{
    private static readonly ISearchPolicy[] All = [new ExhaustivePolicy()];

    /// <summary>The names that a study may give.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(policy => policy.Name)];

    /// <summary>The policy of this name.</summary>
    /// <exception cref="InvalidDataException">There is none; the message names those that there are.</exception>
    public static ISearchPolicy Find(string name) => Array.Find(All, policy => policy.Name == name)
        ?? throw new InvalidDataException(NearestName.Of(name, Names) is { } nearest
            ? $"unknown policy '{name}'; did you mean '{nearest}'?"
            : $"unknown policy '{name}'; known are {string.Join(", ", Names)}");
}
