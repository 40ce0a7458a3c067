using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Studies;

/// <summary>An option of the final comparison of a store.</summary>
/// <param name="Study">The store's study.</param>
/// <param name="Record">The record of that study.</param>
/// <param name="Option">The option.</param>
/// <param name="Trials">The option's trials.</param>
internal sealed record StoredOption(Study Study, StudyRecord Record, OptionRecord Option, IReadOnlyList<Trial> Trials)
{
    /// <summary>Finds an option.</summary>
    /// <param name="store">The store's location.</param>
    /// <param name="wanted">The option's name, or null for the found design, or the winner if no design was searched.</param>
    /// <param name="strategies">The strategies that the study can name.</param>
    /// <param name="tasks">The tasks that the study can name.</param>
    /// <exception cref="FileNotFoundException">The store does not exist.</exception>
    /// <exception cref="InvalidDataException">The store has no such option, or is damaged.</exception>
    public static StoredOption Find(string store, string? wanted, StrategyRegistry strategies, TaskCatalogue tasks)
    {
        using var opened = TrialStores.OpenToRead(store);
        var name = opened.Name;
        var record = opened.Study ?? throw new InvalidDataException($"{name}: no search has been started on this store; start one on it");
        var study = Study.OfStore(record, store, strategies, tasks);
        var final = opened.Stages().LastOrDefault(stage => stage.IsFinalComparison)
            ?? throw new InvalidDataException($"{name}: the search has not reached its final comparison; resume it");
        var names = string.Join(", ", final.Options.Select(side => side.Name));
        var option = wanted is not null
            ? final.Options.FirstOrDefault(side => side.Name == wanted) ?? throw new InvalidDataException($"{name}: there is no option '{wanted}'; the options are {names}")
            : final.Options.FirstOrDefault(side => side.Role == OptionRole.Found) ?? final.Options.FirstOrDefault(side => side.Name == final.Chosen)
                ?? throw new InvalidDataException($"{name}: the search has no winner yet; name one of {names}");
        return new(study, record, option, [.. opened.Trials(final.Name).Where(trial => trial.Spec.Key.Option == option.Name && trial.Spec.Key.Given == option.Given)]);
    }
}
