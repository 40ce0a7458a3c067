using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Training.FineTuning;

namespace Spindle.Trials;

/// <summary>Runs trials on the rows that the search began with, and none where a task's files were edited since.</summary>
/// <param name="runner">Runs the trials.</param>
/// <param name="tuner">Reads the rows.</param>
/// <param name="begun">The store's study.</param>
/// <param name="store">The store's name, for messages.</param>
internal sealed class UnchangedRows(ITrialRunner runner, FineTuner tuner, StudyRecord begun, string store) : ITrialRunner
{
    private readonly HashSet<string> unchanged = [];

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The rows of the trial's task were edited; the message names the first.</exception>
    public TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop)
    {
        // a process reads each task once
        if (!unchanged.Contains(request.Key.Task))
        {
            StoredStudy.RequireSameTask(store, begun, TaskFacts.Of(tuner, request.Key.Task));
            unchanged.Add(request.Key.Task);
        }

        return runner.Run(request, progress, stop);
    }
}
