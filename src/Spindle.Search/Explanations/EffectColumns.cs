using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Text;
using Spindle.Metrics.LinearModels;

namespace Spindle.Search.Explanations;

/// <summary>The columns of the linear model that explains the scores of designs: seeds, rows and stages as controls, a column for each level of each factor, and one for each strategy's share of the tuned layers.</summary>
internal sealed class EffectColumns
{
    // one design more or less would decide what they show
    private const int FewestDesignsOfInteraction = 3;

    private readonly Row[] rows;
    private readonly ILookup<string, Row> bySeeds;

    // the candidates among interactions that can be added
    private readonly int[] added;

    /// <param name="sides">Sides with a design.</param>
    public EffectColumns(IEnumerable<(ScoredSide Side, Design Design)> sides)
    {
        var numbers = new Dictionary<Design, int>();
        var designs = sides.Select(side => (
            side.Side,
            Choices: DesignChoices.Of(side.Design, side.Side.Key.LearningRate, side.Side.Key.Settings),
            Number: numbers.TryAdd(side.Design, numbers.Count) ? numbers.Count - 1 : numbers[side.Design])).ToArray();
        Designs = numbers.Count;
        Levels =
        [
            .. designs.SelectMany(design => design.Choices.Levels).Distinct().GroupBy(level => level.Factor).OrderBy(factor => factor.Key).Where(factor => factor.Skip(1).Any())
                .SelectMany(factor => factor.OrderBy(Order).ThenBy(level => level.Name, StringComparer.Ordinal)),
            .. designs.SelectMany(design => design.Choices.Shares.Keys).Distinct().Order(StringComparer.Ordinal)
                .Where(strategy => designs.Select(design => design.Choices.ShareOf(strategy)).Distinct().Skip(1).Any()).Select(strategy => new FactorLevel(Factor.Strategy, strategy)),
        ];
        var places = Levels.Index().ToDictionary(level => level.Item, level => level.Index);
        var candidates = Candidates().ToArray();
        rows = [.. designs.Select(design =>
        {
            var values = Values(design.Choices, places);
            return new Row(design.Side, design.Choices, design.Number, values, [.. candidates.Select(pair => Product(design.Choices, values, pair))]);
        })];
        bySeeds = rows.ToLookup(row => row.Side.Seeds, StringComparer.Ordinal);
        added = [.. Enumerable.Range(0, candidates.Length).Where(candidate => DesignsWhere(row => row.Products[candidate]) >= FewestDesignsOfInteraction)];
        Interactions = [.. added.Select(candidate => candidates[candidate])];
    }

    /// <summary>The number of designs.</summary>
    public int Designs { get; }

    /// <summary>The number of scores: of designs under conditions.</summary>
    public int Scores => rows.Length;

    /// <summary>The explained columns, in order.</summary>
    public IReadOnlyList<FactorLevel> Levels { get; }

    /// <summary>The interactions that can be added, in order: the column of a strategy and that of another choice.</summary>
    public IReadOnlyList<(int Strategy, int Other)> Interactions { get; }

    /// <summary>The number of scores with a level.</summary>
    public int ScoresWith(int column) => rows.Count(row => row.Values[column] > 0);

    /// <summary>The number of designs with a level.</summary>
    public int DesignsWith(int column) => DesignsWhere(row => row.Values[column]);

    /// <summary>The number of designs with both choices of an interaction, by its position.</summary>
    public int DesignsWithBoth(int interaction) => DesignsWhere(row => row.Products[added[interaction]]);

    /// <summary>Whether each design has one strategy in every tuned layer and designs differ in nothing else, so that a strategy is a design.</summary>
    public bool AreStrategiesAlone => rows.All(row => row.Choices.Shares.Count == 1) && Levels.All(level => level.Factor is Factor.Strategy or Factor.LearningRate or Factor.Settings);

    /// <summary>The degrees of freedom that the choices leave between designs: those of the first score of each. Without any, what a design has of its own would be taken for an effect of its choices.</summary>
    public int DegreesBetweenDesigns() => Fit([.. rows.DistinctBy(row => row.Design)], isWithinDesigns: false).DegreesOfFreedom;

    /// <summary>The fewest that <see cref="DegreesBetweenDesigns"/> can be, without a fit.</summary>
    public int FewestDegreesBetweenDesigns => Designs - rows.Select(BlockOf).Distinct().Count() - rows.Select(row => row.Side.Stage).Distinct().Count() - Levels.Count;

