using System.Globalization;
using Spindle.Cli;
using Spindle.Cli.Terminal;
using Spindle.Models.Numerics;

SafeOutput.Install();
// before libtorch is loaded
IdleThreads.Sleep();
KernelCache.Limit();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

return await ExitCodes.Run(SpindleCommand.Create().Parse(args));
