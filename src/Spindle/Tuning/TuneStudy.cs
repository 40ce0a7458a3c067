using System.Text;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;
using Spindle.Models.Tuning;
using Spindle.Search.Policies;
using Spindle.Search.Studies;
using Spindle.Studies;

namespace Spindle.Tuning;

/// <summary>Plans the study that finds the best model for one file of labelled rows. It is an ordinary study: it can be written, edited and run again.</summary>
public static class TuneStudy
{
    private const double HeldForReports = 0.15;
    private const double SelectionShare = 0.2;

    // scoring more of them takes time and decides nothing
    private const int MostSelectionRows = 2_000;
    private const int MostValidationRows = 2_000;

    // fewer training rows than these are read in smaller batches, for enough steps
    private const int FewRows = 500;

    /// <summary>Reads the file, infers what it asks for, and plans the study.</summary>
    /// <param name="options">The file, and what may be spent.</param>
    /// <returns>The study, and the rows as they were read, with what was inferred.</returns>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file cannot be read, or what it asks for cannot be inferred.</exception>
    public static (Study Study, TaskData Rows) Plan(TuneOptions options)
    {
        var task = new OwnTask(NameOf(options.File), [options.File])
        {
            Validation = options.Validation is { } validation ? [validation] : [],
            ValidationShare = HeldForReports,
            Seed = options.Seed,
            Columns = new(options.Texts.ElementAtOrDefault(0), options.Texts.ElementAtOrDefault(1), options.Target),
            // the warnings of the rows say how many, and why
            OnBadRow = OnBadRow.Skip,
        };
        var rows = new OwnTaskFamily([task]).Load(task.Name, null);
        var train = rows.Train.Labelled.Count;
        var study = new Study(task.Name, options.Backbone, [task])
        {
            Budget = options.Budget,
            Strategies = DefaultStrategies.Variants.Keys.ToDictionary(name => name, name => DefaultStrategies.Configuration(name, StrategyRegistry.Default), StringComparer.Ordinal),
            Space = new() { Groups = 3, Strategies = ["lora", "lora-all", "bitfit", "adapter", "parallel"] },
            LearningRates = [1e-3, 2e-3],
            Training = new()
            {
                Epochs = 3,
                BatchSize = train < FewRows ? 8 : 16,
                LearningRate = 1e-3,
                HeadLearningRate = 1e-3,
                Head = options.Head,
                Selection = Math.Min(SelectionShare, (double)MostSelectionRows / Math.Max(1, train)),
                SelectionSplits = 5,
                ValidationLimit = MostValidationRows,
            },
            Search = new()
            {
                Policy = JointPolicy.PolicyName,
                SamplesPerOption = 3,
                Seed = options.Seed,
                FinalEpochs = 3,
                FinalSeeds = 5,
                Baselines = [BaselineNames.Untrained, BaselineNames.Head],
                Refit = true,
                Prefer = "lora-all",
                Limit = new(options.Time),
            },
        };
        return (study, rows);
    }

    // a name that studies and folders accept
    private static string NameOf(string file)
    {
        var name = new StringBuilder();
        foreach (var letter in Path.GetFileNameWithoutExtension(file)) name.Append(char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-');
        var trimmed = name.ToString().Trim('.', '-');
        // the names of tasks that are part of Spindle mean those
        return trimmed.Length == 0 || TaskCatalogue.Default.Names.Contains(trimmed) ? $"my-{(trimmed.Length == 0 ? "task" : trimmed)}" : trimmed;
    }
}
