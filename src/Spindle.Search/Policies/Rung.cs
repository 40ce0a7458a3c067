using System.Globalization;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>A side, with the values of other settings that it is tried with, and a learning rate.</summary>
/// <param name="Side">The side.</param>
/// <param name="Rate">The rate, or null for the study's.</param>
internal sealed record Contender(Side Side, LearningRate? Rate)
{
    /// <summary>The name, unique in a rung.</summary>
    public string Name => SideOptions.Name(Side, Side.At(Rate));
}

/// <summary>Contenders that are trained under the same conditions: one training run on each task, with the same seeds and the same rows.</summary>
/// <param name="problem">The problem.</param>
/// <param name="index">The zero-based index among the rungs; it decides the selection split.</param>
/// <param name="contenders">The contenders. Equally good ones keep their order.</param>
/// <param name="epochs">Passes over the training rows.</param>
/// <param name="rows">The number of training rows, or null for all.</param>
internal sealed class Rung(SearchProblem problem, int index, IReadOnlyList<Contender> contenders, int epochs, int? rows)
{
    private string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"rung {index + 1}");

    /// <summary>The trials, contender by contender.</summary>
    public IReadOnlyList<TrialSpec> Trials => [.. contenders.SelectMany(TrialsFor)];

    /// <summary>The contenders.</summary>
    public IReadOnlyList<Contender> Contenders => contenders;

    /// <summary>The mean score of each contender over tasks, −∞ where a trial of it could not be run; null until all trials have finished.</summary>
    public IReadOnlyList<double>? Points(FinishedTrials finished)
    {
        Trial?[][] trials = [.. contenders.Select(contender => TrialsFor(contender).Select(spec => finished.Find(spec.Key)).ToArray())];
        return trials.Any(ofContender => ofContender.Contains(null)) ? null : [.. trials.Select(ofContender => ofContender.Average(trial => trial!.Counts ? trial.Points : double.NegativeInfinity))];
    }

    /// <summary>The stage.</summary>
    /// <param name="best">The best contender, or null until all trials have finished.</param>
    /// <param name="leftOut">What a limit left out, or null.</param>
    public StageRecord Record(Contender? best, string? leftOut) => new(
        Name, true, [.. contenders.Select(contender => new OptionRecord(contender.Name, contender.Side.Description, true, 1, 0, 0, null) { Given = Given(contender), IsRequired = false })], best is not null, best?.Name)
    {
        LeftOut = leftOut,
    };

    private IEnumerable<TrialSpec> TrialsFor(Contender contender) => problem.Tasks.Select(task => new TrialSpec(
        new(Name, contender.Name, contender.Side.Sample, task.Name, contender.Side.EpochsOf(epochs), DerivedSeed.Derive(problem.Study.Search.Seed, "rung", index.ToString(CultureInfo.InvariantCulture), task.Name))
        {
            Given = Given(contender),
            LearningRate = contender.Side.At(contender.Rate),
            Settings = contender.Side.Settings,
            TrainingRows = rows,
            Split = index % problem.SelectionSplits,
        },
        contender.Side.Plan!));

    private string Given(Contender contender) => SideOptions.Given("", contender.Side.At(contender.Rate), contender.Side.Settings, epochs, rows);
}
