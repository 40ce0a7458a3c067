using System.Globalization;
using Spindle.Designs.Plans;
using Spindle.Search.Explanations;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Surrogates;
using Spindle.Search.Trials;

namespace Spindle.Search.WarmStarts;

/// <summary>Reads the scores of earlier searches from their stores.</summary>
public static class EarlierStores
{
    /// <summary>The most scores that are read of a search: a model's time grows with their cube, and more hardly change what it expects.</summary>
    public const int MostScores = 300;

    private const string Key = "search.from";

    /// <summary>Reads the earlier searches that a study names.</summary>
    /// <param name="problem">The problem of the study, which decides what can be compared.</param>
    /// <param name="stores">The stores as the study names them, and as the current folder sees them.</param>
    /// <param name="own">The study's own store, or null for one in memory.</param>
    /// <exception cref="InvalidDataException">A store does not exist, is the study's own, is not a store or is of a later version, or has too few scores; the message names it and the remedy.</exception>
    public static IReadOnlyList<EarlierStudy> Read(SearchProblem problem, IReadOnlyList<(string Name, string File)> stores, string? own)
    {
        var read = new List<EarlierStudy>();
        foreach (var (name, file) in stores)
        {
            if (!TrialStores.IsFile(file)) throw Refused(TrialStores.NameOf(file), "it is in a database; copy it to a file with 'spindle store copy', and name that");
            if (own is not null && TrialStores.IsSame(file, own)) throw Refused(file, "it is the store of the study itself; a search resumes from it without being named");
            if (stores.FirstOrDefault(other => other.Name != name && TrialStores.IsSame(other.File, file)) is { Name: { } twice }) throw Refused(file, $"it is named twice, also as {twice}; remove one");
            if (!File.Exists(file)) throw Refused(file, Directory.Exists(file) ? "it is a folder; name the store in it, a .db file" : "it does not exist; name the store of an earlier search, a .db file");
            // opening an empty file would make a store of it
            if (new FileInfo(file).Length == 0) throw Refused(file, "it is empty; name the store of an earlier search, a .db file");
            using var store = TrialStores.OpenToRead(file);
            var record = store.Study ?? throw Refused(file, "no search has been started on it; name another store");
            read.Add(Of(problem, name, file, record, store.Stages(), store.Trials()));
        }

        return read;
    }

    /// <summary>Takes the scores of an earlier search.</summary>
    /// <param name="problem">The problem of the study that starts from it.</param>
    /// <param name="name">Its store as the study names it.</param>
    /// <param name="file">Its store, for messages.</param>
    /// <param name="record">Its study.</param>
    /// <param name="stages">Its stages.</param>
    /// <param name="trials">Its trials.</param>
    /// <exception cref="InvalidDataException">It has too few scores.</exception>
    public static EarlierStudy Of(SearchProblem problem, string name, string file, StudyRecord record, IReadOnlyList<StageRecord> stages, IReadOnlyList<Trial> trials)
    {
        var sides = ScoredSide.List(record, stages, trials).Where(side => side.Key.Epochs > 0).ToArray();
        if (sides.Length == 0) throw Refused(file, "its search has not scored anything on every task yet; let it run first, or name another store");
        var settings = record.Settings ?? StudyText.Settings(record.Text);
        var (rate, full) = (Number("training.default-learning-rate") ?? Number("training.learning-rate"), Number("training.full-learning-rate"));
        // of a plan without a design, such as a tuned model that was imported, only the tuned layers are known
        var layers = sides.Select(side => side.Plan).OfType<TuningPlan.Sized>().Select(plan => plan.Design?.Layers ?? plan.Layers.Select(layer => layer.Layer + 1).DefaultIfEmpty(1).Max()).DefaultIfEmpty(1).Max();
        var features = new DesignFeatures(problem);
        EarlierScore[] scores = [.. sides.Select(side => new EarlierScore(
            FormattableString.Invariant($"{side.Stage}, {side.Key.Epochs} epochs, {side.Key.TrainingRows?.ToString(CultureInfo.InvariantCulture) ?? "all"} rows"),
            side.Points,
            // a rate of full fine-tuning belongs to one of strategies
            side.Plan is TuningPlan.Full && side.Key.LearningRate is { } own ? own / full * rate : side.Key.LearningRate ?? rate,
            side.Key.Settings,
            Rounded(PlanTraits.Of(side.Plan, layers, Math.Max(1, record.Budget))))).Where(score => features.Describe(score.Plan))];
        if (scores.Length < Surrogate.FewestScores)
            throw Refused(file, FormattableString.Invariant($"{scores.Length} of its {sides.Length} scored sides have only strategies and baselines of this study, and at least {Surrogate.FewestScores} are needed; name another store, or give the study the same strategies"));
        EarlierScore[] kept = scores.Length <= MostScores ? scores : [.. Enumerable.Range(0, MostScores).Select(index => scores[(int)((long)index * scores.Length / MostScores)])];
        return new(name, record.Name, record.Backbone, [.. record.Tasks.Select(task => task.Name)], kept, sides.Length - scores.Length);

        double? Number(string key) => settings.TryGetValue(key, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }

    // more digits would only make the record longer
    private static PlanTraits Rounded(PlanTraits plan)
    {
        var strategies = new OrderedDictionary<string, StrategyTraits>(StringComparer.Ordinal);
        foreach (var (name, part) in plan.Strategies) strategies.Add(name, new(Round(part.Share), Round(part.Places), Round(part.Depth)));
        return plan with { Layers = Round(plan.Layers), Budget = Round(plan.Budget), Depth = Round(plan.Depth), Strategies = strategies };

        static double Round(double value) => Math.Round(value, 6);
    }

    private static InvalidDataException Refused(string file, string why) => new($"{file}: the search cannot start from this store ({Key}): {why}");
}
