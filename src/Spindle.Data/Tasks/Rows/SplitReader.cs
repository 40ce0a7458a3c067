using Spindle.Data.Readers;

namespace Spindle.Data.Tasks.Rows;

/// <summary>Reads one part of a task's rows; a bad row is counted, the first ones are named, and too many are an error.</summary>
/// <param name="task">The task.</param>
/// <param name="policy">What becomes of bad rows.</param>
/// <param name="labelOf">The class index or value of a label as files write it: NaN where it says that there is none, null where it is unknown.</param>
internal sealed class SplitReader(TaskDefinition task, BadRowPolicy policy, Func<string, double?> labelOf)
{
    private const int MostNamed = 1000;
    private const int LinesInMessages = 5;

    /// <summary>What is read along the way.</summary>
    /// <param name="Split">The part.</param>
    /// <param name="Answers">The different labels, up to two: which shows a part that has one class only.</param>
    /// <param name="Duplicates">The rows kept although they are also in the validation rows.</param>
    /// <param name="FirstDuplicate">The first of them.</param>
    internal sealed record Result(TaskSplit Split, IReadOnlyList<double> Answers, int Duplicates, SkippedRow? FirstDuplicate);

    /// <summary>Reads a part.</summary>
    /// <param name="name">The part's name.</param>
    /// <param name="table">Its file or files.</param>
    /// <param name="layout">Its columns.</param>
    /// <param name="takes">Which rows belong to the part, or null for all; bad rows belong to it where <paramref name="judges"/> is true.</param>
    /// <param name="judges">Whether bad rows count; false for the second reading of a file that is divided.</param>
    /// <param name="detector">The validation rows, or null where none can be among the others: taken down where the part is validation, looked up where it is training.</param>
    /// <param name="isTraining">Whether the part is training.</param>
    /// <exception cref="InvalidDataException">There is no good row, or too many are bad.</exception>
    public Result Read(string name, Table table, RowLayout layout, DuplicateDetector? detector, bool isTraining, Func<Example, bool>? takes = null, bool judges = true)
    {
        using var rows = new ExampleStore.Builder();
        var skipped = new List<SkippedRow>();
        var faults = new Dictionary<RowFaultKind, int>();
        var answers = new HashSet<double>();
        var (duplicates, firstDuplicate) = (0, (SkippedRow?)null);
        var (isAnySound, firstFault) = (false, (SkippedRow?)null);
        foreach (var row in table.Rows(ColumnsOf(layout)))
        {
            var fault = row.Fault;
            var example = fault is null ? Parse(row.Fields, layout, out fault) : null;
            isAnySound |= example is not null;
            if (fault is not null) firstFault ??= new(row.File, row.Line, fault.Reason);
            if (example is not null && takes?.Invoke(example) == false) continue;
            if (example is not null && detector is not null)
            {
                if (!isTraining) detector.Add(example);
                else if (detector.Contains(example))
                {
                    if (policy.DropsDuplicates) fault = new(RowFaultKind.Duplicate, $"is also in the {detector.Parts} rows");
                    else if (duplicates++ == 0) firstDuplicate = new(row.File, row.Line, $"is also in the {detector.Parts} rows");
                }
            }
            if (fault is null)
            {
                rows.Add(example!);
                if (answers.Count < 2 && example!.Target is null && !double.IsNaN(example.Label)) answers.Add(example.Label);
            }
            else if (judges)
            {
                faults[fault.Kind] = faults.GetValueOrDefault(fault.Kind) + 1;
                if (skipped.Count < MostNamed) skipped.Add(new(row.File, row.Line, fault.Reason));
            }
        }
        if (!isAnySound && firstFault is not null) Refuse(table, 0, 1, [firstFault]);
        if (takes is not null && rows.Count == 0 && faults.Count == 0)
            throw new InvalidDataException($"{table.Files[0]}: the share leaves no row for {name}, since equal rows stay on one side; write another number under 'validation', name a file there, or add rows");
        Refuse(table, rows.Count, faults.Values.Sum(), skipped);
        return new(new(name, rows.Build(), skipped) { Faults = faults }, [.. answers], duplicates, firstDuplicate);
    }

    /// <summary>The place of the first row with a digest, or null.</summary>
    /// <param name="table">The file or files.</param>
    /// <param name="layout">Their columns.</param>
    /// <param name="digest">The row's digest.</param>
    public string? PlaceOf(Table table, RowLayout layout, ulong digest)
    {
        foreach (var row in table.Rows(ColumnsOf(layout)))
            if (row.Fault is null && Parse(row.Fields, layout, out _) is { } example && RowDigest.Compute(example) == digest) return FormattableString.Invariant($"{row.File}:{row.Line}");
        return null;
    }

    private static string[] ColumnsOf(RowLayout layout) => [layout.First, .. layout.Second is { } second ? [second] : (string[])[], .. layout.Answer is { } answer ? [answer] : (string[])[]];

    private void Refuse(Table table, int good, int bad, List<SkippedRow> skipped)
    {
        var remedy = bad > 0 && skipped[0].Reason == RowFault.Encoding.Reason ? RowFault.EncodingRemedy : policy.Remedy;
        var first = bad == 0 ? null : $"{skipped[0].File}:{skipped[0].Line}: {skipped[0].Reason}";
        if (good == 0) throw bad == 0 ? table.Empty() : new InvalidDataException($"{first}, and no other row can be read; {remedy}");
        if (bad == 0 || bad <= policy.LargestShare * (good + bad)) return;
        var others = skipped.Skip(1).Take(LinesInMessages).Select(row => $"{row.Line}").ToArray();
        throw new InvalidDataException(bad == 1
            ? $"{first}; {remedy}"
            : $"{first}, and {bad - 1} more of {good + bad} rows are bad (lines {string.Join(", ", others)}{(bad - 1 > others.Length ? ", …" : "")}); {remedy}");
    }

    private Example? Parse(IReadOnlyList<string?> fields, RowLayout layout, out RowFault? fault)
    {
        fault = null;
        var first = fields[0];
        var second = layout.Second is null ? null : fields[1];
        if (string.IsNullOrWhiteSpace(first) || (layout.Second is not null && string.IsNullOrWhiteSpace(second)))
        {
            fault = new(RowFaultKind.EmptyText, "a sentence is empty");
            return null;
        }
        var answer = layout.Answer is null ? null : fields[^1] ?? "";
        if (answer is null || (policy.AllowsUnlabelled && string.IsNullOrWhiteSpace(answer))) return new(first, second, double.NaN);
        if (task.Kind == TaskKind.TextToText)
        {
            if (!string.IsNullOrWhiteSpace(answer)) return new(first, second, double.NaN) { Target = answer };
            fault = new(RowFaultKind.EmptyText, "the target is empty");
            return null;
        }
        if (labelOf(answer.Trim()) is { } label) return new(first, second, label);
        fault = new(RowFaultKind.UnknownLabel, string.IsNullOrWhiteSpace(answer) ? "the label is missing" : $"'{MessageText.Shorten(answer)}' is not a "
            + (task.Range is { } range ? FormattableString.Invariant($"number from {range.Minimum} to {range.Maximum}") : "label"));
        return null;
    }
}
