using System.Globalization;
using Spindle.Data.Readers;
using Spindle.Data.Tasks.Rows;

namespace Spindle.Data.Tasks.Own;

/// <summary>A user's own tasks, read from any CSV, TSV, JSON lines or Parquet.</summary>
/// <param name="tasks">The tasks as they are described.</param>
public sealed class OwnTaskFamily(IReadOnlyList<OwnTask> tasks) : ITaskFamily
{
    private const int ManyLabelsFrom = 20;
    private const int FewRowsALabel = 5;

    private const string Remedy = "correct the file, or write 'on-bad-row: skip' to leave such rows out";

    /// <inheritdoc/>
    /// <remarks>Each is described by its files, which are read again each time.</remarks>
    public IReadOnlyList<TaskDefinition> Tasks => [.. tasks.Select(task => Look(task, null).Outcome.Definition)];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = [.. tasks.Select(task => task.Name)];

    /// <inheritdoc/>
    public TaskData Load(string name, string? dataFolder)
    {
        var task = tasks.First(task => task.Name == name);
        var (train, validation, outcome) = Look(task, dataFolder);
        var skips = task.OnBadRow == OnBadRow.Skip;
        var selection = task.Selection.Count == 0 ? null : Table.Open(OwnFiles.Resolve(task, task.Selection, dataFolder), Options(task));
        var duplicates = new DuplicateDetector { Parts = selection is null ? "validation" : "validation or selection" };
        SplitReader.Result held, rest;
        SplitReader.Result? selecting;
        if (validation is not null)
        {
            held = Reader(validation).Read("validation", validation, Checked(validation, outcome.Layout), duplicates, isTraining: false);
            selecting = Selecting();
            rest = Reader(train).Read("train", train, outcome.Layout, duplicates, isTraining: true);
        }
        else
        {
            selecting = Selecting();
            var taken = selection is null ? null : duplicates;
            // equal rows have equal digests, so that none is on both sides
            var bound = (ulong)(task.ValidationShare * ulong.MaxValue);
            // bad rows belong to training, where they are counted once
            held = Reader(train).Read("validation", train, outcome.Layout, taken, isTraining: true, IsHeld, judges: false);
            rest = Reader(train).Read("train", train, outcome.Layout, taken, isTraining: true, example => !IsHeld(example));

            bool IsHeld(Example example) => DuplicateDetector.DigestOf(example.First, example.Second, task.Seed) < bound;
        }
        var data = TaskAssembly.Assemble(outcome.Definition with { ClassWeights = WeightsOf(task.ClassWeights, outcome.Definition, rest.Split) }, rest, [held], selecting);
        data = data with { Warnings = [.. data.Warnings, .. ((string?[])[SimilarLabels(outcome.Definition), ManyLabels(data, outcome.Layout)]).OfType<string>()] };
        var test = task.Test.Count == 0 ? null : ReadTest(task, dataFolder, outcome);
        return data with
        {
            Inferred = validation is null ? [.. outcome.Inferred, Share(task, data)] : outcome.Inferred,
            Test = test?.Examples.Any(row => row.IsLabelled) == true ? test : null,
        };

        SplitReader.Result? Selecting()
        {
            if (selection is null) return null;
            var result = Reader(selection).Read("selection", selection, Checked(selection, outcome.Layout), duplicates, isTraining: true);
            foreach (var example in result.Split.Examples) duplicates.Add(example);
            return result;
        }

        SplitReader Reader(Table table) => ReaderOf(table, outcome, skips);
    }

    /// <inheritdoc/>
    public string? PlaceOf(string name, string? dataFolder, ulong digest)
    {
        var task = tasks.First(task => task.Name == name);
        var (train, validation, outcome) = Look(task, dataFolder);
        var selection = task.Selection.Count == 0 ? null : Table.Open(OwnFiles.Resolve(task, task.Selection, dataFolder), Options(task));
        return ((Table?[])[train, validation, selection]).OfType<Table>().Select(table => ReaderOf(table, outcome, skips: true).PlaceOf(table, outcome.Layout, digest)).FirstOrDefault(place => place is not null);
    }

    private static SplitReader ReaderOf(Table table, OwnTaskInference.Outcome outcome, bool skips) => new(
        outcome.Definition,
        new(skips ? 1 : 0, skips ? "correct the file, or name another" : Remedy, DropsDuplicates: true),
        text => LabelOf(outcome, text, table.Column(outcome.Layout.Answer!).ClassNames));

    /// <summary>Reads the test rows that a task names, with their labels where the files have the label's column. A row without a label is kept without one. Bad rows are refused,
    /// whatever the description says, because each test row needs an answer.</summary>
    /// <param name="name">One of the tasks.</param>
    /// <param name="dataFolder">The folder of the data, or null.</param>
    /// <returns>The rows, or null where the task names none.</returns>
    /// <exception cref="InvalidDataException">A row cannot be read, or a label is not one of the task's.</exception>
    public TaskSplit? LoadTest(string name, string? dataFolder)
    {
        var task = tasks.First(task => task.Name == name);
        return task.Test.Count == 0 ? null : ReadTest(task, dataFolder, Look(task, dataFolder).Outcome);
    }

