using System.Text.Json;
using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Search.Execution;
using Spindle.Tuning;

namespace Spindle.Benchmarks.Quality;

/// <summary>What <c>spindle tune</c> makes of 1,000 training rows in a given time on one core.</summary>
/// <param name="Task">The task of GLUE.</param>
/// <param name="Seed">The seed of the drawn rows and of the search.</param>
/// <param name="Minutes">The time for training.</param>
internal sealed record Contest(string Task, int Seed, int Minutes) : Measurement(Task, Seed)
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
            var (planned, _) = TuneStudy.Plan(new(train) { Texts = rows.Task.Pairs ? ["text", "other"] : ["text"], Target = "label", Validation = validation, Time = TimeSpan.FromMinutes(Minutes), Seed = Seed });
            // every development row is scored
            var study = planned with { Training = planned.Training with { ValidationLimit = null } };
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var result = StudySearch.Run(study, new() { TunedFolder = Path.Combine(folder.FullName, "tuned") }, new Printed());
            foreach (var warning in result.Warnings) Console.WriteLine($"  {warning}");
            var winner = result.Winner ?? throw new InvalidOperationException($"{Task}: the search has no winner");
            // what is handed back is the last training, where there is one
            return new(Math.Round((result.Refit ?? winner).Validation ?? 0, 3), [], winner.Trained ?? 0, Math.Round(clock.Elapsed.TotalSeconds, 1))
            {
                Chosen = winner.Name + (result.Refit is null ? "" : ", trained again on all rows"),
                Sides = [.. result.Sides.Where(side => side.Mean is not null).Select(side => new ComparedSide(side.Name, Rounded(side.Mean), Rounded(side.Validation)))],
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double? Rounded(double? score) => score is { } value ? Math.Round(value, 3) : null;

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
