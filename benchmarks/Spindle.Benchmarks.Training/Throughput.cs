using System.Diagnostics;
using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using static TorchSharp.torch;

namespace Spindle.Benchmarks.Training;

/// <summary>Examples a second of one way of tuning, beside the machine's own rate of matrix products.</summary>
/// <param name="Way">The strategy, or <c>full</c>.</param>
/// <param name="Type">The type of the frozen matrices.</param>
/// <param name="Batch">Rows a step.</param>
/// <param name="Length">Tokens a row.</param>
/// <param name="Trained">Examples trained on a second.</param>
/// <param name="Scored">Examples scored a second.</param>
/// <param name="Product">The rate of a large matrix product, in operations a second.</param>
/// <param name="Share">The useful work of training (forward, and backward to the inputs) over that rate.</param>
internal sealed record Throughput(string Way, ScalarType Type, int Batch, int Length, double Trained, double Scored, double Product, double Share)
{
    private const int Steps = 12;

    /// <summary>Measures it.</summary>
    public static Throughput Measure(string way, ScalarType type, int batch, int length)
    {
        using var backbone = BackboneCatalogue.Load(BackboneFolder.Locate("minilm-l6"), new() { FrozenType = type });
        using var model = Attach(backbone, way);
        var task = Rows(batch * Steps, length);
        var objective = new LabelObjective(LabelLogits.Of(task.Task), paddingId: 0);
        var trainer = new Trainer(new TrainingSettings { BatchSize = batch, GradientClipping = 1 }, objective, paddingId: 0);
        trainer.Train(model, Rows(batch * 2, length), new(1, 1e-5, 1), null, default);

        var before = ProductRate(type);
        var clock = Stopwatch.StartNew();
        trainer.Train(model, task, new(1, 1e-5, 1), null, default);
        var trained = batch * Steps / clock.Elapsed.TotalSeconds;
        clock.Restart();
        objective.Logits(model, task.Train, default);
        var scored = batch * Steps / clock.Elapsed.TotalSeconds;
        var product = (before + ProductRate(type)) / 2;
        return new(way, type, batch, length, trained, scored, product, trained * 2 * Forward(backbone, length) / product);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Way,-8} {(Type == ScalarType.BFloat16 ? "bfloat16" : "float32"),-9} {Batch,5} {Length,6} {Trained,10:F1} {Scored,9:F1} {Product / 1e9,16:F0} {Share,6:P0}";

    /// <summary>Attaches a way of tuning.</summary>
    public static TunedModel Attach(IBackbone backbone, string way, bool pairs = false)
    {
        if (way == "full") return TunedModel.Create(backbone, new TuningPlan.Full(), StrategyRegistry.Default, Head, 1);
        var design = Design.Uniform(new(way), backbone.Layers.Count);
        var solution = BudgetSolver.Solve(design, backbone.Shape.Parameters / 200, backbone.Shape, StrategyRegistry.Default.Costs).Require();
        return TunedModel.Create(backbone, solution, StrategyRegistry.Default, Head, 1);

        ISequenceHead Head(InitialValues random) => backbone is ISequenceToSequence ? backbone.MakeJointHead(2, random) : new SentenceEncoderHead(backbone.HiddenSize, 2, pairs, random);
    }

    /// <summary>Random rows of one length.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="length">The tokens of a row.</param>
    /// <param name="end">The last token of each, or null.</param>
    public static EncodedTask Rows(int count, int length, int? end = null)
    {
        var random = new Random(1);
        EncodedExample[] rows =
        [
            .. Enumerable.Range(0, count).Select(row => new EncodedExample(
                new Encoding([.. Enumerable.Range(0, length).Select(token => token == length - 1 && end is { } last ? last : random.Next(1000, 30000))], new int[length]), null, row % 2)),
        ];
        return new(new("random", TaskKind.Classification, ["no", "yes"], false, ["accuracy"], null), rows, [("validation", [rows[0], rows[1]])]);
    }

    // a product of [tokens, in] and [in, out] is 2 x tokens x in x out operations; attention makes two of length x length x hidden
    private static double Forward(IBackbone backbone, int length) =>
        backbone.Shape.Layers.SelectMany(layer => layer.Blocks).Sum(block =>
            block.Linears.Sum(linear => 2.0 * length * linear.InputSize * linear.OutputSize) + block.Attentions.Sum(attention => 4.0 * length * length * attention.InnerSize));

    private static double ProductRate(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (left, right) = (ones(4096, 768).to(type), ones(768, 3072).to(type));
        left.matmul(right).Dispose();
        var clock = Stopwatch.StartNew();
        var products = 0;
        for (; clock.ElapsedMilliseconds < 300; products++) left.matmul(right).Dispose();
        return products * 2.0 * 4096 * 768 * 3072 / clock.Elapsed.TotalSeconds;
    }
}