    /// <summary>Fits the model.</summary>
    /// <param name="isWithinDesigns">Whether each design is a control, so that only what was changed without changing the design is compared.</param>
    public LinearMixedModel Fit(bool isWithinDesigns) => Fit(rows, isWithinDesigns);

    private LinearMixedModel Fit(Row[] fitted, bool isWithinDesigns)
    {
        var (blocks, stages) = (Numbered(fitted.Select(BlockOf)), Numbered(fitted.Select(row => row.Side.Stage)));
        var firstStage = blocks.Max() + 1;
        var firstDesign = firstStage + stages.Max() + 1;
        var first = firstDesign + (isWithinDesigns ? Designs : 0);
        return new(
            [.. fitted.Select((row, at) => new Observation(row.Side.Points, row.Design, row.Side.Runs,
            [
                new(blocks[at], 1),
                new(firstStage + stages[at], 1),
                .. isWithinDesigns ? [new(firstDesign + row.Design, 1)] : Array.Empty<Term>(),
                .. row.Values.Index().Where(value => value.Item != 0).Select(value => new Term(first + value.Index, value.Item)),
                .. added.Index().Select(candidate => new Term(first + Levels.Count + candidate.Index, row.Products[candidate.Item])).Where(term => term.Value != 0),
            ]))],
            new(first, Levels.Count, Interactions.Count));
    }

    // seeds that no other side has would leave nothing to compare
    private string BlockOf(Row row) => bySeeds[row.Side.Seeds].Skip(1).Any()
        ? string.Create(CultureInfo.InvariantCulture, $"{row.Side.Key.TrainingRows} rows, split {row.Side.Key.Split}, seeds {row.Side.Seeds}")
        : string.Create(CultureInfo.InvariantCulture, $"{row.Side.Key.TrainingRows} rows, split {row.Side.Key.Split}, {row.Side.Stage}");

    private static int[] Numbered(IEnumerable<string> names)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. names.Select(name => numbers.TryAdd(name, numbers.Count) ? numbers.Count - 1 : numbers[name])];
    }

    private static double[] Values(DesignChoices choices, Dictionary<FactorLevel, int> places)
    {
        var values = new double[places.Count];
        foreach (var level in choices.Levels)
            if (places.TryGetValue(level, out var place)) values[place] = 1;
        foreach (var (strategy, share) in choices.Shares)
            if (places.TryGetValue(new(Factor.Strategy, strategy), out var place)) values[place] = share;
        return values;
    }

    // a strategy with each strategy after it, each learning rate and each set of tuned groups; the second of two levels would show the first again
    private IEnumerable<(int Strategy, int Other)> Candidates()
    {
        int[] strategies = Of(Factor.Strategy), others = [.. new[] { Of(Factor.LearningRate), Of(Factor.TunedGroups) }.SelectMany(levels => levels.Length == 2 ? levels[..1] : levels)];
        return strategies.SelectMany(strategy => strategies.Where(other => other > strategy).Concat(others).Select(other => (strategy, other)));

        int[] Of(Factor factor) => [.. Enumerable.Range(0, Levels.Count).Where(column => Levels[column].Factor == factor)];
    }

    private double Product(DesignChoices choices, double[] values, (int Strategy, int Other) pair) => values[pair.Strategy] == 0 || values[pair.Other] == 0 ? 0
        : Levels[pair.Other].Factor == Factor.Strategy ? choices.ShareOf(Levels[pair.Strategy].Name, Levels[pair.Other].Name)
        : values[pair.Strategy] * values[pair.Other];

    private int DesignsWhere(Func<Row, double> value)
    {
        var (isCounted, count) = (new bool[Designs], 0);
        foreach (var row in rows)
        {
            if (isCounted[row.Design] || value(row) == 0) continue;
            isCounted[row.Design] = true;
            count++;
        }

        return count;
    }

    private static double Order(FactorLevel level) => level.Factor switch
    {
        Factor.Grouping => Position<GroupingPattern>(level.Name),
        Factor.Allocation => Position<AllocationPattern>(level.Name),
        Factor.LearningRate => double.TryParse(level.Name, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate : 0,
        _ => 0,
    };

    private static double Position<T>(string name)
        where T : struct, Enum => Array.FindIndex(Enum.GetValues<T>(), pattern => KebabCase.From(pattern) == name);

    private sealed record Row(ScoredSide Side, DesignChoices Choices, int Design, double[] Values, double[] Products);
}
