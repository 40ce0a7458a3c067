namespace Spindle.Metrics.Paired;

/// <summary>The multi-bootstrap (Sellam et al., ICLR 2022, The MultiBERTs, section 4): seeds and rows are sampled together, so that the interval covers both the uncertainty of training
/// and that of the rows. Both sides get the same rows in a draw. Seeds are sampled for each task, because seeds are independent between tasks.
/// Of n seeds, n − 1 are drawn (McCarthy and Snowden 1985). Drawing n would make the variance of a mean over seeds too small by the factor (n − 1)/n, a third for three seeds.
/// A single seed cannot be sampled: the interval then covers only the rows.</summary>
public sealed class MultiBootstrap
{
    private const int UsualDraws = 1000;

    private readonly IReadOnlyList<IReadOnlyList<SeededSplit>> tasks;
    private readonly bool paired;

    private MultiBootstrap(IReadOnlyList<IReadOnlyList<SeededSplit>> tasks, bool paired)
    {
        if (tasks.Count == 0 || tasks.Any(splits => splits.Count == 0)) throw new ArgumentException("a bootstrap needs a task, and a split of each task", nameof(tasks));
        foreach (var splits in tasks)
        {
            foreach (var split in splits) split.Check();
            if (splits.Any(split => split.First.Count != splits[0].First.Count || split.Second.Count != splits[0].Second.Count))
                throw new ArgumentException("the splits of a task need the same seeds", nameof(tasks));
            if (paired && splits[0].First.Count != splits[0].Second.Count) throw new ArgumentException("paired sides need the same seeds", nameof(tasks));
        }
        (this.tasks, this.paired) = (tasks, paired);
    }

    /// <summary>The weighted sum of the differences of all splits: the first side minus the second.</summary>
    public double Difference => tasks.Sum(splits => splits.Sum(split => split.Difference(Ones(split.First.Count), Ones(split.Second.Count), Ones(split.Rows))));

    /// <summary>Sides that were trained with the same seeds: a draw takes the same seeds of both.</summary>
    /// <param name="tasks">The splits of each task. A task's splits have the same seeds in the same order.</param>
    /// <exception cref="ArgumentException">There is no task, split, seed or metric, or counts differ.</exception>
    public static MultiBootstrap Paired(IReadOnlyList<IReadOnlyList<SeededSplit>> tasks) => new(tasks, true);

    /// <summary>Sides whose seeds have nothing in common: a draw takes the seeds of each side independently.</summary>
    /// <param name="tasks">The splits of each task. A task's splits have the same seeds in the same order.</param>
    /// <exception cref="ArgumentException">There is no task, split, seed or metric, or counts differ.</exception>
    public static MultiBootstrap Unpaired(IReadOnlyList<IReadOnlyList<SeededSplit>> tasks) => new(tasks, false);

    /// <summary>Draws seeds and rows.</summary>
    /// <param name="draws">The number of draws, at least 1.</param>
    /// <param name="confidence">The confidence of the interval, between 0 and 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="stop">Stops at the next draw.</param>
    /// <exception cref="OperationCanceledException">The test was stopped.</exception>
    public RowEffect Run(int draws = UsualDraws, double confidence = 0.95, int seed = 0, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "must be between 0 and 1");
        var random = new Random(seed);
        var differences = new double[draws];
        for (var draw = 0; draw < draws; draw++)
            foreach (var splits in tasks)
            {
                stop.ThrowIfCancellationRequested();
                var first = Sample(random, splits[0].First.Count, Fewer(splits[0].First.Count));
                var second = paired ? first : Sample(random, splits[0].Second.Count, Fewer(splits[0].Second.Count));
                foreach (var split in splits) differences[draw] += split.Difference(first, second, Sample(random, split.Rows, split.Rows));
            }
        return RowEffect.Of(Difference, differences, confidence);
    }

    private static int Fewer(int seeds) => Math.Max(1, seeds - 1);

    private static int[] Ones(int count) => [.. Enumerable.Repeat(1, count)];

    // how many times each of some things is drawn, with replacement
    private static int[] Sample(Random random, int count, int draws)
    {
        var times = new int[count];
        for (var draw = 0; draw < draws; draw++) times[random.Next(count)]++;
        return times;
    }
}
