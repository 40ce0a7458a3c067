using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Search;
using Spindle.Search.Execution;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Training.Evaluation;
using Spindle.Training.Trials;

namespace Spindle;

/// <summary>Runs a study from a program, in this process and in memory.</summary>
public static class StudySearch
{
    /// <summary>Searches for the best design of a study, and compares it with the baselines.</summary>
    /// <param name="studyFile">The study file (YAML).</param>
    /// <param name="stop">Ends the search early.</param>
    /// <returns>What the search found.</returns>
    /// <exception cref="InvalidDataException">The study file, its backbone or its data are not valid.</exception>
    /// <exception cref="SearchException">The search cannot continue.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public static StudyResult Run(string studyFile, CancellationToken stop = default)
    {
        var study = StudyYaml.Read(studyFile, StrategyRegistry.Default, TaskCatalogue.Default);
        using var runner = new TrialRunner(study, TaskCatalogue.Default, StrategyRegistry.Default);
        var context = SearchContext.Of(study, runner.Shape, runner.Costs, task => TaskScores.Chance(runner.Task(task)));
        SearchSession.RefuseWhatCannotFit(study, context);
        using var workers = new InProcessWorkers(runner);
        return new SearchSession(study, context, new InMemoryTrialStore(), workers).Run(stop: stop);
    }
}
