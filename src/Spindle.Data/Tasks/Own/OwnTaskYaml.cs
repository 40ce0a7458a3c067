using System.Text.RegularExpressions;
using Spindle.Data.Readers;
using Spindle.Designs.Text;
using Spindle.Yaml;

namespace Spindle.Data.Tasks.Own;

/// <summary>A user's own task as YAML: <c>{name: reviews, train: reviews.csv, columns: {text: review, label: stars}}</c>.</summary>
public static partial class OwnTaskYaml
{
    private const double Far = 1e12;
    private const double LargestWeight = 1e6;
    private const string Balanced = "balanced";

    /// <summary>The metric of squared errors, which is minimised.</summary>
    internal const string MeanSquaredError = "mean-squared-error";

    /// <summary>The metric of absolute errors, which is minimised.</summary>
    internal const string MeanAbsoluteError = "mean-absolute-error";

    private static readonly string[] ClassMetrics = ["accuracy", "f1", "f1-macro", "matthews"];
    private static readonly string[] ValueMetrics = ["pearson", "spearman", MeanSquaredError, MeanAbsoluteError];
    private static readonly string[] TextMetrics = ["rouge1", "rouge2", "rougeL", "rougeLsum", "exact-match", "bleu", "bleu-international", "bleu-characters", "bleu-none", "bleu-romanian", "chrf", "chrf++"];

    /// <summary>Reads a task from one line of YAML.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">The text describes no task.</exception>
    public static OwnTask Parse(string text, string name) => Read(YamlSource.Parse(text, name).Root);

    /// <summary>Reads a task.</summary>
    /// <exception cref="InvalidDataException">The value describes no task; the message says where, why and what to do.</exception>
    public static OwnTask Read(YamlValue value)
    {
        var keys = value.AsMapping();
        var defaults = new OwnTask("", []);
        var name = keys.Required("name").As(text => Name().IsMatch(text) ? text : throw new FormatException($"'{text}' has other marks than letters, digits, '-', '_' and '.'"));
        var validation = keys.Value("validation");
        var share = validation is { IsList: false, IsMapping: false } && double.TryParse(validation.AsText(), System.Globalization.CultureInfo.InvariantCulture, out _)
            ? validation.AsNumber(0, 0.9, aboveMin: true)
            : (double?)null;
        var task = new OwnTask(name, Files(keys.Required("train"), "train"))
        {
            Validation = validation is null || share is not null ? [] : Files(validation, "validation"),
            ValidationShare = share ?? defaults.ValidationShare,
            Selection = keys.Value("selection") is { } selection ? SelectionFiles(selection) : [],
            Seed = keys.Integer("seed", 0, int.MaxValue) ?? defaults.Seed,
            Test = keys.Value("test") is { } test ? Files(test, "test") : [],
            Columns = Columns(keys.Mapping("columns")),
            Kind = keys.Choice<OwnTaskKind>("kind"),
            Labels = keys.Value("labels") is { } labels ? Labels(labels) : [],
            Range = keys.Value("range") is { } range ? Range(range) : null,
            Positive = keys.Value("positive")?.AsText(),
            ClassWeights = keys.Value("class-weights") is { } weights ? Weights(weights) : null,
            OnBadRow = keys.Choice<OnBadRow>("on-bad-row") ?? defaults.OnBadRow,
            Header = keys.Value("header")?.AsChoice(["true", "false"]) is not "false",
            Format = keys.Choice<TableFormat>("format"),
            Prefix = keys.Value("prefix")?.AsText() ?? defaults.Prefix,
        };
        task = task with { Metrics = keys.Value("metric") is { } metric ? Metrics(metric, task.Kind) : [] };
        Contradictions(task, keys);
        keys.Finish();
        return task;
    }

