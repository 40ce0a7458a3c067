using System.Globalization;
using Spindle.Data.Readers;
using Spindle.Data.Tasks.Rows;
using Spindle.Designs.Text;

namespace Spindle.Data.Tasks.Own;

/// <summary>Tells what a description of a task leaves out by looking at its files.</summary>
/// <param name="task">The description.</param>
/// <param name="train">The training rows.</param>
internal sealed class OwnTaskInference(OwnTask task, Table train)
{
    private const int RowsLookedAt = 1000;
    private const int MostLabels = 10_000;
    private const int MostClassesOfNumbers = 10;
    private const int LabelsListed = 20;
    private const string F1 = "f1";

    private static readonly string[] LabelNames = ["label", "labels", "class", "category", "gold_label", "intent", "sentiment", "is_duplicate", "score", "rating", "stars", "quality"];
    private static readonly string[] TargetNames = ["target", "summary", "highlights", "output", "translation", "answer"];
    private static readonly string[] FirstNames = ["text", "sentence", "sentence1", "text1", "text_a", "premise", "question1", "question", "document", "source", "input", "article"];
    private static readonly string[] SecondNames = ["sentence2", "text2", "text_b", "hypothesis", "question2", "sentence", "context"];

    // errors are minimised, so that the task's score takes the skill over a constant prediction in their place
    private static readonly Dictionary<string, string> Skill = new(StringComparer.Ordinal)
    {
        [OwnTaskYaml.MeanSquaredError] = "squared-error-skill",
        [OwnTaskYaml.MeanAbsoluteError] = "absolute-error-skill",
    };

    private readonly List<string> inferred = [];
    private TableRow? bad;

    /// <summary>What is known of the task in the end.</summary>
    /// <param name="Definition">The task.</param>
    /// <param name="Layout">Its columns.</param>
    /// <param name="Inferred">What was inferred from the files, one line each.</param>
    /// <param name="Spellings">The class of each label as files write it.</param>
    internal sealed record Outcome(TaskDefinition Definition, RowLayout Layout, IReadOnlyList<string> Inferred, IReadOnlyDictionary<string, int> Spellings);

    /// <summary>Looks at the first rows, and through all of them for labels or a range that are not given.</summary>
    /// <param name="everything">The training rows, and the validation rows where they are separate files.</param>
    /// <exception cref="InvalidDataException">The files do not contain enough to infer the rest.</exception>
    public Outcome Infer(IReadOnlyList<Table> everything)
    {
        var profiles = Profiles();
        var answer = Answer(profiles);
        var (first, second) = Texts([.. profiles.Where(profile => profile.Name != answer.Name)]);
        var layout = new RowLayout(first, second, answer.Name);
        var kind = task.Kind switch
        {
            OwnTaskKind.Classification or OwnTaskKind.Pair => TaskKind.Classification,
            OwnTaskKind.Regression => TaskKind.Regression,
            OwnTaskKind.TextToText => TaskKind.TextToText,
            _ => KindOf(answer),
        };
        if (kind == TaskKind.TextToText && second is not null) throw Fault($"a text is written from one text, not from '{first}' and '{second}'; name the one under 'columns: {{source: …}}'");
        var spellings = kind == TaskKind.Classification ? Spellings(answer.Name) : [];
        var metrics = Metrics(kind);
        string[] labels = [.. spellings.OrderBy(pair => pair.Value).DistinctBy(pair => pair.Value).Select(pair => NameOf(pair.Key))];
        if (metrics.Contains(F1) && labels.Length != 2) throw Fault($"metric f1 is of one of two labels, and there are {labels.Length}; write 'metric: f1-macro'");
        var outcome = new Outcome(
            new(task.Name, kind, labels, second is not null, [.. metrics.Select(metric => Skill.GetValueOrDefault(metric, metric))], kind == TaskKind.Regression ? task.Range ?? Range(everything, answer.Name) : null)
            {
                Prefix = task.Prefix,
                Reported = [.. metrics.Where(Skill.ContainsKey)],
                Columns = new(first, second) { HasHeader = task.Header },
            },
            layout,
            inferred,
            spellings);
        if (task.ClassWeights?.ByLabel?.Keys.FirstOrDefault(label => !labels.Contains(label)) is { } unknown)
            throw Fault($"'{MessageText.Shorten(unknown)}' is not a label; write one of {Listed(labels)} under 'class-weights'");
        if (task.ClassWeights is not null && kind != TaskKind.Classification) throw Fault($"a task of kind {KebabCase.From(kind)} has no class weights; leave them out");
        return metrics.Contains(F1) && Positive(outcome) == 0
            ? outcome with { Definition = outcome.Definition with { Metrics = [.. metrics.Select(metric => metric == F1 ? TaskDefinition.F1OfFirst : metric)] } }
            : outcome;
    }

