using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Tests.Costs;
using Spindle.Tests.Shapes;

namespace Spindle.Designs.Tests.Budgets;

public class BudgetSolverTests
{
    private static readonly StrategyCosts costs = TestCosts.All;

    [Fact]
    public void Random_designs_never_exceed_the_budget_and_use_it_up()
    {
        var cases = new RandomCases(RealShapes.All());
        int solved = 0, infeasible = 0, usedUp = 0;
        Gen.Int.Sample(
            seed =>
            {
                var (design, budget, shape) = cases.Draw(new Random(seed));
                switch (BudgetSolver.Solve(design, budget, shape, costs))
                {
                    case BudgetResult.Solved(var solution):
                        solved++;
                        AssertFits(design, budget, shape, solution);
                        if (AssertUsedUp(budget, shape, solution)) usedUp++;
                        break;
                    case BudgetResult.Infeasible no:
                        infeasible++;
                        Assert.Contains($"layer {no.Layer + 1} needs at least", no.Reason);
                        Assert.Contains($"budget of {budget}", no.Reason);
                        Assert.Equal(Minima(design, shape).Sum(), no.Needed);
                        Assert.True(no.Needed > budget);
                        break;
                }
            },
            iter: 100_000,
            threads: 1);
        // all three must have been met for the property to say anything
        Assert.True(solved > 50_000 && infeasible > 1_000 && usedUp > 30_000, $"{solved} solved, {infeasible} infeasible, {usedUp} with 98% used");
    }

    [Fact]
    public void Layers_follow_their_weights_where_nothing_is_clamped()
    {
        var cases = new RandomCases(RealShapes.All());
        var compared = 0;
        for (var seed = 0; seed < 3_000; seed++)
        {
            var (design, budget, shape) = cases.Draw(new Random(seed));
            if (BudgetSolver.Solve(design, budget, shape, costs) is not BudgetResult.Solved(var solution)) continue;
            var weights = solution.Layers.Sum(layer => (double)design.Allocation.Weights[layer.Layer]);
            var targets = solution.Layers.Select(layer => budget * design.Allocation.Weights[layer.Layer] / weights).ToArray();
            var minima = Minima(design, shape);
            if (solution.Layers.Zip(targets).Any(pair => pair.Second < minima[pair.First.Layer] || pair.Second > Maximum(shape, pair.First))) continue;
            compared++;
            var unit = solution.Layers.SelectMany(layer => layer.Strategies.Select(strategy => Unit(shape, layer, strategy))).Max();
            foreach (var (layer, target) in solution.Layers.Zip(targets))
                Assert.InRange(layer.Parameters - target, -layer.Strategies.Count * unit, layer.Strategies.Count * unit);
        }

        Assert.True(compared > 300, $"only {compared} designs had nothing clamped");
    }

    [Fact]
    public void Shares_in_a_layer_are_even_after_fixed_costs()
    {
        var shape = Roberta();
        var budget = Budget.Parse("0.5%").For(shape.Parameters);
        var solution = Solve(Design.Uniform(new("adapter", "bitfit", "lora"), 12), budget, shape);
        var share = (budget / 12.0 - costs["bitfit"].Parameters(shape.Layers[0], 1)) / 2;
        foreach (var strategy in solution.Layers.SelectMany(layer => layer.Strategies).Where(strategy => strategy.Name != "bitfit"))
            Assert.InRange(strategy.Parameters, share - 3072, share + 3072);
    }

    [Fact]
    public void A_layer_at_its_maximum_leaves_its_share_to_the_others()
    {
        var shape = Roberta();
        StrategySet bitfit = new("bitfit"), lora = new("lora");
        var design = new Design(LayerGrouping.Of(GroupingPattern.Uniform, 12, 2), Allocation.Of(AllocationPattern.Uniform, 12), new([bitfit, lora]));
        var solution = Solve(design, 1_000_000, shape);
        // six layers of BitFit take 8,448 each and no more; 3,072 is what one rank costs
        Assert.Equal(6 * 8_448, solution.Layers.Take(6).Sum(layer => layer.Parameters));
        Assert.InRange(solution.Parameters, 1_000_000 - 3_071, 1_000_000);
    }

