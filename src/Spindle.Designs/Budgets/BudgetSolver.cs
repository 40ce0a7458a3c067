using System.Globalization;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Designs.Budgets;

/// <summary>Turns a design and a budget into integer sizes.</summary>
public static class BudgetSolver
{
    // targets are sums of floating-point shares: a cost within this tolerance of its target meets it
    private const double Rounding = 1e-6;

    /// <summary>Finds sizes that come as close to the budget as integers allow, and never exceed it.
    /// <para>Every tuned layer gets a share by its weight, between its minimum (fixed costs, and size 1 of the other strategies) and its maximum
    /// (maximum sizes). What a layer cannot use goes to the other layers; what it needs beyond its share is taken from them. In a layer, fixed costs are taken
    /// first, and the rest is split evenly among the other strategies, again between minimum and maximum. Each size is the largest within its
    /// share. The remainder goes, unit by unit, to the strategy furthest below its share whose next unit still fits. A strategy with equal sizes has the smallest
    /// of them in every layer, and grows in all layers at once.</para></summary>
    /// <param name="design">The design.</param>
    /// <param name="budget">The number of parameters that may be trained, at least 0.</param>
    /// <param name="shape">The backbone's shape, with as many layers as the design.</param>
    /// <param name="costs">The costs of the design's strategies.</param>
    /// <exception cref="ArgumentException">The design and the shape have different numbers of layers, or a strategy has no cost.</exception>
    public static BudgetResult Solve(Design design, long budget, BackboneShape shape, StrategyCosts costs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (design.Layers != shape.Layers.Count)
            throw new ArgumentException($"the design has {design.Layers} layers, but {shape.Name} has {shape.Layers.Count}", nameof(design));

        if (Absence(design, budget, shape, costs) is { } absent) return absent;
        var layers = Demands(design, shape, costs);
        var needed = layers.Sum(layer => layer.Minimum);
        if (needed > budget) return Reject(layers, needed, budget);

        var targets = WaterFilling.Fill(
            budget,
            [.. layers.Select(layer => layer.Weight)],
            [.. layers.Select(layer => (double)layer.Minimum)],
            [.. layers.Select(layer => (double)layer.Maximum)]);
        for (var i = 0; i < layers.Count; i++) layers[i].Fit(targets[i]);
        Equalise(layers, budget);
        HandOutRest(layers, budget - layers.Sum(layer => layer.Parameters));
        return new BudgetResult.Solved(new(design, [.. layers.Select(layer => layer.Tuning)]));
    }

    private static BudgetResult.Infeasible? Absence(Design design, long budget, BackboneShape shape, StrategyCosts costs)
    {
        var layer = 0;
        for (var group = 0; group < design.Grouping.Sizes.Count; group++)
            for (var end = layer + design.Grouping.Sizes[group]; layer < end; layer++)
                foreach (var name in design.Strategies.Groups[group])
                    if (costs[name].Absence(shape.Layers[layer]) is { } reason)
                        return new(string.Create(CultureInfo.InvariantCulture, $"layer {layer + 1} cannot be tuned by {name}: {reason}"), layer, 0, budget);
        return null;
    }

    private static List<LayerDemand> Demands(Design design, BackboneShape shape, StrategyCosts costs)
    {
        var layers = new List<LayerDemand>();
        var layer = 0;
        for (var group = 0; group < design.Grouping.Sizes.Count; group++)
        {
            var set = design.Strategies.Groups[group];
            for (var end = layer + design.Grouping.Sizes[group]; layer < end; layer++)
                if (!set.IsEmpty)
                    layers.Add(new(layer, design.Allocation.Weights[layer], shape.Layers[layer], set, costs));
        }

        return layers;
    }

    private static void Equalise(List<LayerDemand> layers, long budget)
    {
        foreach (var alike in layers.SelectMany(layer => layer.Strategies).Where(strategy => strategy.HasEqualSizes).GroupBy(strategy => strategy.Name, StringComparer.Ordinal))
        {
            StrategyDemand[] all = [.. alike];
            var smallest = all.Min(strategy => strategy.Size);
            foreach (var strategy in all) strategy.Resize(smallest);
            var rest = budget - layers.Sum(layer => layer.Parameters);
            while (all.All(strategy => strategy.Size < strategy.MaximumSize) && all.Sum(strategy => strategy.NextUnit) is var units && units <= rest)
            {
                foreach (var strategy in all) strategy.Grow();
                rest -= units;
            }
        }
    }

    private static void HandOutRest(List<LayerDemand> layers, long rest)
    {
        // the largest remainder first, the earlier one on a tie; if a unit does not fit now, it never will, because the rest only shrinks
        var waiting = new PriorityQueue<StrategyDemand, (double, int)>();
        var order = 0;
        foreach (var strategy in layers.SelectMany(layer => layer.Strategies)) Enqueue(strategy, order++);
        while (waiting.TryDequeue(out var strategy, out var priority))
        {
            var unit = strategy.NextUnit;
            if (unit > rest) continue;
            strategy.Grow();
            rest -= unit;
            Enqueue(strategy, priority.Item2);
        }

        void Enqueue(StrategyDemand strategy, int position)
        {
            if (strategy.CanGrow) waiting.Enqueue(strategy, (strategy.Parameters - strategy.Target, position));
        }
    }

