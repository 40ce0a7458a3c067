using System.Globalization;
using Spindle.Data.Readers;

namespace Spindle.Data.Tasks.Glue;

/// <summary>Reads one TSV file of a GLUE task; a bad row is skipped and named, a bad file is an error.</summary>
internal static class GlueFile
{
    private const double LargestBadShare = 0.1;
    private const int LongestShown = 40;

    public static TaskSplit Read(string path, string split, GlueTask task)
    {
        var examples = new List<Example>();
        var skipped = new List<SkippedRow>();
        Places? places = task.Columns is GlueColumns.Positions columns ? new(columns.First, null, columns.Label, columns.Count) : null;
        foreach (var row in TsvReader.Read(path))
        {
            if (places is null) places = Header(path, row, (GlueColumns.Named)task.Columns);
            else if (Parse(row, places, task, out var reason) is { } example) examples.Add(example);
            else skipped.Add(new(path, row.Line, reason));
        }
        if (examples.Count == 0)
            throw new InvalidDataException(skipped.Count == 0
                ? $"{path}: holds no row; fetch the file anew"
                : $"{path}:{skipped[0].Line}: {skipped[0].Reason}, and no other row can be read; is this the {task.Definition.Name} file that GLUE hands out?");
        if (skipped.Count > LargestBadShare * (skipped.Count + examples.Count))
            throw new InvalidDataException($"{path}:{skipped[0].Line}: {skipped[0].Reason}, and {skipped.Count - 1} more of {skipped.Count + examples.Count} rows are bad; "
                + $"is this the {task.Definition.Name} file that GLUE hands out?");
        return new(split, examples, skipped);
    }

    private static Places Header(string path, TsvRow row, GlueColumns.Named columns)
    {
        return new(Find(columns.First), columns.Second is null ? null : Find(columns.Second), Find(columns.Label), row.Fields.Count);

        int Find(string name)
        {
            for (var index = 0; index < row.Fields.Count; index++)
                if (row.Fields[index] == name) return index;
            throw new InvalidDataException($"{path}:{row.Line}: the header has no column '{name}'; it has {string.Join(", ", row.Fields.Take(12).Select(Shown))}");
        }
    }

    private static Example? Parse(TsvRow row, Places places, GlueTask task, out string reason)
    {
        reason = "";
        if (row.Fields.Count != places.Count)
        {
            reason = $"{row.Fields.Count} columns, not {places.Count}";
            return null;
        }
        var first = row.Fields[places.First];
        var second = places.Second is { } place ? row.Fields[place] : null;
        if (string.IsNullOrWhiteSpace(first) || (second is not null && string.IsNullOrWhiteSpace(second))) reason = "a sentence is empty";
        else if (Label(row.Fields[places.Label].Trim(), task) is { } label) return new(first, second, label);
        else reason = $"'{Shown(row.Fields[places.Label])}' is no label";
        return null;
    }

    private static double? Label(string text, GlueTask task)
    {
        if (task.Definition.Range is { } range)
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= range.Minimum && value <= range.Maximum
                ? value
                : null;
        var name = task.Spellings is null ? text : task.Spellings.GetValueOrDefault(text, text);
        for (var index = 0; index < task.Definition.Labels.Count; index++)
            if (task.Definition.Labels[index] == name) return index;
        return null;
    }

    // a file's own text in a message: on one line, short, and nothing that a terminal would obey
    private static string Shown(string text)
    {
        char[] kept = [.. text.Take(LongestShown).Select(character => char.IsControl(character) ? ' ' : character)];
        return text.Length > LongestShown ? $"{new string(kept)}…" : new(kept);
    }

    private sealed record Places(int First, int? Second, int Label, int Count);
}
