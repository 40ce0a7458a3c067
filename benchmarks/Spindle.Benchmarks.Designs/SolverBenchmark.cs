using BenchmarkDotNet.Attributes;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.BitFit;
using Spindle.Models.Tuning.Lora;
using Spindle.Models.Tuning.Prefix;

namespace Spindle.Benchmarks.Designs;

/// <summary>How long the solver takes over 24 layers of RoBERTa-large's shape; it is meant to stay below a millisecond.</summary>
[MemoryDiagnoser]
public class SolverBenchmark
{
    private readonly BackboneShape shape = RobertaLarge();
    private readonly Design[] designs = new Design[64];
    private readonly StrategyCosts costs = StrategyCosts.Of(new AdapterCost(), new PrefixCost(), new BitFitCost(), new LoraCost());
    private long budget;

    /// <summary>Whether every layer is on its own (S0), or layers are in four groups.</summary>
    [Params(true, false)]
    public bool EveryLayer { get; set; }

    /// <summary>Draws the designs.</summary>
    [GlobalSetup]
    public void Draw()
    {
        var space = new DesignSpace(shape.Layers.Count, 4, costs.Names);
        var random = new Random(42);
        for (var i = 0; i < designs.Length; i++)
            designs[i] = DesignSampler.Draw(space, EveryLayer ? DesignConstraints.EveryLayer : DesignConstraints.None, random);
        budget = Budget.Parse("0.5%").For(shape.Parameters);
    }

    /// <summary>One design.</summary>
    /// <returns>The designs that fit.</returns>
    [Benchmark(OperationsPerInvoke = 64)]
    public int Solve()
    {
        var feasible = 0;
        foreach (var design in designs)
            if (BudgetSolver.Solve(design, budget, shape, costs).IsFeasible)
                feasible++;
        return feasible;
    }

    private static BackboneShape RobertaLarge()
    {
        LinearShape Linear(LinearPlace place, int input, int output) => new(place, input, output, HasBias: true);
        var block = new BlockShape("encoder", 1024, [new(Cross: false, 1024)], [
            Linear(LinearPlace.AttentionQuery, 1024, 1024),
            Linear(LinearPlace.AttentionKey, 1024, 1024),
            Linear(LinearPlace.AttentionValue, 1024, 1024),
            Linear(LinearPlace.AttentionOutput, 1024, 1024),
            Linear(LinearPlace.FeedForwardIn, 1024, 4096),
            Linear(LinearPlace.FeedForwardOut, 4096, 1024)],
            [new(1024, HasBias: true), new(1024, HasBias: true)]);
        return BackboneShape.Sequential("roberta-large", 354_310_144, [.. Enumerable.Repeat(block, 24)], []);
    }
}
