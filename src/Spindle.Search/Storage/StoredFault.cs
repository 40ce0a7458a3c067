using System.Globalization;
using Spindle.Designs.Plans;
using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>Finds what no search writes: a store may have been edited or damaged, and what reads it relies on these rules.</summary>
internal static class StoredFault
{
    // far above what any training can reach, and low enough that no sum, mean or square over a store overflows
    private const double Largest = 1e100;
    private const double MostSeconds = 1e10;
    private const long MostRows = 1_000_000_000_000;
    private const long MostParameters = 1_000_000_000_000;
    private const int MostLayers = 100_000;

    /// <summary>The first fault of a study, or null.</summary>
    public static string? Of(StudyRecord study)
    {
        if (study.BackboneParameters is < 1 or > MostParameters) return Range("the number of the backbone's parameters", study.BackboneParameters, 1, MostParameters);
        if (study.Budget is < 0 or > MostParameters) return Range("the budget", study.Budget, 0, MostParameters);
        if (study.Settings?.Any(setting => setting.Value is null) == true) return "a setting is null";
        if (study.SamplesPerOption < 0 || study.Epochs < 0 || study.FinalEpochs < 0 || study.FinalSeeds < 0) return "a number of designs, epochs or seeds is negative";
        if (study.Tasks.Any(task => task is null)) return "a task is null";
        if (study.Runs.Any(run => run is null)) return "a run is null";
        if (study.Earlier.Any(earlier => earlier is null || earlier.Tasks.Any(task => task is null) || earlier.LeftOut < 0)) return "an earlier search is wrong";
        if (study.Earlier.SelectMany(earlier => earlier.Scores).Any(score => !IsScore(score))) return "a score of an earlier search is wrong";
        if (study.Tasks.Count == 0) return "it has no task";
        if (study.Tasks.GroupBy(task => task.Name).FirstOrDefault(group => group.Count() > 1) is { } twice) return $"task '{twice.Key}' is listed twice";
        return study.Tasks.Select(Of).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>The first fault of a stage, or null.</summary>
    public static string? Of(StageRecord stage)
    {
        if (stage.Options.Any(option => option is null)) return "an option is null";
        if (stage.Options.GroupBy(option => option.Name).FirstOrDefault(group => group.Count() > 1) is { } twice) return $"option '{twice.Key}' is listed twice";
        if (stage.Options.Any(option => option.Designs < 0 || option.Infeasible < 0 || option.Duplicates < 0)) return "a number of designs is negative";
        if (stage.Options.Any(option => !Enum.IsDefined(option.Role))) return "the role of an option is unknown";
        if (stage.Options.Any(option => option.Reused.Any(design => design is null))) return "a reused design is null";
        if (stage.Options.Any(option => option.Dropped is { Designs: < 0 } or { Probability: not (>= 0 and <= 1) })) return "when an option was dropped is unknown";
        if (stage.Race is { } race && (!Enum.IsDefined(race.End) || race.Probability is not (null or (>= 0 and <= 1)))) return "how a stage ended is unknown";
        if (stage.Earlier.Any(earlier => earlier is null || earlier.Ranks is { Value: not (>= -1 and <= 1) })) return "the rank correlation with an earlier search is wrong";
        return stage.IsRefit && stage.Options.Count == 0 ? "it has no option" : null;
    }

    /// <summary>The first fault of the sizes of a plan, or null.</summary>
    public static string? Of(IReadOnlyList<LayerTuning> layers)
    {
        if (layers.Any(layer => layer?.Strategies.Any(strategy => strategy is null) ?? true)) return "a layer or a strategy is missing";
        if (layers.Any(layer => layer.Layer is < 0 or >= MostLayers)) return "the number of a layer is out of range";
        if (layers.DistinctBy(layer => layer.Layer).Count() < layers.Count) return "a layer is listed twice";
        return layers.SelectMany(layer => layer.Strategies).FirstOrDefault(strategy => strategy.Size < 0 || strategy.Parameters is < 0 or > MostParameters) is { } wrong
            ? $"the size of '{wrong.Name}' is out of range"
            : null;
    }

    /// <summary>The first fault of predictions, or null.</summary>
    public static string? Of(SplitPredictions predictions) => predictions switch
    {
        // a regression that diverged may predict what is not a number
        SplitPredictions.OfLabels values when values.Labels.Concat(values.Predictions).Any(value => Math.Abs(value) > Largest) => "a label or prediction is infinite",
        SplitPredictions.OfTexts texts when texts.References.Concat(texts.Written).Any(text => text is null) => "a text is null",
        _ => null,
    };

    /// <summary>The fault of a point of a curve, or null.</summary>
    public static string? Of(LossPoint point)
    {
        if (point.Examples is < 0 or > MostRows) return Range("the number of its rows", point.Examples, 0, MostRows);
        return Math.Abs(point.Loss) <= Largest ? null : $"a loss is {Number(point.Loss)}";
    }

    /// <summary>The first fault of a trial, or null.</summary>
    public static string? Of(Trial trial)
    {
        if (trial.Spec.Key.LearningRate is { } rate && !(double.IsFinite(rate) && rate > 0)) return $"its learning rate is {Number(rate)}";
        if (trial.Examples is < 0 or > MostRows) return Range("the number of its rows", trial.Examples, 0, MostRows);
        if (trial.State == TrialState.Completed && trial.Outcome?.Score is null) return "it is completed, but has no score";
        if (trial.IsFinished && trial.EndOrder is null) return "it has ended, but not its place in the order of ends";
        return trial.Outcome is { } outcome ? Of(outcome) : null;
    }

    /// <summary>The first fault of the trials that reports compare seed by seed, or null.</summary>
    /// <param name="study">The study.</param>
    /// <param name="trials">The trials of the final comparison.</param>
    public static string? Of(StudyRecord study, IEnumerable<Trial> trials)
    {
        var known = study.Tasks.Select(task => task.Name).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<(string, string, int, string)>();
        foreach (var key in trials.Select(trial => trial.Spec.Key))
        {
            if (!known.Contains(key.Task)) return $"the study has no task '{key.Task}', but a trial of it";
            if (!seen.Add((key.Option, key.Given, key.Sample, key.Task))) return $"trial {key} is there twice";
        }

        return null;
    }

    private static bool IsScore(EarlierScore? score) => score is not null && Math.Abs(score.Points) <= Largest && score.LearningRate is null or (> 0 and <= Largest)
        && new[] { score.Plan.Layers, score.Plan.Budget, score.Plan.Depth }.Concat(score.Plan.Strategies.Values.SelectMany(part => part is null ? [double.NaN] : (double[])[part.Share, part.Places, part.Depth])).All(double.IsFinite)
        && score.Plan.Budget >= 0;

    private static string? Of(TrialOutcome outcome)
    {
        foreach (var (name, points) in ((string, double?)[])[("score", outcome.Score), ("validation score", outcome.Validation), ("test score", outcome.Test)])
            if (points is { } value && !(Math.Abs(value) <= Largest)) return $"its {name} is {Number(value)}; a score is a number of points";
        if (!(outcome.Seconds is >= 0 and <= MostSeconds)) return $"it took {Number(outcome.Seconds)} seconds";
        if (outcome.MillisecondsPerRow is { } row && !(row is >= 0 and <= MostSeconds)) return $"it predicts a row in {Number(row)} milliseconds";
        if (outcome.RemainingParameters is < 0 or > MostParameters) return Range("the number of its parameters beside the backbone", outcome.RemainingParameters.Value, 0, MostParameters);
        if (outcome.ExampleSteps is < 0 or > MostRows) return Range("the number of its rows", outcome.ExampleSteps, 0, MostRows);
        if (outcome.Trained is < 0 or > MostParameters) return Range("the number of its trained parameters", outcome.Trained, 0, MostParameters);
        return outcome.HeadParameters is < 0 or > MostParameters ? Range("the number of its head's parameters", outcome.HeadParameters, 0, MostParameters) : null;
    }

    private static string? Of(TaskChance task)
    {
        if (!(Math.Abs(task.Chance) <= Largest)) return $"the score of guessing on task '{task.Name}' is {Number(task.Chance)}";
        if (task.LowestScore is { } lowest && !(Math.Abs(lowest) <= Largest)) return $"the lowest score of task '{task.Name}' is {Number(lowest)}";
        if (task.CutRows < 0 || task.ExaminedRows < 0 || task.TrainingRows < 0 || task.AllRows < 0) return $"a number of rows of task '{task.Name}' is negative";
        return task.Rows?.Any(part => part is null || part.Count < 0 || part.RowsPerBlock < 1) == true ? $"the rows of task '{task.Name}' are wrong" : null;
    }

    private static string Range(string what, long value, long least, long most) => string.Create(CultureInfo.InvariantCulture, $"{what} is {value}; it is from {least} to {most}");

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
