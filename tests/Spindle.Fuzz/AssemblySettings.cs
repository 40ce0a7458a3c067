using System.Runtime.CompilerServices;
using TorchSharp;

namespace Spindle.Fuzz;

/// <summary>What holds for all tests of this assembly.</summary>
internal static class AssemblySettings
{
    // test assemblies run beside one another: a parallel region on busy cores takes a thousand times as long as the work in it
    [ModuleInitializer]
    internal static void UseOneThread() => torch.set_num_threads(1);
}
