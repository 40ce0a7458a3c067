using Spindle.Training.Settings;

namespace Spindle.Benchmarks.Quality;

/// <summary>The tables of measurements.</summary>
internal static class Table
{
    private static readonly string[] Sides = ["lora", "lora-all", "bitfit", "adapter", "parallel", "prefix", "ia3", "layer-norm", "scale-shift", "dora", "vera", "prompt", "compacter", "unipelt", "mam"];

    private static readonly HeadStart[] Starts = [HeadStart.Random, HeadStart.Probe];

    /// <summary>The tables by name.</summary>
    public static IReadOnlyDictionary<string, IEnumerable<Measurement>> All { get; } = new Dictionary<string, IEnumerable<Measurement>>
    {
        ["heads"] = [.. Heads, .. FewRows],
        ["rates"] = Rates,
        ["averages"] = Averages,
        ["contest"] = Contests,
        ["glue"] = Comparisons,
        ["quickstart"] = Quickstarts,
    };

    /// <summary>What a head's start is worth: <c>docs/reference/heads.md</c>.</summary>
    private static IEnumerable<Measurement> Heads =>
    [
        .. from start in Starts from seed in (int[])[1, 2, 3] select new OneTraining("stsb", seed, "none", 0, 0, start),
        .. from task in (string[])["sst2", "mrpc", "qnli"] from seed in (int[])[1, 2, 3] select new OneTraining(task, seed, "none", 0, 0, HeadStart.Probe),
        .. from rate in (double[])[5e-4, 1e-3, 2e-3] from seed in (int[])[1, 2, 3] select new OneTraining("stsb", seed, "lora-all", rate, 3, HeadStart.Random),
        .. from task in (string[])["sst2", "mrpc", "qnli"]
           from rate in (double[])[5e-4, 1e-3]
           from start in Starts
           from seed in (int[])[1, 2]
           select new OneTraining(task, seed, "lora-all", rate, 3, start),
        .. from task in (string[])["mrpc", "qnli"] from seed in (int[])[1, 2, 3] select new OneTraining(task, seed, "none", 0, 0, HeadStart.Probe) { Head = HeadKind.PairClassifier },
        .. from task in (string[])["mrpc", "qnli"]
           from rate in (double[])[5e-4, 1e-3]
           from seed in (int[])[1, 2]
           select new OneTraining(task, seed, "lora-all", rate, 3, HeadStart.Probe) { Head = HeadKind.PairClassifier },
    ];

    /// <summary>What a pair classifier's cosine is worth where training rows are few: the probe alone, <c>docs/reference/heads.md</c>.</summary>
    private static IEnumerable<Measurement> FewRows =>
        from task in (string[])["mrpc", "qnli", "rte"]
        from rows in task == "rte" ? (int?[])[50, 100, 200, 400, null] : [50, 100, 200, 400]
        from seed in (int[])[1, 2]
        from head in (HeadKind[])[HeadKind.SentenceEncoder, HeadKind.PairClassifier]
        select new OneTraining(task, seed, "none", 0, 0, HeadStart.Probe) { Head = head, TrainingRows = rows };

    /// <summary>Which learning rate suits a strategy: the default rates of <c>docs/reference/strategies.md</c>.</summary>
    private static IEnumerable<Measurement> Rates =>
    [
        .. from task in (string[])["sst2", "stsb"]
           from side in Sides.Append("full")
           from rate in side switch
           {
               "full" => (double[])[3e-5, 1e-4, 3e-4],
               "prefix" or "ia3" or "vera" or "prompt" => [1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2, 6.4e-2],
               _ => [5e-4, 1e-3, 2e-3, 4e-3, 8e-3],
           }
           select Rate(task, 1, side, rate),
        // which further tasks leave chance
        .. from task in (string[])["cola", "rte"] from side in (string[])["none", "lora-all"] select Rate(task, 1, side, side == "none" ? 0 : 1e-3),
        // draws of rows differ more than strategies
        .. from seed in (int[])[2, 3]
           from side in (string[])["lora", "lora-all", "dora", "adapter", "bitfit", "unipelt"]
           from rate in (double[])[1e-3, 2e-3, 4e-3]
           select Rate("sst2", seed, side, rate),
    ];

    private static OneTraining Rate(string task, int seed, string side, double rate) =>
        new(task, seed, side, rate, 3, task == "stsb" ? HeadStart.Random : HeadStart.Probe) { HeadRate = 1e-3 };

    /// <summary>What averaging the trained values of several runs is worth.</summary>
    private static IEnumerable<Measurement> Averages =>
        from seed in (int[])[1, 2, 3]
        from task in (string[])["sst2", "stsb", "mrpc"]
        from side in (string[])["lora-all"]
        from rate in (double[])[1e-3, 2e-3]
        select new OneTraining(task, seed, side, rate, 3, HeadStart.Probe) { AveragedRuns = 4 };

    /// <summary>Ten minutes of one core.</summary>
    private static IEnumerable<Measurement> Contests =>
        from seed in (int[])[1, 2, 3] from task in (string[])["sst2", "stsb", "mrpc", "qnli"] select new Contest(task, seed, 10);

    /// <summary>Every side at its best rate, with the same number of trainings: <c>docs/results/glue.md</c>.</summary>
    private static IEnumerable<Measurement> Comparisons =>
        from seed in (int[])[1, 2, 3] from task in (string[])["sst2", "stsb", "mrpc", "qnli"] select new Contest(task, seed, null);

    /// <summary>The search of <c>studies/quickstart.yaml</c> under ten seeds: <c>docs/results/quickstart.md</c>.</summary>
    private static IEnumerable<Measurement> Quickstarts => from seed in Enumerable.Range(1, 10) select new StudyRun("quickstart", seed);
}
