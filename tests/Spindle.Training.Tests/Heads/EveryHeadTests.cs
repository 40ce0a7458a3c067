using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Models.Tuning;
using Spindle.Tests.Checkpoints;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Heads;

/// <summary>What holds for every kind of head.</summary>
public sealed class EveryHeadTests : IDisposable
{
    private const int RowSeed = 3;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-heads-");

    public static TheoryData<HeadKind> Heads => [.. Enum.GetValues<HeadKind>()];

    public static TheoryData<HeadKind, HeadStart> Starts =>
    [
        .. from head in Enum.GetValues<HeadKind>()
           from start in Enum.GetValues<HeadStart>()
           where start != HeadStart.Probe || head != HeadKind.LanguageModel // it has no weights to start
           select (head, start),
    ];

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Starts))]
    public void A_trained_model_scores_the_same_again_and_after_it_is_read_back(HeadKind head, HeadStart start)
    {
        using var checkpoint = CheckpointOf(head);
        using var tuner = Tuner(head, checkpoint);
        FineTuningRequest request = new(tuner.Size(Design.Uniform(new("lora"), tuner.Shape.Layers.Count), Budget.Parse("2%")), TaskOf(head), 11) { Epochs = 1, HeadStart = start, Output = folder.FullName };
        AssertKept(head, tuner, request);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_head_alone_is_trained_scored_and_read_back_too(HeadKind head)
    {
        using var checkpoint = CheckpointOf(head);
        using var tuner = Tuner(head, checkpoint);
        var untrained = FineTuningRequest.Untrained(TaskOf(head), 11) with { Output = folder.FullName };
        AssertKept(head, tuner, untrained);
        if (head == HeadKind.LanguageModel) return; // it has nothing to train
        AssertKept(head, tuner, untrained with { Epochs = 1 });
        TunedExport.Write(folder.FullName, ExportFormat.Spindle, Path.Combine(folder.FullName, "again"), StrategyRegistry.Default, null);
        Assert.Empty(TunedFolder.Read(Path.Combine(folder.FullName, "again")).Layers!);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Nothing_is_left_of_it_in_memory(HeadKind head)
    {
        using var checkpoint = CheckpointOf(head);
        using var tuner = Tuner(head, checkpoint);
        tuner.Train(FineTuningRequest.Untrained(TaskOf(head), 1));
        var before = Tensor.TotalCount;
        tuner.Train(FineTuningRequest.Untrained(TaskOf(head), 2));
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void AssertKept(HeadKind head, FineTuner tuner, FineTuningRequest request)
    {
        var first = tuner.Train(request);
        Assert.Null(first.Failure);
        Assert.Equal(((TuningPlan.Sized)request.Plan).Parameters, first.Trained);
        manual_seed(99);
        var again = tuner.Train(request);
        Assert.Equal((first.Score, first.HeadParameters), (again.Score, again.HeadParameters));
        Assert.Equal(first.Metrics, again.Metrics);

        using var predictor = TunedPredictor.Load(request.Output!, StrategyRegistry.Default);
        Assert.Equal(head, predictor.Record.Head);
        var data = TaskCatalogue.Default.Load(request.Task, null);
        var limited = data with
        {
            Validation = [.. data.Validation.Select(split => split with { Examples = RowSample.Draw(split.Examples, SmallTuner.ValidationRows, RowSeed) })],
        };
        Assert.Equal(first.Score!.Value, predictor.Evaluate(limited, TestContext.Current.CancellationToken).Score);
    }

    private static string TaskOf(HeadKind head) => head switch
    {
        HeadKind.LanguageModel => "builtin/sentiment",
        HeadKind.PairClassifier => "builtin/entailment",
        _ => SmallTuner.Builtin,
    };

    private static TinyCheckpoint? CheckpointOf(HeadKind head) => head is HeadKind.LanguageModel ? new("t5-tiny") : null;

    private static FineTuner Tuner(HeadKind head, TinyCheckpoint? checkpoint)
    {
        var training = SmallTuner.Training with { Head = head };
        return checkpoint is null ? SmallTuner.Tuner(training, seed: RowSeed) : SmallTuner.Tuner(training, seed: RowSeed, backbone: checkpoint.Folder);
    }
}
