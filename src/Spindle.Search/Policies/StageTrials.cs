using System.Globalization;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>The trials of a stage: every design of every option on every task.</summary>
internal sealed class StageTrials
{
    private readonly SearchProblem problem;

    /// <param name="problem">The problem.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="designs">The designs of each option.</param>
    /// <param name="given">The decisions of earlier stages.</param>
    /// <param name="epochs">Passes over the training rows.</param>
    /// <param name="rows">The number of training rows, or null for all.</param>
    /// <param name="isRequired">Whether the search stops if no trial of an option can be run.</param>
    public StageTrials(SearchProblem problem, Stage stage, IReadOnlyList<OptionDesigns> designs, string given, int epochs, int? rows = null, bool isRequired = true)
    {
        this.problem = problem;
        Specs = [.. designs.SelectMany(option => option.Designs.SelectMany(design => problem.Tasks.Select(task => new TrialSpec(
            new(stage.Name, option.Option.Name, design.Sample, task.Name, epochs, Seed(stage.Name, option.Option.Name, design.Sample, task.Name)) { Given = given, TrainingRows = rows },
            design.Plan))))];
        var record = StageRecord.Of(stage, designs, given);
        Record = record with { Options = [.. record.Options.Select(option => option with { IsRequired = isRequired })] };
    }

    /// <summary>The stage's record, without a decision.</summary>
    public StageRecord Record { get; }

    /// <summary>The trials in order.</summary>
    public IReadOnlyList<TrialSpec> Specs { get; }

    /// <summary>The unfinished trials.</summary>
    public IReadOnlyList<TrialSpec> Waiting(FinishedTrials finished) => finished.Waiting(Specs);

    /// <summary>The option with the best mean over designs and tasks, or null if none has a mean. Ties go to the first option.</summary>
    public string? Best(FinishedTrials finished)
    {
        var trials = Specs.Select(spec => finished.Find(spec.Key)).OfType<Trial>().ToLookup(trial => trial.Spec.Key.Option);
        string? best = null;
        var bestMean = double.NegativeInfinity;
        foreach (var option in Record.Options)
        {
            if (OptionScore.Of(trials[option.Name], problem.Tasks.Count).Mean is not { } mean || mean <= bestMean) continue;
            (best, bestMean) = (option.Name, mean);
        }

        return best;
    }

    // the same for all options, so that their differences are those of pairs
    private int Seed(string stage, string option, int sample, string task)
    {
        var number = sample.ToString(CultureInfo.InvariantCulture);
        return problem.SharesDraws
            ? DerivedSeed.Derive(problem.Study.Search.Seed, "trial", stage, number, task)
            : DerivedSeed.Derive(problem.Study.Search.Seed, "trial", stage, option, number, task);
    }
}
