using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>The last training: the winner's recipe on all training rows, those that select included. Nothing selects here, so each task is trained once.</summary>
/// <param name="problem">The problem.</param>
internal sealed class RefitTrials(SearchProblem problem)
{
    private const string StageName = TrialKey.RefitStage;

    /// <summary>The stage and its unfinished trials.</summary>
    /// <param name="winner">The side that won.</param>
    /// <param name="rate">Its learning rate, or null for the study's.</param>
    /// <param name="epochs">Passes over the rows.</param>
    /// <param name="runs">The number of averaged runs, or null for the study's.</param>
    /// <param name="finished">The finished trials.</param>
    public (StageRecord Stage, IReadOnlyList<TrialSpec> Waiting) Next(Side winner, double? rate, int epochs, int? runs, FinishedTrials finished)
    {
        var given = SideOptions.Given(winner.Given, rate, winner.Settings, epochs, runs: runs);
        TrialSpec[] trials = [.. problem.Tasks.Select(task => new TrialSpec(
            new(StageName, winner.Name, 0, task.Name, winner.EpochsOf(epochs), DerivedSeed.Derive(problem.Study.Search.Seed, "refit", task.Name))
            {
                Given = given,
                LearningRate = rate,
                Settings = winner.Settings,
                UsesAllRows = true,
                AveragedRuns = runs,
            },
            winner.Plan!)
        {
            KeepsWeights = true,
            KeepsPredictions = true,
        })];
        var waiting = finished.Waiting(trials);
        var option = new OptionRecord(winner.Name, winner.Description, true, 1, 0, 0, null) { Role = winner.Role, Given = given };
        return (new(StageName, true, [option], waiting.Count == 0, waiting.Count == 0 ? winner.Name : null) { IsRefit = true }, waiting);
    }
}
