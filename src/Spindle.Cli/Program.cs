using System.CommandLine;
using System.Globalization;
using Spindle.Cli;
using Spindle.Cli.Commands;
using Spindle.Cli.Commands.Backbones;
using Spindle.Cli.Commands.Data;
using Spindle.Cli.Commands.Predict;
using Spindle.Cli.Commands.Tasks;
using Spindle.Cli.Terminal;
using Spindle.Models.Numerics;

SafeOutput.Install();
// before libtorch is loaded
IdleThreads.Sleep();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var root = new RootCommand(
    "Spindle searches for the best way to fine-tune a pretrained language model under a hard budget of trained parameters.\n\n"
    + "Example:\n  spindle search studies/quickstart.yaml\n  spindle report studies/quickstart.db --format markdown")
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
    ReportCommand.Create(),
    DoctorCommand.Create(),
    WorkerCommand.Create(),
};
return await ExitCodes.Run(root.Parse(args));
