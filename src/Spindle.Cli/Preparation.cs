namespace Spindle.Cli;

/// <summary>What a command does before it trains: reading a backbone and rows. It cannot be stopped in between, so a command that is interrupted leaves it and ends.</summary>
internal static class Preparation
{
    /// <summary>Runs it.</summary>
    /// <exception cref="OperationCanceledException">The command was interrupted.</exception>
    public static T Run<T>(Func<T> prepare, CancellationToken stop) => Task.Run(prepare, CancellationToken.None).WaitAsync(stop).GetAwaiter().GetResult();
}
