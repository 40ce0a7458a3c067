using System.CommandLine;
using System.Globalization;
using Spindle.Cli;
using Spindle.Cli.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var root = new RootCommand(
    "Spindle searches how to fine-tune a pretrained language model under a hard budget of trainable parameters.\n\n"
    + "Example:\n  spindle search studies/quickstart.yaml\n  spindle report studies/quickstart.db --format markdown")
{
    SearchCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    PredictCommand.Create(),
    DesignCommand.Create(),
    ReportCommand.Create(),
    DoctorCommand.Create(),
    WorkerCommand.Create(),
};
return await ExitCodes.Run(root.Parse(args));
