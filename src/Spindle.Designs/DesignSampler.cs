using System.Numerics;

namespace Spindle.Designs;

/// <summary>Samples designs.</summary>
public static class DesignSampler
{
    /// <summary>Draws one of the distinct designs that the constraints allow, each with the same probability. Groups and strategies are therefore drawn
    /// together: a set of groups with more ways to tune them is drawn proportionally more often.</summary>
    /// <param name="space">The space to draw from.</param>
    /// <param name="constraints">What is fixed.</param>
    /// <param name="random">The random number generator. The same state gives the same design.</param>
    /// <exception cref="ArgumentException">The constraints allow no design, or have other numbers of layers or groups than the space.</exception>
    public static Design Draw(DesignSpace space, DesignConstraints constraints, Random random) => Draw(space, constraints, _ => random);

    /// <summary>Draws a design part by part, each part with its random number generator. With the same generators, designs under different constraints share every part that both leave free.</summary>
    /// <param name="space">The space to draw from.</param>
    /// <param name="constraints">What is fixed.</param>
    /// <param name="random">The random number generator of a part, by the part's name.</param>
    /// <exception cref="ArgumentException">The constraints allow no design, or have other numbers of layers or groups than the space.</exception>
    public static Design Draw(DesignSpace space, DesignConstraints constraints, Func<string, Random> random) => constraints switch
    {
        EveryLayerConstraints => DrawEveryLayer(space, random("layers")),
        GroupConstraints fixedTo => DrawGroups(space, fixedTo, random),
        _ => throw new ArgumentException($"unknown constraints {constraints}", nameof(constraints)),
    };

    private static Design DrawEveryLayer(DesignSpace space, Random random)
    {
        var weights = new int[space.Layers];
        for (var layer = 0; layer < weights.Length; layer++) weights[layer] = random.Next(1, EveryLayerConstraints.LargestWeight + 1);
        var sets = new StrategySet[space.Layers];
        do
        {
            for (var layer = 0; layer < sets.Length; layer++)
            {
                var index = random.Next(space.StrategySets.Count + 1);
                sets[layer] = index == 0 ? StrategySet.Empty : space.StrategySets[index - 1];
            }
        }
        while (sets.All(set => set.IsEmpty));

        return new(LayerGrouping.EveryLayer(space.Layers), Allocation.Drawn(weights), new(sets));
    }

    private static Design DrawGroups(DesignSpace space, GroupConstraints constraints, Func<string, Random> random)
    {
        var grouping = One(space.GroupingsUnder(constraints), random("grouping"));
        var allocation = One(space.AllocationsUnder(constraints), random("allocation"));
        var options = space.TunableUnder(constraints);
        var counts = options.Select(option => space.CountAssignments(constraints, option)).ToArray();
        var all = counts.Aggregate(BigInteger.Zero, BigInteger.Add);
        if (all.IsZero) throw new ArgumentException("the constraints allow no design: the fixed strategies fit no set of tunable groups", nameof(constraints));
        var ticket = Below(all, random("tunable groups"));
        var chosen = 0;
        for (; ticket >= counts[chosen]; chosen++) ticket -= counts[chosen];
        var sets = Enumerable.Range(0, space.Groups).Select(group => constraints.FixedTo(group)
            ?? (options[chosen].Contains(group) ? One(space.StrategySets, random(FormattableString.Invariant($"group {group + 1}"))) : StrategySet.Empty));
        return new(grouping, allocation, new([.. sets]));
    }

    private static T One<T>(IReadOnlyList<T> options, Random random) => options[random.Next(options.Count)];

    // uniform from 0 to below the limit, by rejection
    private static BigInteger Below(BigInteger limit, Random random)
    {
        if (limit <= long.MaxValue) return random.NextInt64((long)limit);
        var bits = (limit - 1).GetBitLength();
        var bytes = new byte[bits / 8 + 1];
        while (true)
        {
            random.NextBytes(bytes);
            bytes[^1] &= (byte)((1 << (int)(bits % 8)) - 1);
            var drawn = new BigInteger(bytes, isUnsigned: true);
            if (drawn < limit) return drawn;
        }
    }
}