    [Fact]
    public void Leftovers_go_to_the_largest_remainder_first()
    {
        // one unit costs 10; shares of 25, 16.7 and 8.3 leave remainders of 5, 6.7 and −1.7 over sizes 2, 1 and 1
        var shape = new BackboneShape("b", 1000, [Flat(5), Flat(5), Flat(5)]);
        var design = new Design(
            LayerGrouping.Of(GroupingPattern.Uniform, 3, 1), Allocation.Of(AllocationPattern.Decreasing, 3), StrategyAssignment.Same(new("prefix"), 1));
        Assert.Equal([2, 2, 1], Solve(design, 50, shape).Layers.Select(layer => layer.Strategies[0].Size));
        Assert.Equal([3, 2, 1], Solve(design, 60, shape).Layers.Select(layer => layer.Strategies[0].Size));
    }

    [Theory]
    [InlineData(AllocationPattern.Uniform)]
    [InlineData(AllocationPattern.Decreasing)]
    public void Equal_sizes_are_the_largest_that_fit_in_every_layer_and_what_they_leave_goes_to_the_others(AllocationPattern allocation)
    {
        // a unit costs 10 in each of three layers: 8 units leave layers of 3, 3 and 2, and equal ones of 2
        var shape = new BackboneShape("b", 1000, [Flat(5), Flat(5), Flat(5)]);
        Design Of(params string[] strategies) => new(LayerGrouping.Of(GroupingPattern.Uniform, 3, 1), Allocation.Of(allocation, 3), StrategyAssignment.Same(new(strategies), 1));
        var with = costs.With(new EqualCost());
        if (allocation == AllocationPattern.Uniform) Assert.Equal([2, 3, 3], Solve(Of("prefix"), 80, shape).Layers.Select(layer => layer.Strategies[0].Size).Order());
        Assert.Equal([2, 2, 2], Solve(Of("equal"), 80, shape, with).Layers.Select(layer => layer.Strategies[0].Size));
        Assert.Equal([3, 3, 3], Solve(Of("equal"), 90, shape, with).Layers.Select(layer => layer.Strategies[0].Size));
        // each has its share, and the rest of the equal ones' goes to the prefixes
        var both = Solve(Of("equal", "prefix"), 170, shape, with);
        Assert.Single(both.Layers.Select(layer => layer.Strategies.First(strategy => strategy.Name == "equal").Size).Distinct());
        Assert.Equal(170, both.Parameters);
    }

    [Fact]
    public void Costs_that_grow_faster_than_the_size_are_fitted_too()
    {
        var shape = new BackboneShape("b", 1000, [Flat(5), Flat(5)]);
        var solution = Solve(Design.Uniform(new("square"), 2), 1_000, shape, TestCosts.All.With(new SquareCost()));
        Assert.Equal([22, 22], solution.Layers.Select(layer => layer.Strategies[0].Size));
    }

    [Fact]
    public void Everything_at_its_maximum_leaves_the_rest_of_the_budget()
    {
        var shape = new BackboneShape("b", 1000, [Flat(5)]);
        var solution = Solve(Design.Uniform(new("square"), 1), 1_000_000, shape, TestCosts.All.With(new SquareCost()));
        Assert.Equal((100, 10_000), (solution.Layers[0].Strategies[0].Size, solution.Parameters));
    }

    [Fact]
    public void A_budget_below_the_minima_names_the_layer_its_needs_and_the_budget()
    {
        var result = BudgetSolver.Solve(Design.Uniform(new("bitfit", "lora"), 12), 100_000, Roberta(), costs);
        var no = Assert.IsType<BudgetResult.Infeasible>(result);
        Assert.Equal(
            "layer 1 needs at least 11520 parameters (8448 for bitfit and 3072 for lora at rank 1), but its share is 8333; "
            + "all tuned layers together need 138240, more than the budget of 100000",
            no.Reason);
        Assert.Throws<InvalidOperationException>(() => no.Require());
    }

    [Fact]
    public void The_exact_minimum_is_enough() => Assert.Equal(138_240, Solve(Design.Uniform(new("bitfit", "lora"), 12), 138_240, Roberta()).Trained);

    [Fact]
    public void A_design_of_other_layers_is_refused() =>
        Assert.Throws<ArgumentException>(() => BudgetSolver.Solve(Design.Uniform(new("lora"), 6), 100_000, Roberta(), costs));