    // the class that f1 is of: the label that is named, or else the rarer one, and of equally frequent ones the second
    private int Positive(Outcome outcome)
    {
        var labels = outcome.Definition.Labels;
        if (task.Positive is { } named)
        {
            if (labels.ToList().IndexOf(named) is >= 0 and var index) return index;
            return outcome.Spellings.TryGetValue(named, out var spelled) ? spelled : throw Fault($"'{MessageText.Shorten(named)}' is not a label; write one of {Listed(labels)} under 'positive'");
        }
        var counts = new int[labels.Count];
        var classes = train.Column(outcome.Layout.Answer!).ClassNames;
        foreach (var row in GoodRows(train.Rows([outcome.Layout.Answer!])))
            if (OwnTaskFamily.LabelOf(outcome, row.Fields[0]?.Trim() ?? "", classes) is { } label) counts[(int)label]++;
        var positive = counts[0] < counts[1] ? 0 : 1;
        inferred.Add($"the positive label of f1 is '{MessageText.Shorten(labels[positive])}', the {(counts[0] == counts[1] ? "second" : "rarer")} one; name another under 'positive'");
        return positive;
    }

    private static string Listed(IReadOnlyList<string> labels) =>
        string.Join(", ", labels.Take(LabelsListed).Select(label => $"'{MessageText.Shorten(label)}'")) + (labels.Count > LabelsListed ? $" and {labels.Count - LabelsListed} more" : "");

    private static string Columns(IEnumerable<ColumnProfile> profiles) => string.Join(", ", profiles.Select(profile => $"'{MessageText.Shorten(profile.Name)}'"));

    private string NameOf(string written) => task.Labels.FirstOrDefault(label => label.Written == written)?.Name ?? written;

