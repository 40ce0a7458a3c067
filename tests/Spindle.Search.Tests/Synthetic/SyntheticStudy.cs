using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Search.Studies;
using Spindle.Tests.Costs;

namespace Spindle.Search.Tests.Synthetic;

/// <summary>A study on a backbone that exists as a shape only.</summary>
internal static class SyntheticStudy
{
    public static SearchStudy Of(int seed = 42, int samples = 2, int groups = 4, string[]? strategies = null, string budget = "5%", string[]? tasks = null,
        TunableGroupOptions tunable = TunableGroupOptions.Runs, int finalSeeds = 2, string policy = "exhaustive", int epochs = 3) => WithText(new()
        {
            Name = "synthetic",
            Backbone = "tiny",
            Tasks = tasks ?? ["left", "family/right"],
            Budget = Budget.Parse(budget),
            Space = new() { Groups = groups, Strategies = strategies ?? ["adapter", "prefix", "bitfit", "lora"], TunableGroups = tunable },
            Epochs = epochs,
            Search = new() { Policy = policy, SamplesPerOption = samples, Seed = seed, FinalEpochs = 5, FinalSeeds = finalSeeds, Baselines = [BaselineNames.Full] },
        });

    public static SearchProblem Problem(SearchStudy study, int layers = 6) =>
        SearchProblem.Of(study, Shape(layers), TestCosts.All, task => new(task, task == "left" ? 50 : 0) { TrainingRows = 100, AllRows = 120 });

    public static BackboneShape Shape(int layers, int hidden = 64)
    {
        LinearPlace[] attention = [LinearPlace.AttentionQuery, LinearPlace.AttentionKey, LinearPlace.AttentionValue, LinearPlace.AttentionOutput];
        var block = new BlockShape(
            "encoder",
            hidden,
            [new(false, hidden)],
            [
                .. attention.Select(place => new LinearShape(place, hidden, hidden, true)),
                new(LinearPlace.FeedForwardIn, hidden, 4 * hidden, true),
                new(LinearPlace.FeedForwardOut, 4 * hidden, hidden, true),
            ],
            [new(hidden, true), new(hidden, true)]);
        return new("tiny", 400_000, [.. Enumerable.Range(0, layers).Select(_ => new LayerShape([block]))]);
    }

    private static SearchStudy WithText(SearchStudy study)
    {
        var text = FormattableString.Invariant(
            $"""
            tasks: {string.Join(", ", study.Tasks)}
            budget: {study.Budget}
            space:
              groups: {study.Space.Groups}
              strategies: {string.Join(", ", study.Space.Strategies)}
              tunable-groups: {study.Space.TunableGroups}
            training:
              epochs: {study.Epochs}
            search:
              policy: {study.Search.Policy}
              samples-per-option: {study.Search.SamplesPerOption}
              seed: {study.Search.Seed}
              final-epochs: {study.Search.FinalEpochs}
              final-seeds: {study.Search.FinalSeeds}
            """);
        return study with { Text = text, Settings = StudyText.Settings(text) };
    }
}
