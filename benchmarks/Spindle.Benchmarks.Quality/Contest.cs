using System.Text.Json;
using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Search.Execution;
using Spindle.Search.Studies;
using Spindle.Tuning;

namespace Spindle.Benchmarks.Quality;

/// <summary>What <c>spindle tune</c> makes of 1,000 training rows on one core.</summary>
/// <param name="Task">The task of GLUE.</param>
/// <param name="Seed">The seed of the drawn rows and of the search.</param>
/// <param name="Minutes">The time for training, or null for the whole comparison: every side, all strategies everywhere, the paper's design and full fine-tuning too, each at its best learning rate and trained once.</param>
internal sealed record Contest(string Task, int Seed, int? Minutes) : Measurement(Task, Seed)
{
    /// <inheritdoc/>
    public override Result Run(string data)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var rows = TaskCatalogue.Default.Load(Task, data);
            var (train, validation) = (Path.Combine(folder.FullName, $"{Task}-rows.jsonl"), Path.Combine(folder.FullName, "development.jsonl"));
            Write(train, rows.Task, RowSample.Draw(rows.Train.Labelled, Rows, Seed));
            Write(validation, rows.Task, rows.Validation[0].Labelled);
            var (planned, _) = TuneStudy.Plan(new(train) { Texts = rows.Task.Pairs ? ["text", "other"] : ["text"], Target = "label", Validation = validation, Time = TimeSpan.FromMinutes(Minutes ?? 1), Seed = Seed });
            // every development row is scored
            var study = planned with { Training = planned.Training with { ValidationLimit = null } };
            // the draws of rows take the place of seeds
            if (Minutes is null) study = study with { Search = study.Search with { Limit = new(), Baselines = [.. study.Search.Baselines, BaselineNames.All, BaselineNames.Paper, BaselineNames.Full], FinalSeeds = 1, Refit = false } };
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var result = StudySearch.Run(study, new() { TunedFolder = Path.Combine(folder.FullName, "tuned") }, new Printed());
            foreach (var warning in result.Warnings) Console.WriteLine($"  {warning}");
            return Result.Of(result, clock.Elapsed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(string file, TaskDefinition task, IEnumerable<Example> rows) => File.WriteAllLines(file, rows.Select(row => JsonSerializer.Serialize(row.Second is { } second
        ? new { text = row.First, other = second, label = Label(task, row.Label) }
        : (object)new { text = row.First, label = Label(task, row.Label) })));

    private static object Label(TaskDefinition task, double label) => task.Kind == TaskKind.Classification ? task.Labels[(int)label] : label;

    private sealed class Printed : IProgress<SearchProgress>
    {
        private string? stage;

        public void Report(SearchProgress value)
        {
            if (value.Stage == stage) return;
            stage = value.Stage;
            Console.WriteLine($"  {value.Stage}: {value.StageTrials} trials");
        }
    }
}
