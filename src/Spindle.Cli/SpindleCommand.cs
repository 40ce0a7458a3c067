using System.CommandLine;
using Spindle.Cli.Commands;
using Spindle.Cli.Commands.Backbones;
using Spindle.Cli.Commands.Data;
using Spindle.Cli.Commands.Predict;
using Spindle.Cli.Commands.Tasks;
using Spindle.Cli.Commands.Tune;

namespace Spindle.Cli;

/// <summary>The command <c>spindle</c> with all its commands.</summary>
internal static class SpindleCommand
{
    public static RootCommand Create() => new(
        "Spindle searches for the best way to fine-tune a pretrained language model under a hard budget of trained parameters.\n\n"
        + "Examples:\n  spindle search studies/quickstart.yaml\n  spindle report studies/quickstart.db --format markdown")
    {
        SearchCommand.Create(),
        TuneCommand.Create(),
        TransferCommand.Create(),
        TrainCommand.Create(),
        EvaluateCommand.Create(),
        CompareCommand.Create(),
        PredictCommand.Create(),
        ExportCommand.Create(),
        ImportCommand.Create(),
        DesignCommand.Create(),
        BackbonesCommand.Create(),
        DataCommand.Create(),
        TasksCommand.Create(),
        WorkerCommand.Create(),
        StoreCommand.Create(),
        ReportCommand.Create(),
        DashboardCommand.Create(),
        DoctorCommand.Create(),
        CompletionCommand.Create(),
    };
}