    private static TaskSplit ReadTest(OwnTask task, string? dataFolder, OwnTaskInference.Outcome outcome)
    {
        var test = Table.Open(OwnFiles.Resolve(task, task.Test, dataFolder), Options(task));
        var layout = HasLabels(test, outcome) ? outcome.Layout : outcome.Layout with { Answer = null };
        var classes = layout.Answer is { } answer ? test.Column(answer).ClassNames : null;
        var policy = new BadRowPolicy(0, "correct the file", DropsDuplicates: false) { AllowsUnlabelled = true };
        return new SplitReader(outcome.Definition, policy, text => LabelOf(outcome, text, classes)).Read("test", test, layout, null, isTraining: false).Split;
    }

    // a column that holds no label at all only fills a place: −1, or a question mark
    private static bool HasLabels(Table test, OwnTaskInference.Outcome outcome)
    {
        var answer = outcome.Layout.Answer!;
        if (test.Find([answer]) is null) return false;
        var classes = test.Column(answer).ClassNames;
        return test.Rows([answer]).Where(row => row.Fault is null).Select(row => row.Fields[0]?.Trim() ?? "")
            .Any(text => outcome.Definition.Kind == TaskKind.TextToText ? text.Length > 0 : LabelOf(outcome, text, classes) is not null);
    }

    private static (Table Train, Table? Validation, OwnTaskInference.Outcome Outcome) Look(OwnTask task, string? dataFolder)
    {
        var train = Table.Open(OwnFiles.Resolve(task, task.Train, dataFolder), Options(task));
        var validation = task.Validation.Count == 0 ? null : Table.Open(OwnFiles.Resolve(task, task.Validation, dataFolder), Options(task));
        return (train, validation, new OwnTaskInference(task, train).Infer(validation is null ? [train] : [train, validation]));
    }

    private static TableOptions Options(OwnTask task) => new() { Format = task.Format, Header = task.Header };

    private static RowLayout Checked(Table table, RowLayout layout)
    {
        foreach (var column in (string?[])[layout.First, layout.Second, layout.Answer])
            if (column is not null) _ = table.Column(column);
        return layout;
    }

    // two spellings of what is probably one label
    private static string? SimilarLabels(TaskDefinition task)
    {
        var similar = task.Labels.GroupBy(label => string.Concat(label.Where(character => !char.IsWhiteSpace(character))).ToUpperInvariant()).Where(group => group.Count() > 1).ToArray();
        return similar.Length == 0 ? null
            : $"{task.Name}: the labels {string.Join(" and ", similar[0].Take(4).Select(label => $"'{MessageText.Shorten(label)}'"))} differ only by case or spaces"
                + $"{(similar.Length > 1 ? $", and {similar.Length - 1} more labels do" : "")}; if they mean the same, give them one name under 'labels'";
    }

    // a column of names or numbers is easily taken for the label's
    private static string? ManyLabels(TaskData data, RowLayout layout)
    {
        var (labels, rows) = (data.Task.Labels.Count, data.Train.Labelled.Count);
        return labels < ManyLabelsFrom || rows >= labels * FewRowsALabel ? null
            : string.Create(CultureInfo.InvariantCulture, $"{data.Task.Name}: {labels:N0} labels for {rows:N0} training rows are fewer than {FewRowsALabel} rows for each; is '{MessageText.Shorten(layout.Answer!)}' the label's column? ")
                + "Otherwise name another under 'columns', write 'kind: regression' for values, or join rare labels under 'labels'";
    }

    // balanced: the number of rows over the number of labels times the label's own number of rows
    private static double[]? WeightsOf(OwnClassWeights? weights, TaskDefinition task, TaskSplit train)
    {
        if (weights is null) return null;
        if (weights.ByLabel is { } given) return [.. task.Labels.Select(label => given.GetValueOrDefault(label, 1))];
        var counts = new int[task.Labels.Count];
        foreach (var example in train.Examples)
            if (example.IsLabelled) counts[(int)example.Label]++;
        // a label without a training row never enters the loss
        return [.. counts.Select(count => count == 0 ? 1 : (double)counts.Sum() / (counts.Length * count))];
    }

    private static string Share(OwnTask task, TaskData data) => string.Create(CultureInfo.InvariantCulture,
        $"{data.Validation[0].Examples.Count} of {data.Validation[0].Examples.Count + data.Train.Examples.Count} rows are held for validation (a share of {task.ValidationShare}, seed {task.Seed})");

    /// <summary>The class index or value of a label as files write it, or null where it is unknown.</summary>
    internal static double? LabelOf(OwnTaskInference.Outcome outcome, string text, IReadOnlyList<string>? classes)
    {
        if (outcome.Definition.Range is { } range)
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= range.Minimum && value <= range.Maximum ? value : null;
        if (outcome.Spellings.TryGetValue(text, out var label)) return label;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        if (classes is not null) return number < classes.Count && outcome.Spellings.TryGetValue(classes[number], out var named) ? named : null;
        // names given for a file that numbers its labels
        return !outcome.Spellings.Keys.Any(key => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _)) && number < outcome.Definition.Labels.Count ? number : null;
    }
}