    private List<ColumnProfile> Profiles()
    {
        if (train.Columns.Count == 0) throw train.Empty();
        List<ColumnProfile> profiles = [.. train.Columns.Select(column => new ColumnProfile(column.Name))];
        if (profiles.GroupBy(profile => profile.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Fault($"two columns are called '{MessageText.Shorten(twice.Key)}'; rename one");
        foreach (var row in GoodRows(train.Rows([.. profiles.Select(profile => profile.Name)])).Take(RowsLookedAt))
            for (var at = 0; at < profiles.Count; at++) profiles[at].Add(row.Fields[at]);
        if (!train.Rows([profiles[0].Name]).Any()) throw train.Empty();
        return profiles;
    }

    private ColumnProfile Answer(List<ColumnProfile> profiles)
    {
        if ((task.Columns.Label ?? task.Columns.Target) is { } given) return Given(profiles, given);
        ColumnProfile[] free = [.. profiles.Where(profile => profile.Name != task.Columns.First && profile.Name != task.Columns.Second)];
        string[] names = task.Kind == OwnTaskKind.TextToText ? TargetNames : [.. LabelNames, .. TargetNames];
        var found = names.Select(name => free.FirstOrDefault(profile => string.Equals(profile.Name, name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(profile => profile is not null);
        if (found is null)
        {
            ColumnProfile[] fitting = task.Kind switch
            {
                OwnTaskKind.TextToText => [.. free.Where(profile => profile.IsProse && profile.Name != FirstText(free)?.Name)],
                OwnTaskKind.Regression => [.. free.Where(profile => profile is { IsNumeric: true, IsId: false, Filled: > 0 })],
                _ => [.. free.Where(profile => (profile is { IsCategory: true, IsProse: false } || profile.IsNumeric) && profile is { IsId: false, Filled: > 0 })],
            };
            found = fitting.Length == 1 ? fitting[0] : null;
        }
        if (found is null)
            throw Fault($"which column is the {(task.Kind == OwnTaskKind.TextToText ? "target" : "label")}? The file has {Columns(profiles)}; "
                + $"write 'columns: {{{(task.Kind == OwnTaskKind.TextToText ? "source: …, target" : "text: …, label")}: …}}', or '--target COLUMN' with 'spindle tune'");
        inferred.Add($"the {(task.Kind == OwnTaskKind.TextToText ? "target" : "label")} is column '{MessageText.Shorten(found.Name)}'");
        return found;
    }

    private (string First, string? Second) Texts(ColumnProfile[] free)
    {
        var second = task.Columns.Second is { } givenSecond ? Given(free, givenSecond) : null;
        if (task.Columns.First is { } givenFirst)
        {
            var given = Given(free, givenFirst);
            if (second is not null || task.Kind != OwnTaskKind.Pair) return (given.Name, second?.Name);
        }
        if (second is null && task.Columns.First is null && MayBePair && UsualPair(free) is { } usual)
        {
            inferred.Add($"the texts are columns '{MessageText.Shorten(usual.First)}' and '{MessageText.Shorten(usual.Second)}'");
            return usual;
        }
        var first = task.Columns.First is { } known ? Given(free, known) : FirstText([.. free.Where(profile => profile != second)]);
        if (first is null) throw Fault($"which column is the text? The file has {Columns(train.Columns.Select(column => new ColumnProfile(column.Name)))}; write 'columns: {{text: …}}', or '--text COLUMN' with 'spindle tune'");
        ColumnProfile[] others = [.. free.Where(profile => profile != first && profile is { IsProse: true, IsId: false })];
        if (second is null && MayBePair)
            second = Named(others, SecondNames) ?? (others.Length == 1 && task.Kind == OwnTaskKind.Pair ? others[0] : null);
        if (task.Kind == OwnTaskKind.Pair && second is null) throw Fault($"which columns are the pair? The file has {Columns(free)}; write 'columns: {{first: …, second: …}}'");
        inferred.Add(second is null ? $"the text is column '{MessageText.Shorten(first.Name)}'" : $"the texts are columns '{MessageText.Shorten(first.Name)}' and '{MessageText.Shorten(second.Name)}'");
        return (first.Name, second?.Name);
    }

    private bool MayBePair => task.Kind is null or OwnTaskKind.Pair or OwnTaskKind.Regression && task.Columns.Target is null;

    // both columns of a pair by their names, where both hold texts, unless another column has the name of a single text
    private static (string First, string Second)? UsualPair(IReadOnlyList<ColumnProfile> free)
    {
        var single = Named(free, FirstNames)?.Name;
        foreach (var pair in UsualPairs.Names.Where(pair => single is null || string.Equals(pair.First, single, StringComparison.OrdinalIgnoreCase)))
            if (Named(free, [pair.First]) is { IsNumeric: false, IsId: false, Filled: > 0 } first && Named(free, [pair.Second]) is { IsNumeric: false, IsId: false, Filled: > 0 } second)
                return (first.Name, second.Name);
        return null;
    }

    // a known name, or the only column of prose, or the only one of words
    private static ColumnProfile? FirstText(IReadOnlyList<ColumnProfile> free)
    {
        if (Named(free, FirstNames) is { } named) return named;
        ColumnProfile[] prose = [.. free.Where(profile => profile is { IsProse: true, IsId: false })];
        if (prose.Length > 0) return prose.Length == 1 ? prose[0] : null;
        ColumnProfile[] words = [.. free.Where(profile => profile is { IsNumeric: false, IsId: false, Filled: > 0 })];
        return words.Length == 1 ? words[0] : null;
    }

    private static ColumnProfile? Named(IReadOnlyList<ColumnProfile> profiles, string[] names) => names
        .Select(name => profiles.FirstOrDefault(profile => string.Equals(profile.Name, name, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(profile => profile is not null);

    private ColumnProfile Given(IEnumerable<ColumnProfile> profiles, string name)
    {
        _ = train.Column(name);
        return profiles.FirstOrDefault(profile => profile.Name == name) ?? throw Fault($"column '{name}' is asked for twice; name another under 'columns'");
    }

    private TaskKind KindOf(ColumnProfile answer)
    {
        var (kind, why) = task.Columns.Target is not null ? (TaskKind.TextToText, "")
            : task.Labels.Count > 0 ? (TaskKind.Classification, "")
            : task.Range is not null ? (TaskKind.Regression, "")
            : train.Column(answer.Name).ClassNames is not null ? (TaskKind.Classification, "the file names its classes")
            : answer is { IsNumeric: true, IsWhole: false } ? (TaskKind.Regression, "it holds fractions")
            : answer.IsNumeric ? answer.Distinct <= MostClassesOfNumbers
                ? (TaskKind.Classification, $"it holds {answer.Distinct} whole numbers")
                : (TaskKind.Regression, $"it holds more than {MostClassesOfNumbers} whole numbers")
            : answer.IsCategory || !answer.IsProse ? (TaskKind.Classification, $"it holds {answer.Distinct} words")
            : (TaskKind.TextToText, "it holds texts");
        if (why.Length > 0) inferred.Add($"the kind is {KebabCase.From(kind)}, since of '{MessageText.Shorten(answer.Name)}' {why}");
        return kind;
    }

    private IReadOnlyList<string> Metrics(TaskKind kind)
    {
        var known = OwnTaskYaml.MetricsOf(kind);
        if (task.Metrics.FirstOrDefault(metric => !known.Contains(metric)) is { } unfit)
            throw Fault($"metric '{unfit}' does not fit a task of kind {KebabCase.From(kind)}; write one of {string.Join(", ", known)}");
        return task.Metrics.Count > 0 ? task.Metrics : kind switch { TaskKind.Regression => [.. known.Take(2)], TaskKind.TextToText => [.. known.Take(3)], _ => [known[0]] };
    }

    private Dictionary<string, int> Spellings(string column)
    {
        if (task.Labels.Count > 0)
        {
            string[] names = [.. task.Labels.Select(label => label.Name).Distinct()];
            return task.Labels.ToDictionary(label => label.Written, label => Array.IndexOf(names, label.Name), StringComparer.Ordinal);
        }
        if (train.Column(column).ClassNames is { } classes)
        {
            if (classes.Distinct().Count() != classes.Count || classes.Count < 2) throw Fault($"column '{column}' names fewer than two classes, or one twice; write 'labels: […]'");
            return classes.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);
        }
        var labels = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in GoodRows(train.Rows([column]).Select(WithWholeLabel)))
        {
            if (row.Fields[0]?.Trim() is { Length: > 0 } label) labels.Add(label);
            if (labels.Count > MostLabels) throw Fault($"column '{column}' holds more than {MostLabels} labels; is it the label? Write 'kind: regression' for values, or name another column");
        }
        if (labels.All(IsNumber)) labels.RemoveWhere(label => !double.IsFinite(Number(label)));
        if (labels.Count < 2) throw Fault($"column '{column}' holds {(labels.Count == 0 ? "no label" : $"one label only, '{MessageText.Shorten(labels.First())}'")}; a classification needs two");
        inferred.Add($"{labels.Count} labels are in the training rows");
        string[] ordered = labels.All(IsNumber) ? [.. labels.OrderBy(Number).ThenBy(label => label, StringComparer.Ordinal)] : [.. labels.Order(StringComparer.Ordinal)];
        return ordered.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);

        static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private ScoreRange Range(IReadOnlyList<Table> everything, string column)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var row in GoodRows(everything.SelectMany(table => table.Rows([column]))))
            if (double.TryParse(row.Fields[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
        if (!(least < most)) throw Fault($"column '{column}' holds {(least > most ? "no number" : "one value only")}; a regression needs two, or write 'range: [0, 1]'");
        inferred.Add(string.Create(CultureInfo.InvariantCulture, $"values are from {least} to {most}"));
        return new(least, most);
    }

    // what the bad rows hold is not known, and may be all that is missed
    private IEnumerable<TableRow> GoodRows(IEnumerable<TableRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Fault is null) yield return row;
            else bad ??= row;
        }
    }

    // such a row may hold the only other label
    private static TableRow WithWholeLabel(TableRow row) => row.Fault == RowFault.HalfSurrogate ? throw HalfSurrogate(row, "the label ") : row;

    private static InvalidDataException HalfSurrogate(TableRow row, string what) =>
        new($"{row.File}:{row.Line}: {what}{row.Fault!.Reason} (an escape such as \\ud800 without its other half), which is not a character; correct the line, or remove it");

    // where texts cannot be read, that is what is wrong, and not what could not be found in them
    private InvalidDataException Fault(string message) => bad is { Fault: { } half } && (half == RowFault.HalfSurrogate || half == RowFault.HalfSurrogateInName) ? HalfSurrogate(bad, "")
        : bad is { Fault.Kind: RowFaultKind.Encoding } ? new($"{bad.File}:{bad.Line}: {RowFault.Encoding.Reason}; {RowFault.EncodingRemedy}")
        : new($"{train.Files[0]}: task '{task.Name}': {message}" + (bad is { Fault: { } fault } ? $" ({bad.File}:{bad.Line} could not be looked at: {fault.Reason})" : ""));
}
