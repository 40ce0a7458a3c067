using Spindle.Search.Results;

namespace Spindle.Cli.Commands;

/// <summary>What a search could not do although it ended.</summary>
internal static class Incomplete
{
    /// <summary>Writes it to standard error, a line each.</summary>
    /// <param name="result">The result of the search.</param>
    /// <param name="tunedFolder">The folder of its models.</param>
    /// <returns>The exit code: <see cref="ExitCodes.Failed"/> where something is missing.</returns>
    public static int Report(StudyResult result, string tunedFolder)
    {
        if (result.NotRun > 0)
            Console.Error.WriteLine($"spindle: {(result.NotRun == 1 ? "1 trial could not be run and is" : $"{result.NotRun} trials could not be run and are")} left out of every mean; run the same command again to retry");
        if (result.MissingWeights.Count > 0)
            Console.Error.WriteLine($"spindle: the tuned weights of {string.Join(", ", result.MissingWeights)} could not be written to {tunedFolder}; every score is kept; make room, and run the same command again to write them");
        return result.NotRun > 0 || result.MissingWeights.Count > 0 ? ExitCodes.Failed : ExitCodes.Done;
    }
}