    private static BudgetResult.Infeasible Reject(List<LayerDemand> layers, long needed, long budget)
    {
        var weights = layers.Sum(layer => layer.Weight);
        double Share(LayerDemand layer) => budget * layer.Weight / weights;
        var worst = layers.MaxBy(layer => layer.Minimum - Share(layer))!;
        var parts = string.Join(" and ", worst.Strategies.Select(strategy => strategy.HasSize
            ? string.Create(CultureInfo.InvariantCulture, $"{strategy.Minimum} for {strategy.Name} at {strategy.SizeName} 1")
            : string.Create(CultureInfo.InvariantCulture, $"{strategy.Minimum} for {strategy.Name}")));
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"layer {worst.Layer + 1} needs at least {worst.Minimum} parameters ({parts}), but its share is {Math.Floor(Share(worst)):0}; all tuned layers together need {needed}, more than the budget of {budget}"),
            worst.Layer,
            needed,
            budget);
    }

    private sealed class LayerDemand
    {
        public LayerDemand(int layer, int weight, LayerShape shape, StrategySet set, StrategyCosts costs)
        {
            (Layer, Weight) = (layer, weight);
            Strategies = new StrategyDemand[set.Count];
            for (var i = 0; i < Strategies.Length; i++)
            {
                Strategies[i] = new(costs[set[i]], shape);
                Minimum += Strategies[i].Minimum;
                Maximum += Strategies[i].Maximum;
            }
        }

        public int Layer { get; }

        public double Weight { get; }

        public StrategyDemand[] Strategies { get; }

        public long Minimum { get; }

        public long Maximum { get; }

        public long Parameters => Strategies.Sum(strategy => strategy.Parameters);

        public LayerTuning Tuning => new(Layer, [.. Strategies.Select(strategy => new SizedStrategy(strategy.Name, strategy.Size, strategy.Parameters))]);

        public void Fit(double target)
        {
            var sized = Array.FindAll(Strategies, strategy => strategy.HasSize);
            if (sized.Length == 0) return;
            foreach (var strategy in Strategies)
                if (!strategy.HasSize)
                    target -= strategy.Parameters;
            var targets = WaterFilling.Fill(
                target,
                [.. sized.Select(_ => 1.0)],
                [.. sized.Select(strategy => (double)strategy.Minimum)],
                [.. sized.Select(strategy => (double)strategy.Maximum)]);
            for (var i = 0; i < sized.Length; i++) sized[i].Fit(targets[i]);
        }
    }

    private sealed class StrategyDemand
    {
        private readonly IStrategyCost cost;
        private readonly LayerShape shape;

        public StrategyDemand(IStrategyCost cost, LayerShape shape)
        {
            (this.cost, this.shape) = (cost, shape);
            HasSize = cost.HasSize;
            Minimum = cost.Parameters(shape, 1);
            MaximumSize = HasSize ? cost.MaximumSize(shape) : 1;
            Maximum = MaximumSize == 1 ? Minimum : cost.Parameters(shape, MaximumSize);
            (Parameters, Target) = (Minimum, Minimum);
        }

        public string Name => cost.Name;

        public string? SizeName => cost.SizeName;

        public bool HasSize { get; }

        public long Minimum { get; }

        public long Maximum { get; }

        public int Size { get; private set; } = 1;

        public long Parameters { get; private set; }

        public double Target { get; private set; }

        public int MaximumSize { get; }

        public bool HasEqualSizes => HasSize && cost.HasEqualSizes;

        // one of several equal sizes does not grow alone
        public bool CanGrow => !HasEqualSizes && Size < MaximumSize;

        public long NextUnit => cost.Parameters(shape, Size + 1) - Parameters;

        public void Grow() => Resize(Size + 1);

        public void Resize(int size) => (Size, Parameters) = (size, cost.Parameters(shape, size));

        /// <summary>Chooses the largest size within the target.</summary>
        public void Fit(double target)
        {
            Target = target;
            // bisection between a size that fits and one that does not; the first guess assumes a linear cost, which most are
            int fits = 1, tooLarge = MaximumSize + 1;
            if (target + Rounding >= Maximum) fits = MaximumSize;
            else if (target > Minimum)
            {
                var guess = 1 + (int)((target + Rounding - Minimum) / (Maximum - Minimum) * (MaximumSize - 1));
                Narrow(guess);
                Narrow(guess + 1);
                while (tooLarge - fits > 1) Narrow((fits + tooLarge) / 2);
            }
            else return;

            (Size, Parameters) = (fits, cost.Parameters(shape, fits));

            void Narrow(int size)
            {
                if (size <= fits || size >= tooLarge) return;
                if (cost.Parameters(shape, size) <= target + Rounding) fits = size;
                else tooLarge = size;
            }
        }
    }
}