    /// <summary>The task in one line, keys in a fixed order, defaults left out; <see cref="Parse"/> reads it back.</summary>
    public static string Write(OwnTask task)
    {
        var defaults = new OwnTask("", []);
        List<string> keys = [$"name: {YamlText.Format(task.Name)}", $"train: {List(task.Train)}"];
        if (task.Validation.Count > 0) keys.Add($"validation: {List(task.Validation)}");
        else keys.Add($"validation: {YamlText.Format(task.ValidationShare)}");
        if (task.Selection.Count > 0) keys.Add($"selection: {List(task.Selection)}");
        if (task.Seed != defaults.Seed) keys.Add($"seed: {YamlText.Format(task.Seed)}");
        if (task.Test.Count > 0) keys.Add($"test: {List(task.Test)}");
        (string Key, string? Value)[] columns =
        [
            (task.Columns.Target is not null ? "source" : task.Columns.Second is not null ? "first" : "text", task.Columns.First), ("second", task.Columns.Second),
            ("label", task.Columns.Label), ("target", task.Columns.Target),
        ];
        if (columns.Any(column => column.Value is not null))
            keys.Add($"columns: {{{string.Join(", ", columns.Where(column => column.Value is not null).Select(column => $"{column.Key}: {YamlText.Format(column.Value!)}"))}}}");
        if (task.Kind is { } kind) keys.Add($"kind: {KebabCase.From(kind)}");
        if (task.Metrics.Count > 0) keys.Add($"metric: {List(task.Metrics)}");
        if (task.Positive is { } positive) keys.Add($"positive: {YamlText.Format(positive)}");
        if (task.ClassWeights is { } weights)
            keys.Add(weights.ByLabel is { } each ? $"class-weights: {{{string.Join(", ", each.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{YamlText.Format(pair.Key)}: {YamlText.Format(pair.Value)}"))}}}" : $"class-weights: {Balanced}");
        if (task.Labels.Count > 0) keys.Add($"labels: {{{string.Join(", ", task.Labels.Select(label => $"{YamlText.Format(label.Written)}: {YamlText.Format(label.Name)}"))}}}");
        if (task.Range is { } range) keys.Add($"range: [{YamlText.Format(range.Minimum)}, {YamlText.Format(range.Maximum)}]");
        if (task.OnBadRow != defaults.OnBadRow) keys.Add($"on-bad-row: {KebabCase.From(task.OnBadRow)}");
        if (!task.Header) keys.Add("header: false");
        if (task.Format is { } format) keys.Add($"format: {KebabCase.From(format)}");
        if (task.Prefix.Length > 0) keys.Add($"prefix: {YamlText.Format(task.Prefix)}");
        return $"{{{string.Join(", ", keys)}}}";

        static string List(IReadOnlyList<string> items) => items.Count == 1 ? YamlText.Format(items[0]) : YamlText.List(items.Select(YamlText.Format));
    }

    private static void Contradictions(OwnTask task, YamlMappingReader keys)
    {
        var columns = task.Columns;
        if (columns.Label is not null && columns.Target is not null) throw keys.Error("columns", "'label' and 'target' exclude each other; keep one");
        if (columns.Target is not null && task.Kind is { } kind && kind != OwnTaskKind.TextToText)
            throw keys.Error("columns", $"a 'target' is of kind text-to-text, not {KebabCase.From(kind)}; write 'label' or change 'kind'");
        if (columns.Second is not null && (columns.Target is not null || task.Kind is OwnTaskKind.TextToText or OwnTaskKind.Classification))
            throw keys.Error("columns", "a second text needs kind pair or regression; leave 'second' out or change 'kind'");
        if (task.Labels.Count > 0 && task.Kind is OwnTaskKind.Regression or OwnTaskKind.TextToText) throw keys.Error("labels", "only a classification has labels; leave them out");
        if (task.Positive is not null && !task.Metrics.Contains("f1")) throw keys.Error("positive", "only metric f1 has a positive label; write 'metric: f1' too, or leave it out");
        if (task.ClassWeights is not null && task.Kind is OwnTaskKind.Regression or OwnTaskKind.TextToText) throw keys.Error("class-weights", "only a classification has class weights; leave them out");
        if (task.Range is not null && task.Kind is { } other && other != OwnTaskKind.Regression) throw keys.Error("range", "only a regression has a range; leave it out");
        if (task.Range is not null && task.Labels.Count > 0) throw keys.Error("range", "'range' and 'labels' exclude each other; keep one");
        if (task.Prefix.Length > 0 && task.Kind is { } prefixed && prefixed != OwnTaskKind.TextToText) throw keys.Error("prefix", "only text-to-text tasks have a prefix; leave it out");
    }

    private static OwnColumns Columns(YamlMappingReader? keys)
    {
        if (keys is null) return new();
        string[] given = [.. ((string[])["text", "first", "source"]).Where(key => keys.Value(key) is not null)];
        if (given.Length > 1) throw keys.Error(given[1], $"'{given[0]}' and '{given[1]}' name the same; keep one");
        var columns = new OwnColumns(given.Length == 1 ? keys.Text(given[0]) : null, keys.Text("second"), keys.Text("label"), keys.Text("target"));
        keys.Finish();
        return columns;
    }

    // the share is a setting of the study, because all its tasks use the same one
    private static string[] SelectionFiles(YamlValue value) =>
        value is { IsList: false, IsMapping: false } && double.TryParse(value.AsText(), System.Globalization.CultureInfo.InvariantCulture, out _)
            ? throw value.Error("a task's 'selection' names a file; write the share under 'training: {selection: 0.2}'")
            : Files(value, "selection");

    private static string[] Files(YamlValue value, string what)
    {
        string[] files = value.IsList ? [.. value.AsList().Select(file => file.AsText())] : [value.AsText()];
        return files.Length > 0 ? files : throw value.Error($"the list is empty; name at least one file under '{what}'");
    }

    private static string[] Metrics(YamlValue value, OwnTaskKind? kind)
    {
        var known = kind switch
        {
            OwnTaskKind.Classification or OwnTaskKind.Pair => ClassMetrics,
            OwnTaskKind.Regression => ValueMetrics,
            OwnTaskKind.TextToText => TextMetrics,
            _ => [.. ClassMetrics, .. ValueMetrics, .. TextMetrics],
        };
        string[] metrics = value.IsList ? [.. value.AsList().Select(metric => metric.AsChoice(known))] : [value.AsChoice(known)];
        if (metrics.Length == 0) throw value.Error("the list is empty; name at least one metric");
        return metrics.Distinct().Count() == metrics.Length ? metrics : throw value.Error("a metric is named twice; keep one");
    }

    /// <summary>The metrics that a kind of task may have, the usual ones first.</summary>
    internal static IReadOnlyList<string> MetricsOf(TaskKind kind) => kind switch
    {
        TaskKind.Classification => ClassMetrics,
        TaskKind.Regression => ValueMetrics,
        _ => TextMetrics,
    };

    private static OwnLabel[] Labels(YamlValue value)
    {
        OwnLabel[] labels = value.IsMapping
            ? [.. value.AsMapping().Entries.Select(entry => new OwnLabel(entry.Key, entry.Value.AsText()))]
            : [.. value.AsList().Select(label => label.AsText()).Select(label => new OwnLabel(label, label))];
        if (labels.Select(label => label.Name).Distinct(StringComparer.Ordinal).Count() < 2) throw value.Error("a classification needs two labels; name them all");
        return labels.DistinctBy(label => label.Written).Count() == labels.Length ? labels : throw value.Error("a label is named twice; keep one");
    }

    private static OwnClassWeights Weights(YamlValue value)
    {
        if (!value.IsMapping)
        {
            _ = value.AsChoice([Balanced]);
            return new(null);
        }
        var weights = value.AsMapping().Entries.ToDictionary(entry => entry.Key, entry => entry.Value.AsNumber(0, LargestWeight, aboveMin: true), StringComparer.Ordinal);
        return weights.Count > 0 ? new(weights) : throw value.Error($"the mapping is empty; write {{label: 2}} or '{Balanced}'");
    }

    private static ScoreRange Range(YamlValue value)
    {
        var ends = value.AsList();
        if (ends.Count != 2) throw value.Error("a range is two numbers; write [0, 5]");
        var range = new ScoreRange(ends[0].AsNumber(-Far, Far), ends[1].AsNumber(-Far, Far));
        return range.Minimum < range.Maximum ? range : throw value.Error("a range must rise; write the smaller number first");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex Name();
}
