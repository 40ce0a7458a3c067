using System.CommandLine;
using System.Diagnostics;
using Spindle.Cli.Terminal;
using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Reports;
using Spindle.Search;
using Spindle.Search.Execution;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Training.Evaluation;
using Spindle.Training.Trials;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle search</c>: runs a study, or goes on with one.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var study = new Argument<string>("study") { Description = "The study file (YAML)." };
        var store = new Option<string?>("--store") { Description = "The file that keeps every trial; beside the study file, with the ending .db, by default." };
        var workers = new Option<int?>("--workers") { Description = "Trials at a time; as many as the cores hold by default. It does not change the numbers." };
        var tuned = new Option<string?>("--tuned") { Description = "The folder for the tuned weights; beside the store, with the ending .tuned, by default." };
        var command = new Command("search",
            "Searches for the best design of a study, stage by stage, and compares it with the baselines. Run the same command again to go on after a stop.\n\n"
            + "Example:\n  spindle search studies/quickstart.yaml --workers 2")
        {
            study, store, workers, tuned,
        };
        command.SetAction((parsed, stop) => Task.FromResult(Run(
            parsed.GetRequiredValue(study), parsed.GetValue(store), parsed.GetValue(workers), parsed.GetValue(tuned), stop)));
        return command;
    }

    private static int Run(string studyFile, string? storeFile, int? workers, string? tunedFolder, CancellationToken stop)
    {
        if (workers < 1) throw new InvalidDataException($"--workers {workers}: must be at least 1");
        var study = StudyYaml.Read(studyFile, StrategyRegistry.Default, TaskCatalogue.Default);
        storeFile ??= Path.ChangeExtension(studyFile, ".db");
        tunedFolder ??= Path.ChangeExtension(storeFile, ".tuned");
        var context = ContextOf(study);
        SearchSession.RefuseWhatCannotFit(study, context);
        var count = workers ?? Math.Max(1, Environment.ProcessorCount / study.Training.Threads);

        using var store = SqliteTrialStore.OpenOrCreate(storeFile);
        using var pool = new WorkerProcesses(count, () => WorkerCommand.StartInfo(storeFile, tunedFolder));
        var session = new SearchSession(study, context, store, pool, new() { TunedFolder = tunedFolder });
        Console.WriteLine($"study {study.Name}: {context.Shape.Name}, {context.Shape.Parameters:N0} parameters, budget {context.Budget:N0}, "
            + $"{context.Tasks.Count} tasks, {context.Space.Size} designs, {count} workers");
        StudyResult result;
        var clock = Stopwatch.StartNew();
        try
        {
            result = SearchDisplay.Show(progress => session.Run(progress, stop));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"spindle: interrupted; every trial that ended is in {storeFile}. To go on: spindle search {studyFile}"
                + (storeFile == Path.ChangeExtension(studyFile, ".db") ? "" : $" --store {storeFile}"));
            return ExitCodes.Interrupted;
        }
        catch (SearchException error)
        {
            Console.Error.WriteLine($"spindle: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Failed;
        }
        Console.WriteLine(TextReport.Write(result));
        Console.WriteLine($"{clock.Elapsed:h\\:mm\\:ss} for this run; tuned weights in {tunedFolder}, every trial in {storeFile}");
        return ExitCodes.Done;
    }

    // loads backbone and rows once, so that what is wrong with them is said before any worker starts
    private static SearchContext ContextOf(Study study)
    {
        using var runner = new TrialRunner(study, TaskCatalogue.Default, StrategyRegistry.Default);
        return SearchContext.Of(study, runner.Shape, runner.Costs, task =>
        {
            var rows = runner.Task(task);
            foreach (var warning in rows.Warnings) Console.Error.WriteLine($"warning: {warning}");
            return TaskScores.Chance(rows);
        });
    }
}