    private static void AssertFits(Design design, long budget, BackboneShape shape, TuningPlan.Sized solution)
    {
        Assert.True(solution.Parameters <= budget);
        var sets = design.LayerStrategies();
        Assert.Equal(Enumerable.Range(0, sets.Count).Where(layer => !sets[layer].IsEmpty), solution.Layers.Select(layer => layer.Layer));
        foreach (var layer in solution.Layers)
        {
            Assert.Equal(sets[layer.Layer], layer.Strategies.Select(strategy => strategy.Name));
            foreach (var strategy in layer.Strategies)
            {
                var cost = costs[strategy.Name];
                Assert.InRange(strategy.Size, 1, cost.HasSize ? cost.MaximumSize(shape.Layers[layer.Layer]) : 1);
                Assert.Equal(cost.Parameters(shape.Layers[layer.Layer], strategy.Size), strategy.Parameters);
            }
        }
    }

    private static bool AssertUsedUp(long budget, BackboneShape shape, TuningPlan.Sized solution)
    {
        var units = solution.Layers
            .SelectMany(layer => layer.Strategies.Where(strategy => Grows(shape, layer, strategy)).Select(strategy => Unit(shape, layer, strategy)))
            .ToArray();
        if (units.Length == 0 || units.Min() >= 0.02 * budget) return false;
        Assert.True(solution.Parameters >= 0.98 * budget, $"{solution.Parameters} of {budget}");
        Assert.True(solution.Parameters + units.Min() > budget);
        return true;
    }

    private static bool Grows(BackboneShape shape, LayerTuning layer, SizedStrategy strategy) =>
        costs[strategy.Name].HasSize && strategy.Size < costs[strategy.Name].MaximumSize(shape.Layers[layer.Layer]);

    private static long Unit(BackboneShape shape, LayerTuning layer, SizedStrategy strategy) => costs[strategy.Name].HasSize
        ? costs[strategy.Name].Parameters(shape.Layers[layer.Layer], 2) - costs[strategy.Name].Parameters(shape.Layers[layer.Layer], 1)
        : 0;

    private static long Maximum(BackboneShape shape, LayerTuning layer) => layer.Strategies.Sum(strategy =>
        costs[strategy.Name].Parameters(shape.Layers[layer.Layer], costs[strategy.Name].MaximumSize(shape.Layers[layer.Layer])));

    private static long[] Minima(Design design, BackboneShape shape) =>
        [.. design.LayerStrategies().Select((set, layer) => set.Sum(name => costs[name].Parameters(shape.Layers[layer], 1)))];

    private static TuningPlan.Sized Solve(Design design, long budget, BackboneShape shape, StrategyCosts? with = null) =>
        BudgetSolver.Solve(design, budget, shape, with ?? costs).Require();

    private static BackboneShape Roberta() => RealShapes.All().First(shape => shape.Name == "roberta-base");

    private static LayerShape Flat(int inner) => new([new("encoder", 8, [new(false, inner)], [], [])]);

    private sealed record EqualCost : IStrategyCost
    {
        public string Name => "equal";

        public string SizeName => "length";

        public bool HasEqualSizes => true;

        public int MaximumSize(LayerShape layer) => 100;

        public long Parameters(LayerShape layer, int size) => 10L * size;
    }

    private sealed record SquareCost : IStrategyCost
    {
        public string Name => "square";

        public string SizeName => "side";

        public int MaximumSize(LayerShape layer) => 100;

        public long Parameters(LayerShape layer, int size) => (long)size * size;
    }

    private sealed class RandomCases(IReadOnlyList<BackboneShape> shapes)
    {
        private readonly Dictionary<(int Layers, int Groups, bool AllSubsets), DesignSpace> spaces = [];

        public (Design Design, long Budget, BackboneShape Shape) Draw(Random random)
        {
            var shape = shapes[random.Next(shapes.Count)];
            var budget = Budget.OfShare((decimal)(0.0005 * Math.Pow(100, random.NextDouble()))).For(shape.Parameters);
            var key = (shape.Layers.Count, random.Next(1, Math.Min(6, shape.Layers.Count) + 1), random.Next(2) == 0);
            if (!spaces.TryGetValue(key, out var space))
                spaces[key] = space = new(key.Count, key.Item2, costs.Names, key.Item3 ? TunableGroups.AllSubsets(key.Item2) : null);
            // a third each: free layers, free groups, and a tunable set drawn first so that few groups are as common as many
            DesignConstraints constraints = random.Next(3) switch
            {
                0 => DesignConstraints.EveryLayer,
                1 => DesignConstraints.None,
                _ => new GroupConstraints { Tunable = space.TunableOptions[random.Next(space.TunableOptions.Count)] },
            };
            return (DesignSampler.Draw(space, constraints, random), budget, shape);
        }
    }
}
