using System.Globalization;
using Spectre.Console;
using Spindle.Cli;

// a file or a pipe has no width at which text must wrap
if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

return await ExitCodes.Run(SpindleCommand.Create().Parse(args));
